// The engine and the caller: answers, keys, misses, interrupts.
#include "dialog/engine_call.hpp"

#include <catch2/catch.hpp>

using namespace pbx::dialog;
using namespace pbx::dialog::testing;

TEST_CASE("engine: a question listens together with its prompt, so that it can be interrupted") {
    Call call(question);
    CHECK(call.on(Started{}) == Actions{"enter a", "< Red or blue?", "listen words keys 12"});
    CHECK(call.engine.waiting() == Waiting::caller);
    CHECK(call.on(Spoken{}).empty());
    CHECK(call.on(sure("well red")) == Actions{"enter red", "< Red.", "listen for interrupts"});
    CHECK(call.engine.waiting() == Waiting::spoken);
    CHECK(call.on(Spoken{}) == Actions{"= transfer 1"});
    CHECK(call.on(Dialled{DialOutcome::answered}).empty());
    CHECK(call.engine.ended());
    CHECK(call.engine.outcome() == Engine::Outcome::transferred);
}

TEST_CASE("engine: an answer over the prompt stops it, a noise does not") {
    Call call(question);
    call.on(Started{});
    CHECK(call.on(noise).empty());
    CHECK(call.on(sure("green")).empty());
    CHECK(call.on(sure("red")) == Actions{"stop speaking", "enter red", "< Red.", "listen for interrupts"});
}

TEST_CASE("engine: misses are counted together, their texts apart") {
    Call call(question);
    call.on(Started{});
    call.on(Spoken{});
    CHECK(call.on(noise) == Actions{"< First.", "listen words keys 12"});
    call.on(Spoken{});
    CHECK(call.on(Silence{}) == Actions{"< Hello?", "listen words keys 12"});
    call.on(Spoken{});
    CHECK(call.on(noise) == Actions{"= tries ran out: not understood", "enter out", "< Out."});
    CHECK(call.on(Spoken{}) == Actions{"= hangup"});
    CHECK(call.engine.outcome() == Engine::Outcome::finished);
}

TEST_CASE("engine: the last else is said again and again, counted apart from silence") {
    auto text = question;
    text.insert(text.find("fail"), "tries = 5\n");
    Call call(text);
    call.on(Started{});
    for (const auto* said : {"< First.", "< Second.", "< Second."}) {
        call.on(Spoken{});
        CHECK(call.on(sure("green")).front() == said);
    }
    call.on(Spoken{});
    CHECK(call.on(Silence{}).front() == "< Hello?");
}

TEST_CASE("engine: an unsure ear asks, yes takes the branch, no asks again") {
    Call call(question);
    call.on(Started{});
    call.on(Spoken{});
    CHECK(call.on(unsure("red")) == Actions{"< Did you say: red?", "listen words keys 12"});
    call.on(Spoken{});
    SECTION("yes") {
        CHECK(call.on(sure("yes please")).front() == "enter red");
        CHECK(call.engine.variables().text("heard") == "red");
    }
    SECTION("an unsure yes") {
        CHECK(call.on(unsure("yes")).front() == "enter red");
    }
    SECTION("the same word again") {
        CHECK(call.on(unsure("red")).front() == "enter red");
    }
    SECTION("no") {
        CHECK(call.on(sure("no")) == Actions{"< Red or blue?", "listen words keys 12"});
    }
    SECTION("no, and the right word") {
        CHECK(call.on(sure("no blue")).front() == "enter out");
    }
    SECTION("another word, unsure") {
        CHECK(call.on(unsure("blue")).front() == "< Did you say: blue?");
    }
    SECTION("a key") {
        CHECK(call.on(Key{'1'}).empty());
    }
    SECTION("neither: asked once more, then a try is a try") {
        CHECK(call.on(noise).front() == "< Did you say: red?");
        call.on(Spoken{});
        CHECK(call.on(Silence{}).front() == "< Did you say: red?");
        call.on(Spoken{});
        CHECK(call.on(Silence{}).front() == "= tries ran out: not understood");
    }
}

TEST_CASE("engine: confirm = no takes the unsure ear at its word") {
    auto text = question;
    text.insert(text.find("else = First"), "confirm = no\n");
    Call call(text);
    call.on(Started{});
    call.on(Spoken{});
    CHECK(call.on(unsure("red")).front() == "enter red");
}

TEST_CASE("engine: keys stop the prompt and wait for a longer answer while there may be one") {
    Call call(question);
    call.on(Started{});
    CHECK(call.on(Key{'1'}) == Actions{"stop speaking"});
    SECTION("none follows") {
        CHECK(call.on(KeysEnd{}).front() == "enter red");
    }
    SECTION("it comes") {
        CHECK(call.on(Key{'2'}).front() == "enter out");
    }
    SECTION("a wrong one comes") {
        CHECK(call.on(Key{'3'}).front() == "< First.");
    }
}

TEST_CASE("engine: digits are collected up to their number, to # or to a pause") {
    const std::string text = head +
                             "[a]\nkey = {pin:2-4} => b\nelse = Wrong.\nsilence = Well?\n[b]\nsay = "
                             "${pin}.\n=> out\n" +
                             out;
    Call call(text);
    call.on(Started{});
    CHECK(call.on(Key{'7'}).empty());
    SECTION("too few") {
        CHECK(call.on(KeysEnd{}).front() == "< Wrong.");
    }
    SECTION("enough, and a pause") {
        call.on(Key{'8'});
        CHECK(call.on(KeysEnd{})[1] == "< 78.");
    }
    SECTION("enough, and #") {
        call.on(Key{'8'});
        CHECK(call.on(Key{'#'})[1] == "< 78.");
    }
    SECTION("all") {
        call.on(Key{'8'});
        call.on(Key{'9'});
        CHECK(call.on(Key{'0'})[1] == "< 7890.");
        CHECK(call.engine.variables().text("heard") == "7890");
    }
}

TEST_CASE("engine: a key typed ahead is kept for the question") {
    const std::string text =
        head + "[a]\nsave = t: caller\nsay = One?\nkey = 1 => out\nelse = W.\nsilence = S?\n" + out;
    Call call(text);
    CHECK(call.on(Started{}) == Actions{"enter a", "= saved t caller=\"\""});
    CHECK(call.on(Key{'1'}).empty());
    CHECK(call.on(Saved{true}) == Actions{"enter out", "< Out."});
}

TEST_CASE("engine: barge = no lets nothing stop her, and keeps the key until she is done") {
    auto text = question;
    text.insert(text.find("else = First"), "barge = no\n");
    Call call(text);
    CHECK(call.on(Started{}).back() == "listen no keys 12");
    CHECK(call.on(sure("red")).empty());
    CHECK(call.on(sure("stop")).empty());
    CHECK(call.on(Key{'1'}).empty());
    CHECK(call.on(Key{'2'}).empty());
    CHECK(call.on(Spoken{}).front() == "enter out");
}

TEST_CASE("engine: a quiet step is heard to its end before the next one begins") {
    const std::string text =
        "[dialog]\nlanguage = en\nstart = a\nfail = out\nquiet = a\n[interrupt]\nstop => "
        "stop\n[a]\nsay = Opening.\n=> b\n[b]\nsay = Well?\nkey = 1 => out\nelse = W.\nsilence = S?\n" +
        out;
    Call call(text);
    CHECK(call.on(Started{}) == Actions{"enter a", "< Opening."});
    CHECK(call.on(sure("stop")).empty());
    CHECK(call.on(Spoken{}) == Actions{"enter b", "< Well?", "listen words keys 1"});
}

TEST_CASE("engine: barge = voice takes any speech as the answer") {
    auto text = question;
    text.insert(text.find("else = First"), "barge = voice\n");
    Call call(text);
    call.on(Started{});
    SECTION("not understood") {
        CHECK(call.on(noise) == Actions{"stop speaking", "< First.", "listen voice keys 12"});
    }
    SECTION("nothing followed the voice") {
        CHECK(call.on(Silence{}).front() == "< Hello?");
    }
}

TEST_CASE("engine: stop ends her speech and goes on listening") {
    Call call(question);
    call.on(Started{});
    CHECK(call.on(unsure("stop")) == Actions{"= interrupted: stop", "stop speaking"});
    CHECK(call.engine.waiting() == Waiting::caller);
    CHECK(call.on(Silence{}).front() == "< Hello?");
}

TEST_CASE("engine: stop in a step without a question goes on after her sentence") {
    Call call(question);
    call.on(Started{});
    call.on(Spoken{});
    call.on(sure("red"));
    CHECK(call.on(sure("stop")) == Actions{"= interrupted: stop", "stop speaking", "= transfer 1"});
}

TEST_CASE("engine: again says the last thing again") {
    Call call(question);
    call.on(Started{});
    call.on(Spoken{});
    CHECK(call.on(sure("repeat")) ==
          Actions{"= interrupted: repeat", "< Red or blue?", "listen words keys 12"});
    call.on(Spoken{});
    call.on(noise);
    CHECK(call.on(sure("repeat")) ==
          Actions{"= interrupted: repeat", "stop speaking", "< First.", "listen words keys 12"});
}

TEST_CASE("engine: an interrupt leaves for its step, when the ear is sure") {
    Call call(question);
    call.on(Started{});
    SECTION("sure") {
        CHECK(call.on(sure("operator")) ==
              Actions{"= interrupted: operator", "stop speaking", "enter out", "< Out."});
    }
    SECTION("unsure: asked") {
        CHECK(call.on(unsure("operator")) ==
              Actions{"stop speaking", "< Did you say: operator?", "listen words keys 12"});
        call.on(Spoken{});
        CHECK(call.on(sure("yes")).front() == "enter out");
    }
    SECTION("unsure, in a step without a question: not taken") {
        call.on(sure("red"));
        CHECK(call.on(unsure("operator")).empty());
        CHECK(call.on(sure("operator")).back() == "< Out.");
    }
}
