// The engine's contract with whoever drives it: which actions answer which event, in which order.
#include "dialog/engine.hpp"

#include "dialog/load.hpp"
#include "dialog/transcript.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace pbx::dialog;
using namespace std::chrono_literals;
using Waiting = Engine::Waiting;

namespace {
const Now noon{std::chrono::year{2026} / 1 / 5, 12, 0};

std::string short_form(const Action& action) {
    if (const auto* listen = std::get_if<Listen>(&action)) {
        constexpr const char* barges[] = {"no", "keys", "words", "voice"};
        return std::string(listen->only_interrupts ? "listen for interrupts" : "listen ") +
               (listen->only_interrupts ? "" : barges[static_cast<int>(listen->barge)]) +
               (listen->keys.empty() ? "" : " keys " + listen->keys);
    }
    if (std::holds_alternative<StopSpeaking>(action)) return "stop speaking";
    if (const auto* entered = std::get_if<Entered>(&action)) return "enter " + entered->step;
    return line_of(action);
}

struct Call {
    explicit Call(const std::string& text, Variables initial = {})
        : loaded(read(text, "test.conf")), engine(loaded.dialog, std::move(initial), noon) {
        for (const auto& fault : loaded.faults)
            UNSCOPED_INFO(fault.text());
        REQUIRE(loaded.ok());
    }
    std::vector<std::string> on(const Event& event) {
        std::vector<std::string> out;
        for (const auto& action : engine.on(event))
            out.push_back(short_form(action));
        return out;
    }
    Loaded loaded;
    Engine engine;
};

using Actions = std::vector<std::string>;
const std::string head = "[dialog]\nlanguage = en\nstart = a\nfail = out\n";
const std::string out = "[out]\nsay = Out.\nhangup\n";
Heard sure(std::string text) {
    return {std::move(text), Sureness::sure};
}
Heard unsure(std::string text) {
    return {std::move(text), Sureness::unsure};
}
const Heard noise{{}, Sureness::not_understood};

const std::string question = head + R"([interrupt]
stop => stop
repeat => again
operator => out
[a]
say = Red or blue?
hear = red => red
hear = blue => out
key = 1 => red
key = 12 => out
else = First.
else = Second.
silence = Hello?
[red]
say = Red.
transfer = 1
)" + out;
}  // namespace

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
