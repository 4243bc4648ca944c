// Reading a dialog file: what each line becomes, and every fault with its place and a hint.
#include "dialog/load.hpp"

#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace pbx::dialog;
using namespace std::chrono_literals;

namespace {
const std::string head = "[dialog]\nlanguage = en\nstart = a\n";

Dialog good(const std::string& text, const std::map<std::string, std::string>& files = {}) {
    const auto loaded = read(text, "test.conf", [&](const std::string& wanted, const std::string&) {
        std::vector<pbx::config::IncludedFile> found;
        if (files.contains(wanted)) found.push_back({wanted, files.at(wanted)});
        return found;
    });
    for (const auto& fault : loaded.faults)
        UNSCOPED_INFO(fault.text());
    REQUIRE(loaded.ok());
    return loaded.dialog;
}

std::vector<std::string> faults_of(const std::string& text) {
    std::vector<std::string> out;
    for (const auto& fault : read(text, "t").faults)
        out.push_back(fault.text());
    return out;
}
template <class What>
const What& line_of(const Dialog& dialog, std::size_t at) {
    return std::get<What>(dialog.steps.at(0).lines.at(at).what);
}
}  // namespace

TEST_CASE("load reads the settings of [dialog]") {
    const auto dialog = good(R"([dialog]
language = ru
start = a
voice = espeak-ru
ear = vosk
tries = 4
turns = 50
fail = a
hangup = lost
quiet = a
import = ORDER_ID, VIP
[a]
say = Раз.
hangup
[lost]
save = lost: caller
)");
    CHECK(dialog.name == "test");
    CHECK(dialog.language == Language::ru);
    CHECK(dialog.voice == "espeak-ru");
    CHECK(dialog.ear == "vosk");
    CHECK(dialog.tries == 4);
    CHECK(dialog.turns == 50);
    CHECK(dialog.start.step == 0);
    CHECK(dialog.fail->step == 0);
    CHECK(dialog.hangup->step == 1);
    CHECK(dialog.imports == std::vector<std::string>{"ORDER_ID", "VIP"});
    CHECK(dialog.steps[0].quiet);
    CHECK(dialog.steps[0].barge_in() == Barge::no);
    CHECK(dialog.speaks == std::array{true, false});
}

TEST_CASE("load reads every line of a step") {
    const auto dialog = good(head + R"([a]
play = oksana/hello
say = Hello.
say.ru = Привет.
say = Two.
set = name.2: text ${caller}
if = ${hour} < 9 => b
ask = b
record = message, max 20s, silence 2s
save = orders: caller, name.2
notify = tg: ops, From ${caller}, please
hear = one | "two" | /three/ => b
hear.ru = раз => b
hear = {n:@number} => b
key = 1 => b
key = {pin:4-6} => b
else = What?
else.ru = Что?
else = Well?
silence = Hello?
confirm = Did you say ${heard}?
listen = 5s
pause = 500ms
barge = voice
[b]
transfer = ${caller}
context = caller, name.2
busy => a
noanswer => a
failed => c
[c]
say = Bye.
hangup
)");
    REQUIRE(dialog.steps.size() == 3);
    const auto& step = dialog.steps[0];
    REQUIRE(step.lines.size() == 8);
    const auto& say = line_of<line::Say>(dialog, 0);
    CHECK(say.file->source() == "oksana/hello");
    CHECK(say.text.of(Language::en)->source() == "Hello.");
    CHECK(say.text.of(Language::ru)->source() == "Привет.");
    CHECK(line_of<line::Say>(dialog, 1).text.of(Language::en)->source() == "Two.");
    CHECK(line_of<line::Set>(dialog, 2).value == 2);
    CHECK(line_of<line::If>(dialog, 3).arrow.to.step == 1);
    CHECK(line_of<line::Ask>(dialog, 4).group.to.step == 1);
    CHECK(line_of<line::Record>(dialog, 5).most == 20s);
    CHECK(line_of<line::Record>(dialog, 5).silence == 2s);
    CHECK(line_of<line::Save>(dialog, 6).fields == std::vector<std::string>{"caller", "name.2"});
    CHECK(line_of<line::Notify>(dialog, 7).target.source() == "ops");
    CHECK(line_of<line::Notify>(dialog, 7).text.source() == "From ${caller}, please");
    const auto* question = step.question();
    REQUIRE(question != nullptr);
    REQUIRE(question->hears.size() == 3);
    CHECK(question->hears[0].sources == std::vector<std::string>{"one", "\"two\"", "/three/"});
    CHECK(question->hears[0].in == std::array{false, true});
    CHECK(question->hears[1].in == std::array{true, false});
    CHECK(question->hears[2].in == std::array{true, true});
    CHECK(question->keys[0].exact == "1");
    CHECK(question->keys[1].variable == "pin");
    CHECK(question->keys[1].fewest == 4);
    CHECK(question->keys[1].most == 6);
    REQUIRE(question->otherwise.size() == 2);
    CHECK(question->otherwise[0].of(Language::ru)->source() == "Что?");
    CHECK(question->silence.size() == 1);
    CHECK(question->listen == 5s);
    CHECK(question->pause == 500ms);
    CHECK(step.barge == Barge::voice);
    const auto& transfer = std::get<end::Transfer>(dialog.steps[1].end.what);
    CHECK(transfer.context.size() == 2);
    CHECK(transfer.failed->to.step == 2);
    CHECK(std::holds_alternative<end::Hangup>(dialog.steps[2].end.what));
}

TEST_CASE("load reads lists and interrupts, by language where they say so") {
    const auto dialog = good(head + R"([interrupt]
stop | be quiet => stop
again => again
operator => a
[interrupt.ru]
стоп => stop
[list staff]
smith | accounts => 105, Smith
[list staff.ru]
иванова => 105, Иванова
[a]
hear = {who:@staff} => a
)");
    REQUIRE(dialog.interrupts.size() == 4);
    CHECK(dialog.interrupts[0].arrow.to.kind == Target::Kind::stop);
    CHECK(dialog.interrupts[0].branch.patterns.size() == 2);
    CHECK(dialog.interrupts[1].arrow.to.kind == Target::Kind::again);
    CHECK(dialog.interrupts[2].arrow.to.step == 0);
    CHECK(dialog.interrupts[3].in == std::array{true, false});
    REQUIRE(dialog.lists_in(Language::en).size() == 1);
    CHECK(dialog.lists_in(Language::en)[0].entries[0].forms == std::vector<std::string>{"smith", "accounts"});
    CHECK(dialog.lists_in(Language::en)[0].entries[0].values == std::vector<std::string>{"105", "Smith"});
    CHECK(dialog.lists_in(Language::ru)[0].entries[0].values[1] == "Иванова");
}

TEST_CASE("a template's lines come first, and its end gives way to the step's own") {
    const auto dialog = good(head + R"([asked](!)
else = What?
silence = Hello?
listen = 9s
[handover](!)
busy => b
noanswer => b
[a](asked)
listen = 4s
key = 1 => b
[b](handover)
transfer = 100
)");
    CHECK(dialog.steps[0].question()->otherwise.size() == 1);
    CHECK(dialog.steps[0].question()->listen == 4s);
    CHECK(std::get<end::Transfer>(dialog.steps[1].end.what).busy->to.name == "b");
}

TEST_CASE("a common file gives settings that the dialog overrides") {
    const auto dialog = good("#include \"common.conf\"\n[dialog]\nstart = a\ntries = 5\n[a]\nhangup\n",
                             {{"common.conf", "[dialog]\nlanguage = en\ntries = 2\nvoice = none\n"}});
    CHECK(dialog.tries == 5);
    CHECK(dialog.voice == "none");
    CHECK(dialog.files == std::vector<std::string>{"test.conf", "common.conf"});
}

TEST_CASE("every fault names its place and what to write instead") {
    const std::vector<std::pair<std::string, std::string>> table{
        {"sya = Hello.", "t:5:1: unknown line \"sya\"; did you mean say or set?"},
        {"say.de = Hallo.", "t:5:5: unknown language \"de\"; known: ru, en"},
        {"listen.en = 5s", "t:5:1: listen has no wording by language; write listen"},
        {"say = Hello ${caller", "t:5:13: ${ is not closed; close it with }"},
        {"say => Hello.", "t:5:1: say is written with =; say = …"},
        {"hangup = now", "t:5:1: hangup takes nothing; write hangup alone, with a say above it"},
        {"set = 1x: a", "t:5:7: this sets no variable; write set = name: text"},
        {"set = hour: 5", "t:5:7: ${hour} is always there and can't be set; choose another name"},
        {"set = language: de", "t:5:17: unknown language \"de\"; known: ru, en"},
        {"if = ${hour} < 9", "t:5:6: an arrow to a step is missing; write if = ${hour} < 9 => step"},
        {"if = ${hour} < => a",
         "t:5:15: a value is missing here; write e.g. ${hour} < 9 or ${city} = \"Нижний "
         "Новгород\""},
        {"record = message, mux 5s", "t:5:19: unknown word of record \"mux\"; did you mean max?"},
        {"record = message, max 5", "t:5:23: a duration has no unit; write 5s, 5ms, 5m, 5h or 5d"},
        {"save = Orders: caller",
         "t:5:8: \"Orders\" is not a table's name; use a-z, 0-9 and _, at most 41 of them"},
        {"save = orders", "t:5:8: save names no fields; write save = table: name, name"},
        {"save = orders: caller, two words",
         "t:5:24: \"two words\" is not a variable's name; write names with commas between them, e.g. caller, "
         "who, who.2"},
        {"notify = sms: a, b", "t:5:10: unknown way of notify \"sms\"; known: tg, http, exec"},
        {"notify = tg: ops", "t:5:14: notify needs a receiver and a text; write notify = tg: receiver, text"},
        {"barge = never", "t:5:9: unknown barge \"never\"; known: no, keys, words, voice"},
    };
    for (const auto& [line, wanted] : table) {
        const auto found = faults_of(head + "[a]\n" + line + "\nhangup\n");
        INFO(line);
        REQUIRE(found.size() >= 1);
        if (line.starts_with("record = message, max 5"))
            CHECK(found.front().starts_with("t:5:"));  // the words are core's
        else
            CHECK(found.front() == wanted);
    }
}

TEST_CASE("faults of questions, transfers and arrows") {
    const auto ask = [](const std::string& lines) { return faults_of(head + "[a]\n" + lines); };
    CHECK(ask("hear = one\n").front() == "t:5:8: an arrow to a step is missing; write hear = one => step");
    CHECK(ask("key = A => a\n").front().starts_with("t:5:7: \"A\" is not on a telephone's keypad"));
    CHECK(ask("key = {pin:0} => a\n").front().starts_with("t:5:12: \"0\" is not a number from 1 to 32"));
    CHECK(ask("hear = one | | two => a\n").front().starts_with("t:5:13: an alternative is empty"));
    CHECK(ask("hear = {x:@nummer} => a\n").front() ==
          "t:5:8: unknown reader or list \"nummer\"; did you mean number?");
    CHECK(ask("key = 1 => a\nlisten = 5s\nlisten = 6s\n").front() ==
          "t:7:1: listen stands here twice; it is already on line 6");
    CHECK(ask("key = 1 => a\nsay = Too late.\n").front() ==
          "t:6:1: this line is never done; the step ends on line 5: move this line above it");
    CHECK(ask("=> a\nhangup\n").front().starts_with("t:6:1: this line is never done"));
    CHECK(ask("=> a\nkey = 1 => a\n").front().starts_with("t:6:1: this line is never done"));
    CHECK(ask("hangup\nbusy => a\n").front() ==
          "t:6:1: busy belongs to a transfer, and this step has none; remove it or write that line too");
    CHECK(ask("hangup\nelse = What?\n").front().starts_with("t:6:1: else belongs to a question"));
    CHECK(ask("busy = a\ntransfer = 1\n").front() == "t:5:1: busy is written with =>; busy => step");
    CHECK(ask("=> again\n").front() == "t:5:4: => again is for [interrupt] only; point it at a step");
}

TEST_CASE("faults of sections") {
    CHECK(faults_of("[a]\nhangup\n").front() ==
          "t:1:1: no [dialog] section; write [dialog], language = …, start = …");
    CHECK(faults_of("[dialog]\nstart = a\n[a]\nhangup\n").front().find("names no language") !=
          std::string::npos);
    CHECK(faults_of("[dialog]\nlanguage = en\n[a]\nhangup\n").front().find("names no start") !=
          std::string::npos);
    CHECK(faults_of(head + "trys = 3\n[a]\nhangup\n").front() ==
          "t:4:1: unknown setting of [dialog] \"trys\"; did you mean tries or turns?");
    CHECK(faults_of(head + "tries = 0\n[a]\nhangup\n").front() ==
          "t:4:9: \"0\" is not a number from 1 to 10");
    CHECK(faults_of(head + "[a]\nhangup\n[a]\nhangup\n").front() ==
          "t:6:2: step \"a\" is there twice; the other one is at t:4:2; give one of them another name");
    CHECK(faults_of(head + "[a]\nhangup\n[back]\nhangup\n")
              .front()
              .starts_with("t:6:2: \"back\" can't be a step"));
    CHECK(faults_of(head + "[a b]\nhangup\n").front().starts_with("t:4:2: \"a b\" is not a step's name"));
    CHECK(faults_of(head + "[interrupt]\nstop\n[a]\nhangup\n").front().starts_with("t:5:1: words, an arrow"));
    CHECK(faults_of(head + "[interrupt]\n@yes => stop\n[a]\nhangup\n").front() ==
          "t:5:1: a reader can't interrupt; write words");
    CHECK(faults_of(head + "[list number]\none => 1\n[a]\nhangup\n").front().find("@number is a reader") !=
          std::string::npos);
    CHECK(
        faults_of(head + "hangup = z\n[a]\nhangup\n[z]\nsay = Hello?\n").front() ==
        "t:8:1: nobody is there for this line; after the caller hung up there are save, notify and set only");
}

TEST_CASE("all faults are found at once, in the order of the file") {
    const auto found = faults_of(head + "[a]\nsya = x\nlisten = soon\nbarge = never\nhangup\n");
    REQUIRE(found.size() >= 3);
    CHECK(found[0].starts_with("t:5:"));
    CHECK(found[1].starts_with("t:6:"));
    CHECK(found.back().starts_with("t:7:"));
}

TEST_CASE("take() gives the dialog, or the first fault and how many more there are") {
    CHECK(read(head + "[a]\nhangup\n", "t").take());
    const auto refused = read(head + "[a]\nsya = x\nbarge = never\nhangup\n", "t").take();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == pbx::Code::data);
    CHECK(refused.error().where == "t:5:1");
    CHECK(refused.error().what == "unknown line \"sya\" (and 1 more faults)");
}

TEST_CASE("an arrow to a step that is not there is left to check") {
    const auto dialog = good(head + "[a]\n=> nowhere\n");
    CHECK(std::get<Arrow>(dialog.steps[0].end.what).to.kind == Target::Kind::nowhere);
}
