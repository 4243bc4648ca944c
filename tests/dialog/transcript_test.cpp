// Scripts as tests: their lines, what passes, and what is said of the first difference.
#include "dialog/transcript.hpp"

#include "dialog/load.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using namespace pbx::dialog;

namespace {
const Dialog& desk() {
    static const Loaded loaded = read(R"([dialog]
language = en
start = hello
hangup = lost
fail = bye
[interrupt]
stop => stop
[hello]
if = ${hour} < 9 => closed
say = Hello, ${caller}.
say = Red or blue?
hear = red => red
hear = blue => bye
key = 1 => red
key = {pin:4} => red
else = Sorry?
silence = Hello?
[red]
say = Red.
transfer = 100
context = caller
busy => note
noanswer => note
[note]
record = message
save = notes: caller, message
notify = tg: ops, Note of ${caller}
say = Thank you.
hangup
[bye]
say = Bye.
hangup
[closed]
say = We are closed.
hangup
[lost]
save = lost: caller, step
)",
                                      "desk.conf");
    REQUIRE(loaded.ok());
    return loaded.dialog;
}

// What is said of the only test in the script; empty when it passes.
std::string outcome(const std::string& lines) {
    const auto report = run_tests(desk(), "[test]\n" + lines, "desk.test");
    for (const auto& fault : report.faults)
        UNSCOPED_INFO(fault.text());
    REQUIRE(report.faults.empty());
    REQUIRE(report.tests == 1);
    return report.failures.empty() ? "" : report.failures.front().text();
}
const std::string start = "= given caller=Ann\n< Hello, Ann.\n< Red or blue?\n";
}  // namespace

TEST_CASE("a transcript passes when everything happens as written") {
    CHECK(outcome(start).empty());
    CHECK(outcome(start + "> red\n< Red.\n= transfer 100\n= answered\n").empty());
    CHECK(outcome(start + "> (key 1)\n< Red.\n= transfer 100 context caller=Ann\n").empty());
    CHECK(outcome(start + "> (key 1234)\n< Red.\n").empty());
    CHECK(outcome(start + "> (noise)\n< Sorry?\n> (silence)\n< Hello?\n> something else\n< Bye.\n= hangup\n")
              .empty());
    CHECK(outcome(start + ">> red\n< Red.\n").empty());
    CHECK(outcome(start + ">> stop\n> red\n< Red.\n").empty());
    CHECK(outcome(start + "> red ?\n< Did you say: red?\n> yes\n< Red.\n").empty());
    CHECK(outcome(start + "> (hangup)\n= saved lost step=hello caller=Ann\n").empty());
    CHECK(outcome("= given hour=8\n< We are closed.\n").empty());
    CHECK(outcome("= given time=08:59 date=2026-12-31\n< We are closed.\n").empty());
    CHECK(outcome("= given caller=\"Ann Lee\"\n< Hello, Ann Lee. Red or blue?\n").empty());
}

TEST_CASE("one line may hold one utterance or all of a prompt, with wildcards") {
    CHECK(outcome("< Hello, *\n< Red *\n").empty());
    CHECK(outcome("< Hello, *. Red or blue?\n").empty());
    CHECK(outcome("< *\n< *\n").empty());
    CHECK(outcome("< Hello* blue?\n").empty());
}

TEST_CASE("a test may begin with the caller, and passes over what she says first") {
    CHECK(outcome("> red\n< Red.\n").empty());
    CHECK(outcome(">> red\n< Red.\n").empty());
    CHECK(outcome("= step hello\n> (key 1234)\n< Red.\n").empty());
    CHECK_FALSE(outcome("> red\n= transfer 100\n= busy\n> bla\n").empty());
}

TEST_CASE("a transfer goes as the test says, and what follows is played") {
    const auto red = start + "> red\n< Red.\n= transfer 100\n";
    CHECK(outcome(red + "= busy\n= recording message\n> bla bla\n= saved notes message=message.wav\n"
                        "= notified tg ops Note of *\n< Thank you.\n= hangup\n")
              .empty());
    CHECK(outcome(red + "= noanswer\n> (silence)\n= saved notes message=\"\"\n< Thank you.\n").empty());
    CHECK(
        outcome(red + "= busy\n> bla\n= not saved notes\n= what the caller said could not be kept\n< Bye.\n")
            .empty());
    CHECK(outcome(red + "= failed\n> (hangup)\n= saved lost step=note\n").empty());
}

TEST_CASE("the first difference is told with its line") {
    const std::vector<std::pair<std::string, std::string>> table{
        {start + "< More\n",
         "desk.test:5: [test] she should say \"More\", but in step hello she waits for the caller"},
        {"< Hi *\n", "desk.test:2: [test] she should say \"Hi *\", but says \"Hello, .\""},
        {"< Hello, *\n> red\n", "desk.test:3: [test] she says \"Red or blue?\", which is not in the test"},
        {"< Hello, *\n", "desk.test:2: [test] she also says \"Red or blue?\""},
        {start + "> red\n< Red.\n> hello\n",
         "desk.test:7: [test] nobody listens to the caller here: she waits how the transfer goes"},
        {start + "> red\n< Red.\n= transfer 200\n",
         "desk.test:7: [test] \"= transfer 200\" does not happen, but \"= step hello\", \"= step red\", \"= "
         "transfer "
         "100 context caller=Ann\""},
        {start + "= busy\n",
         "desk.test:5: [test] no transfer is under way: in step hello she waits for the caller"},
        {start + "> blue\n< Bye.\n= hangup\n> hello\n",
         "desk.test:8: [test] nobody listens to the caller here: the dialog has ended (finished)"},
        {start + "> (cough)\n",
         "desk.test:5: [test] \"(cough)\" is nothing a caller does; write (silence), (noise), (key 1) or "
         "(hangup)"},
        {start + "> (key x)\n", "desk.test:5: [test] \"x\" is not on a telephone's keypad"},
        {start + "= given hour=5\n", "desk.test:5: [test] = given stands at the start of a test only"},
        {"= given hour=25\n", "desk.test:2: [test] \"hour\" can't be given; write name=value"},
        {"= given date=2026-02-31\n", "desk.test:2: [test] write date=2026-11-22"},
        {start + "> (noise)\n< Sorry?\n> red\n< Red.\n>> red\n>> red\n= saved notes\n",
         "desk.test:11: [test] \"= saved notes\" does not happen, but \"= step hello\", \"= step red\", \"= "
         "transfer "
         "100 context caller=Ann\""},
        {start + "> (noise)\n< Sorry?\n> red\n< Red.\n= transfer 100\n>> red\n",
         "desk.test:10: [test] she does not speak here: write > instead of >>"},
        {start + "= not saved notes\n",
         "desk.test:5: [test] nothing is being saved here: in step hello she waits for the caller"},
    };
    for (const auto& [lines, wanted] : table) {
        INFO(lines);
        CHECK(outcome(lines) == wanted);
    }
}

TEST_CASE("a script's own faults are told with their lines") {
    const auto script = parse_script("hello\n; a comment\n< early\n[one\n[two]\n>\n< fine\n\n[]\n", "x.test");
    std::vector<std::string> found;
    for (const auto& fault : script.faults)
        found.push_back(fault.text());
    CHECK(found ==
          std::vector<std::string>{
              "x.test:1:1: this line belongs to nobody; begin it with < (she), > (the caller) or = (a fact)",
              "x.test:3:1: a line before the first test; write [name of the test] above it",
              "x.test:4:1: the name of a test is not closed; write [name]",
              "x.test:6:1: an empty line of talk; write what is said or done",
              "x.test:9:1: the name of a test is not closed; write [name]",
          });
    CHECK(script.tests.size() == 1);
    CHECK_FALSE(run_tests(desk(), script).ok());
}

TEST_CASE("only the tests whose names fit are played") {
    const auto script = parse_script("[one]\n< *\n< *\n[two]\n< no\n", "x");
    CHECK(run_tests(desk(), script).tests == 2);
    CHECK(run_tests(desk(), script, "one").ok());
    CHECK(run_tests(desk(), script, "two").failures.size() == 1);
    CHECK(run_tests(desk(), script, "three").tests == 0);
}

TEST_CASE("what happens in a call prints as lines of a transcript") {
    CHECK(line_of(Action{Say{"Hello.", "", ""}}) == "< Hello.");
    CHECK(line_of(Action{Say{"", "x/hello", ""}}) == "< (play x/hello)");
    CHECK(line_of(Action{Save{"orders", {{"from", "Main st"}, {"to", ""}, {"n", "5"}}}}) ==
          "= saved orders from=\"Main st\" to=\"\" n=5");
    CHECK(line_of(Action{Transfer{"100", {{"caller", "7"}}, true}}) == "= transfer 100 context caller=7");
    CHECK(line_of(Action{Transfer{"100", {}, true}}) == "= transfer 100");
    CHECK(line_of(Action{Notify{"tg", "ops", "Hi there"}}) == "= notified tg ops Hi there");
    CHECK(line_of(Action{Hangup{}}) == "= hangup");
    CHECK(line_of(Action{Entered{"a"}}).empty());
    CHECK(line_of(Event{Heard{"red", Sureness::sure}}) == "> red");
    CHECK(line_of(Event{Heard{"red", Sureness::unsure}}) == "> red ?");
    CHECK(line_of(Event{Heard{"", Sureness::not_understood}}) == "> (noise)");
    CHECK(line_of(Event{Key{'#'}}) == "> (key #)");
    CHECK(line_of(Event{Silence{}}) == "> (silence)");
    CHECK(line_of(Event{HungUp{}}) == "> (hangup)");
    CHECK(line_of(Event{Dialled{DialOutcome::noanswer}}) == "= noanswer");
    CHECK(line_of(Event{Spoken{}}).empty());
}

TEST_CASE("wildcards stand for any text, and blanks are one") {
    const std::vector<std::tuple<std::string, std::string, bool>> table{
        {"", "", true},       {"*", "", true},          {"*", "any", true},      {"a*c", "abc", true},
        {"a*c", "ac", true},  {"a*c", "ab", false},     {"a b", "a   b", true},  {"a  b", "a b", true},
        {"a b", "ab", false}, {"*b*", "abc", true},     {"a", "ab", false},      {"ab", "a", false},
        {"a *", "a", true},   {"a * c", "a b c", true}, {"*aab", "aaaab", true}, {"Да*", "Да, да", true},
    };
    for (const auto& [pattern, text, wanted] : table) {
        INFO(pattern << " / " << text);
        CHECK(matches_wildcards(pattern, text) == wanted);
    }
    CHECK_FALSE(matches_wildcards(std::string(2000, '*') + "b", std::string(20000, 'a')));
}
