// The engine and its steps: bounds, rows, transfers, hang-up, groups, languages.
#include "dialog/engine_call.hpp"

#include <catch2/catch.hpp>

using namespace pbx::dialog;
using namespace pbx::dialog::testing;
using namespace std::chrono_literals;

TEST_CASE("engine: the turns of a call are bound, whatever is said") {
    const std::string text =
        "[dialog]\nlanguage = en\nstart = a\nfail = b\nturns = 3\n[a]\nsay = One?\nkey = 1 => "
        "a\nelse = W.\nsilence = S?\n[b]\nsay = Two?\nkey = 1 => b\nelse = W.\nsilence = S?\n";
    Call call(text);
    call.on(Started{});
    call.on(Key{'1'});
    call.on(Key{'1'});
    CHECK(call.on(Key{'1'}) == Actions{"stop speaking", "enter a", "< One?", "= turns ran out", "enter b",
                                       "< Two?", "= turns ran out"});
    CHECK(call.engine.waiting() == Waiting::spoken);
    CHECK(call.on(Spoken{}) == Actions{"= hangup"});
    CHECK(call.engine.outcome() == Engine::Outcome::failed);
}

TEST_CASE("engine: steps that go in a circle by themselves end the call") {
    Call call(head + "[a]\n=> b\n[b]\n=> a\n" + out);
    const auto actions = call.on(Started{});
    CHECK(actions.back() == "= hangup");
    CHECK(call.engine.ended());
    CHECK(call.engine.outcome() == Engine::Outcome::failed);
}

TEST_CASE("engine: a row is saved before the next word is spoken") {
    const std::string text =
        head + "[a]\nset = who: Bob\nsay = One.\nsave = orders: caller, who\nsay = Accepted.\nhangup\n" + out;
    Variables initial;
    initial.set("caller", "105");
    Call call(text, initial);
    CHECK(call.on(Started{}) == Actions{"enter a", "< One.", "= saved orders caller=105 who=Bob"});
    CHECK(call.on(Spoken{}).empty());
    SECTION("saved") {
        CHECK(call.on(Saved{true}) == Actions{"< Accepted."});
    }
    SECTION("not saved: never called accepted") {
        CHECK(call.on(Saved{false}) ==
              Actions{"= what the caller said could not be kept", "enter out", "< Out."});
    }
}

TEST_CASE("engine: a transfer comes back by its arrows") {
    const std::string text =
        head +
        "[a]\ntransfer = 100\ncontext = caller\nbusy => busy\nnoanswer => away\n[busy]\nsay "
        "= Busy.\nhangup\n[away]\nsay = Away.\nhangup\n" +
        out;
    Variables initial;
    initial.set("caller", "7");
    Call call(text, initial);
    CHECK(call.on(Started{}) == Actions{"enter a", "= transfer 100 context caller=7"});
    SECTION("busy") {
        CHECK(call.on(Dialled{DialOutcome::busy})[1] == "< Busy.");
    }
    SECTION("noanswer") {
        CHECK(call.on(Dialled{DialOutcome::noanswer})[1] == "< Away.");
    }
    SECTION("failed is like noanswer") {
        CHECK(call.on(Dialled{DialOutcome::failed})[1] == "< Away.");
    }
}

TEST_CASE("engine: a transfer to nobody is not dialled") {
    Call call(head + "[a]\ntransfer = ${nobody}\nbusy => out\nnoanswer => out\n" + out);
    CHECK(call.on(Started{}) == Actions{"enter a", "= the transfer has no target", "enter out", "< Out."});
}

TEST_CASE("engine: when the caller hangs up, save and notify are done and nothing is said") {
    const std::string text =
        "[dialog]\nlanguage = en\nstart = a\nhangup = lost\n[a]\nsay = Well?\nhear = go => b\nelse = "
        "W.\nsilence = S?\n[b]\nsave = t: caller\nsay = Thanks.\nhangup\n[lost]\nsave = lost: step, "
        "heard\nnotify = tg: ops, Lost at ${step}\nsave = more: step\n";
    Call call(text);
    call.on(Started{});
    call.on(Spoken{});
    SECTION("in a question") {
        CHECK(call.on(HungUp{}) == Actions{"= saved lost step=a heard=\"\""});
        CHECK(call.on(sure("go")).empty());
        CHECK(call.on(Saved{true}) == Actions{"= notified tg ops Lost at a", "= saved more step=a"});
        CHECK_FALSE(call.engine.ended());
        CHECK(call.on(Saved{true}).empty());
        CHECK(call.engine.ended());
        CHECK(call.engine.outcome() == Engine::Outcome::hungup);
    }
    SECTION("while a row is being saved: that one first") {
        CHECK(call.on(sure("go")) == Actions{"enter b", "= saved t caller=\"\""});
        CHECK(call.on(HungUp{}).empty());
        CHECK(call.on(Saved{true}) == Actions{"= saved lost step=b heard=go"});
    }
    SECTION("in the good-bye: the dialog was done") {
        call.on(sure("go"));
        call.on(Saved{true});
        CHECK(call.on(HungUp{}).empty());
        CHECK(call.engine.outcome() == Engine::Outcome::finished);
    }
}

TEST_CASE("engine: a group is asked and comes back to the next line or step") {
    const std::string group =
        "[street]\nsay = Street?\nkey = 1 => house\nelse = W.\nsilence = S?\n[house]\nsay = "
        "House?\nkey = {no:1} => back\nelse = W.\nsilence = S?\n";
    SECTION("to the next line") {
        Call call(head + "[a]\nask = street\nsay = Number ${no}.\nhangup\n" + group);
        CHECK(call.on(Started{}) == Actions{"enter a", "enter street", "< Street?", "listen words keys 1"});
        call.on(Spoken{});
        call.on(Key{'1'});
        CHECK(call.on(Key{'5'}) == Actions{"stop speaking", "enter a", "< Number 5."});
    }
    SECTION("to the next step") {
        Call call(head + "[a]\nask = street => out\n" + group + out);
        call.on(Started{});
        call.on(Key{'1'});
        CHECK(call.on(Key{'5'}) == Actions{"stop speaking", "enter a", "enter out", "< Out."});
    }
}

TEST_CASE("engine: => back without a group, groups without end and unknown steps fail, and never hang") {
    Call back(head + "[a]\n=> back\n" + out);
    CHECK(back.on(Started{}) == Actions{"enter a", "= no step \"back\"", "enter out", "< Out."});
    Call unknown(head + "[a]\n=> nowhere\n" + out);
    CHECK(unknown.on(Started{}) == Actions{"enter a", "= no step \"nowhere\"", "enter out", "< Out."});
    Call circle(head + "[a]\nask = a\nhangup\n" + out);
    CHECK(circle.on(Started{}).back() == "< Out.");
}

TEST_CASE("engine: what is recorded is a variable") {
    Call call(head +
              "[a]\nsay = Speak.\nrecord = message, max 9s, silence 1s\nsay = Got ${message}.\nhangup\n" +
              out);
    CHECK(call.on(Started{}) == Actions{"enter a", "< Speak."});
    CHECK(call.on(Spoken{}) == Actions{"= recording message"});
    CHECK(call.on(Recorded{"m.wav"}) == Actions{"< Got m.wav."});
}

TEST_CASE("engine: the language can change in a call, and prompts and words follow") {
    const std::string text = head +
                             "[a]\nsay = Well?\nsay.ru = Ну?\nhear = yes => out\nhear.ru = да => b\nkey = 1 "
                             "=> b\nelse = W.\nelse.ru = Н.\nsilence = "
                             "S?\nsilence.ru = Т?\n[b]\nset = language: ru\n=> a\n" +
                             out;
    Call call(text);
    CHECK(call.on(Started{})[1] == "< Well?");
    call.on(Spoken{});
    CHECK(call.on(Key{'1'}) == Actions{"enter b", "enter a", "< Ну?", "listen words keys 1"});
    call.on(Spoken{});
    CHECK(call.on(sure("yes")).front() == "< Н.");
    Variables russian;
    russian.set("language", "ru");
    Call other(text, russian);
    CHECK(other.on(Started{})[1] == "< Ну?");
}

TEST_CASE("engine: built-in variables") {
    Variables initial;
    initial.set("caller", "105");
    Call call(head +
                  "[a]\nsay = ${caller} ${dialog} ${step} ${language} ${date} ${time} ${hour} "
                  "${weekday}.\nhangup\n" +
                  out,
              initial);
    CHECK(call.on(Started{})[1] == "< 105 test a en 2026-01-05 12:00 12 1.");
}

TEST_CASE("engine: events that nobody waits for change nothing") {
    Call call(question);
    for (const Event& event :
         {Event{Spoken{}}, Event{sure("red")}, Event{Key{'1'}}, Event{KeysEnd{}}, Event{Silence{}},
          Event{Recorded{"x"}}, Event{Dialled{DialOutcome::busy}}, Event{Saved{true}}})
        CHECK(call.on(event).empty());
    CHECK(call.engine.waiting() == Waiting::nothing);
    call.on(Started{});
    for (const Event& event : {Event{Started{}}, Event{Recorded{"x"}}, Event{Dialled{DialOutcome::busy}},
                               Event{Saved{true}}, Event{KeysEnd{}}})
        CHECK(call.on(event).empty());
}

TEST_CASE("engine: a play line carries the text to be spoken when the file is missing") {
    const auto loaded = read(head + "[a]\nplay = x/hello\nsay = Hello.\nplay = x/bye\nhangup\n" + out, "t");
    Engine engine(loaded.dialog, {}, noon);
    const auto actions = engine.on(Started{});
    REQUIRE(actions.size() == 3);
    CHECK(std::get<Say>(actions[1]).file == "x/hello");
    CHECK(std::get<Say>(actions[1]).text == "Hello.");
    CHECK(std::get<Say>(actions[2]).text.empty());
}

TEST_CASE("engine: Listen carries what the question says of its ear") {
    auto text = question;
    text.insert(text.find("else = First"), "listen = 9s\npause = 300ms\n");
    const auto loaded = read(text, "t");
    Engine engine(loaded.dialog, {}, noon);
    const auto actions = engine.on(Started{});
    const auto& listen = std::get<Listen>(actions.back());
    CHECK(listen.listen == 9s);
    CHECK(listen.pause == 300ms);
    CHECK(listen.grammar.language == "en");
    CHECK(listen.grammar.jsgf.find("blue") != std::string::npos);
    CHECK(listen.grammar.jsgf.find("operator") != std::string::npos);
}
