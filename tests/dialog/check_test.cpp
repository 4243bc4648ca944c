// What check finds and, as much, what it leaves alone. Each case is one small dialog with one fault.
#include "dialog/check.hpp"

#include "dialog/load.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace pbx::dialog;

namespace {
const std::string head = R"(
[dialog]
language = en
start    = hello
fail     = desk
)";
const std::string desk = R"(
[desk]
transfer = 100
busy     => bye
noanswer => bye
[bye]
say = Goodbye.
hangup
)";
// A whole dialog around the first step.
std::string around(const std::string& steps) {
    return head + steps + desk;
}

std::vector<Finding> findings_of(const std::string& text, const CheckOptions& options = {}) {
    auto loaded = read(text, "test.conf");
    for (const auto& fault : loaded.faults)
        UNSCOPED_INFO(fault.text());
    REQUIRE(loaded.ok());
    auto found = check(loaded.dialog, options);
    for (const auto& one : found)
        UNSCOPED_INFO(one.text());
    return found;
}

// The one finding there must be.
Finding only(const std::string& text, const CheckOptions& options = {}) {
    const auto found = findings_of(text, options);
    REQUIRE(found.size() == 1);
    return found.front();
}

const std::string clean = around(R"(
[hello]
say     = Hello. Sales or support?
hear    = sales   => desk
hear    = support => desk
key     = 1       => desk
else    = Sales or support?
silence = Are you there?
)");
}  // namespace

TEST_CASE("check leaves a good dialog alone") {
    CHECK(findings_of(clean).empty());
}

TEST_CASE("check finds an arrow to a step that is not there, with the nearest name and the place") {
    const auto found = only(around("[hello]\nsay = Hello.\n=> desc\n"));
    CHECK(found.kind == Fault::unknown_step);
    CHECK(found.what == "no step \"desc\"");
    CHECK(found.hint == "did you mean desk?");
    CHECK(found.file == "test.conf");
    CHECK(found.line == 8);
    CHECK(found.column == 4);
    CHECK(found.text() == "test.conf:8:4: no step \"desc\"; did you mean desk?");
}

TEST_CASE("check finds a step that nothing leads to") {
    const auto found = only(clean + "[island]\n=> bye\n");
    CHECK(found.kind == Fault::unreachable_step);
    CHECK(found.what == "nothing leads to step \"island\"");
}

TEST_CASE("check finds steps that lead only to each other") {
    const auto found = findings_of(clean + "[one]\n=> two\n[two]\n=> one\n");
    CHECK(std::count_if(found.begin(), found.end(),
                        [](const auto& one) { return one.kind == Fault::unreachable_step; }) == 2);
}

TEST_CASE("check finds a step that falls off its end") {
    const auto found = only(around("[hello]\nsay = Hello.\n"));
    CHECK(found.kind == Fault::dead_end);
    CHECK(found.line == 6);
}

TEST_CASE("check takes the hang-up section for what it is, unless an arrow leads there") {
    const std::string last = "[dialog]\nhangup = lost\n[lost]\nsave = lost: caller\n";
    CHECK(findings_of(clean + last).empty());
    const auto found = findings_of(around("[hello]\n=> lost\n") + last);
    REQUIRE(found.size() == 1);
    CHECK(found.front().kind == Fault::dead_end);
}

TEST_CASE("check finds a question that does not ask again") {
    const auto without_else = only(around("[hello]\nhear = a b => desk\nsilence = Well?\n"));
    CHECK(without_else.kind == Fault::no_reask);
    CHECK(without_else.hint.find("else =") != std::string::npos);
    const auto without_silence = only(around("[hello]\nhear = a b => desk\nelse = What?\n"));
    CHECK(without_silence.kind == Fault::no_reask);
    CHECK(without_silence.hint.find("silence =") != std::string::npos);
}

TEST_CASE("check finds a transfer that says nothing about busy or noanswer") {
    CHECK(only(head + "[hello]\ntransfer = 1\nbusy => desk\n" + desk).kind == Fault::no_transfer_arrow);
    CHECK(only(head + "[hello]\ntransfer = 1\nnoanswer => desk\n" + desk).kind == Fault::no_transfer_arrow);
}

TEST_CASE("check finds two branches that claim the same words") {
    const std::string rest = "else = What?\nsilence = Well?\n";
    SECTION("written alike") {
        CHECK(only(around("[hello]\nhear = sales => desk\nhear = sales => bye\n" + rest)).kind ==
              Fault::same_words);
    }
    SECTION("in another form") {
        CHECK(only(around("[hello]\nhear = taxi order => desk\nhear = a | taxis orders => bye\n" + rest))
                  .kind == Fault::same_words);
    }
    SECTION("by a reader and a word") {
        CHECK(only(around("[hello]\nhear = @yes => desk\nhear = yes => bye\n" + rest)).kind ==
              Fault::same_words);
    }
    SECTION("by two readers of numbers") {
        CHECK(only(around("[hello]\nhear = {a:@number} => desk\nhear = {b:@digits} => bye\n" + rest)).kind ==
              Fault::same_words);
    }
    SECTION("by a list and a word") {
        CHECK(only(around(
                       "[list staff]\nsmith => 1\n[hello]\nhear = {w:@staff} => desk\nhear = smith => bye\n" +
                       rest))
                  .kind == Fault::same_words);
    }
    SECTION("by two entries of a list") {
        CHECK(
            only(around("[list staff]\nsmith => 1\nsmith | sales => 2\n[hello]\nhear = {w:@staff} => desk\n" +
                        rest))
                .kind == Fault::same_words);
    }
    SECTION("by an interrupt") {
        CHECK(only(around("[interrupt]\nstop => stop\n[hello]\nhear = stop => desk\nelse = What?\nsilence = "
                          "Well?\n"))
                  .kind == Fault::same_words);
    }
    SECTION("by a key") {
        CHECK(only(around("[hello]\nkey = 1 => desk\nkey = 1 => bye\n" + rest)).kind == Fault::same_words);
        CHECK(only(around("[hello]\nkey = {a:4} => desk\nkey = {b:2-4} => bye\n" + rest)).kind ==
              Fault::same_words);
    }
}

TEST_CASE("check lets branches differ by more words, by exactness, or lead to one step") {
    const std::string rest = "else = What?\nsilence = Well?\n";
    CHECK(findings_of(around("[hello]\nhear = sales => desk\nhear = sales manager => bye\n" + rest)).empty());
    CHECK(findings_of(around("[hello]\nhear = \"sales\" => desk\nhear = sales => bye\n" + rest)).empty());
    CHECK(findings_of(around("[hello]\nhear = @yes => desk\nhear = yes => desk\n" + rest)).empty());
    CHECK(findings_of(around("[hello]\nkey = 12 => desk\nkey = {pin:2} => bye\n" + rest)).empty());
}

TEST_CASE("check finds words that a closed grammar can't contain") {
    const std::string rest = "else = What?\nsilence = Well?\n";
    const auto number = only(around("[hello]\nhear = room 24 => desk\n" + rest));
    CHECK(number.kind == Fault::unhearable);
    CHECK(number.hint == "write twenty four");
    CHECK(only(around("[hello]\nhear = продажи => desk\n" + rest)).kind == Fault::unhearable);
    CHECK(only(around("[hello]\nhear = /sal.*/ => desk\n" + rest)).kind == Fault::unhearable);
    CHECK(findings_of(around("[hello]\nhear = room 24 | /sal.*/ => desk\n" + rest), {.ear = Ear::open})
              .empty());
}

TEST_CASE("check finds dictation without an ear for it, and questions without any way to answer") {
    const std::string rest = "else = What?\nsilence = Well?\n";
    const auto text = around("[hello]\nhear = {what:@any} => desk\n" + rest);
    CHECK(only(text).kind == Fault::needs_dictation);
    CHECK(findings_of(text, {.ear = Ear::open}).empty());
    CHECK(only(around("[hello]\nhear = sales => desk\n" + rest), {.ear = Ear::none}).kind ==
          Fault::unanswerable);
}

TEST_CASE(
    "check finds an interrupt word inside her own prompt, in any form, but not where nothing interrupts") {
    const std::string interrupt = "[interrupt]\nrepeat please => again\n";
    CHECK(only(interrupt + around("[hello]\nsay = I will repeat it, if you please.\nhangup\n")).kind ==
          Fault::own_interrupt);
    CHECK(findings_of(interrupt + around("[hello]\nbarge = keys\nsay = I will repeat it, please.\nhangup\n"))
              .empty());
    CHECK(findings_of(interrupt + around("[hello]\nsay = Report your plea.\nhangup\n")).empty());
}

TEST_CASE("check finds a variable that is unset on some way, and names the way") {
    const auto found = only(around(R"(
[list staff]
smith => 105, Smith
[hello]
hear    = {who:@staff} => confirm
hear    = somebody     => confirm
else    = What?
silence = Well?
[confirm]
say = Connecting ${who.2}.
=> desk
)"));
    CHECK(found.kind == Fault::unset_variable);
    CHECK(found.what == "${who.2} is not set on the way hello -> confirm");
    CHECK(found.line == 15);
    CHECK(found.column == 18);
}

TEST_CASE("check knows what each line sets") {
    const std::string rest = "else = What?\nsilence = Well?\n";
    CHECK(findings_of(
              around("[hello]\nset = a: 1\nset = b.2: ${a}\nsay = ${a} ${b.2} ${caller} ${hour}.\nhangup\n"))
              .empty());
    CHECK(findings_of(around("[hello]\nrecord = voice\nsay = ${voice}.\nhangup\n")).empty());
    CHECK(findings_of(around("[hello]\nkey = {pin:4} => next\n" + rest +
                             "[next]\nsay = ${pin} ${pin.said}.\nhangup\n"))
              .empty());
    CHECK(findings_of("[dialog]\nimport = VIP\n" + around("[hello]\nif = ${VIP} = 1 => bye\n=> desk\n"))
              .empty());
    CHECK(only(around("[hello]\nsay = ${foo}.\nhangup\n")).what == "${foo} is set nowhere");
    CHECK(only(around("[hello]\nsay = ${calles}.\nhangup\n")).hint.find("called") != std::string::npos);
    CHECK(only(around("[list s]\nsmith => 1\n[hello]\nhear = {w:@s} => next\n" + rest +
                      "[next]\nsay = ${w.2}.\nhangup\n"))
              .kind == Fault::unset_variable);
}

TEST_CASE("check lets saved fields be empty on some way, but not misspelt") {
    const std::string steps =
        "[hello]\nhear = a b => next\nhear = {n:@number} => next\nelse = What?\nsilence = "
        "Well?\n[next]\nsave = t: ";
    CHECK(findings_of(around(steps + "n\nhangup\n")).empty());
    CHECK(only(around(steps + "nn\nhangup\n")).kind == Fault::unset_variable);
}

TEST_CASE("check follows groups: what they set is set after them") {
    const std::string group = R"(
[street]
hear    = {n:@number} => house
else    = What?
silence = Well?
[house]
key     = {m:2} => back
else    = What?
silence = Well?
)";
    CHECK(findings_of(around("[hello]\nask = street => next\n[next]\nsay = ${n} ${m}.\nhangup\n" + group))
              .empty());
    CHECK(findings_of(around("[hello]\nask = street\nsay = ${n} ${m}.\nhangup\n" + group)).empty());
    CHECK(only(around("[hello]\nsay = ${n}.\nask = street\nhangup\n" + group)).kind == Fault::unset_variable);
}

TEST_CASE("check finds groups that don't come back, come back to nobody, or ask themselves") {
    CHECK(only(around("[hello]\nask = group => bye\n[group]\nsay = Hm.\n=> desk\n")).kind ==
          Fault::stray_back);
    CHECK(only(around("[hello]\nsay = Hm.\n=> back\n")).kind == Fault::stray_back);
    const auto found = findings_of(
        around("[hello]\nask = a => bye\n[a]\nif = ${hour} = 1 => b\n=> back\n[b]\nask = a\n=> back\n"));
    CHECK(std::any_of(found.begin(), found.end(),
                      [](const auto& one) { return one.kind == Fault::stray_back; }));
}

TEST_CASE("check finds a missing sound file, unless a say line stands for it") {
    const CheckOptions none{.sound_exists = [](const std::string&, Language) { return false; }};
    const CheckOptions all{
        .sound_exists = [](const std::string& name, Language) { return name == "oksana/hello"; }};
    const auto text = around("[hello]\nplay = oksana/hello\nhangup\n");
    CHECK(only(text, none).kind == Fault::missing_sound);
    CHECK(findings_of(text, all).empty());
    CHECK(findings_of(around("[hello]\nplay = oksana/hello\nsay = Hello.\nhangup\n"), none).empty());
}

TEST_CASE("check finds a missing translation") {
    const std::string bye = "[bye]\nsay = Goodbye.\nsay.ru = До свидания.\nhangup\n";
    const std::string two = "[dialog]\nlanguage = en\nstart = hello\n[hello]\nsay = Hello.\n";
    const auto found = only(two + "=> bye\n" + bye);
    CHECK(found.kind == Fault::missing_translation);
    CHECK(found.hint == "write say.ru = …");
    CHECK(findings_of(two + "say.ru = Привет.\n=> bye\n" + bye).empty());
}

TEST_CASE("check finds a prompt of more than 15 seconds, in one line or in several") {
    const std::string half(120, 'a');
    CHECK(only(around("[hello]\nsay = " + half + half + "\nhangup\n")).kind == Fault::long_prompt);
    CHECK(only(around("[hello]\nsay = " + half + "\nsay = " + half + "\nhangup\n")).kind ==
          Fault::long_prompt);
    CHECK(findings_of(around("[hello]\nsay = " + half + "\nhangup\n")).empty());
    CHECK(
        findings_of(around("[hello]\nsay = " + half + "\nrecord = r\nsay = " + half + "\nhangup\n")).empty());
}

TEST_CASE("check finds ways without an end") {
    CHECK(only(around("[hello]\nsay = Hm.\n=> hum\n[hum]\nif = ${hour} = 1 => desk\n=> hello\n")).kind ==
          Fault::endless_path);
    const auto found =
        only(around("[hello]\nhear = a b => hello\nhear = c d => more\nelse = What?\nsilence = "
                    "Well?\n[more]\nsay = Hm.\n=> hello\n"));
    CHECK(found.kind == Fault::endless_path);
    CHECK(found.what.find("no way out") != std::string::npos);
    CHECK(only(head + "[hello]\n=> desk\n[desk]\ntransfer = 1\nbusy => desk\nnoanswer => desk\n").kind ==
          Fault::endless_path);
}

TEST_CASE("check lets a menu be a circle, and says how many turns there can be") {
    const std::string menu =
        "[hello]\nhear = a b => more\nhear = c d => desk\nelse = What?\nsilence = Well?\n";
    const auto circle = around(menu + "[more]\nsay = Hm.\n=> hello\n");
    CHECK(findings_of(circle).empty());
    CHECK(extent(read(circle, "t").dialog).circular);
    CHECK(extent(read(circle, "t").dialog).most_turns == 40);
    const auto straight = around(menu + "[more]\nkey = 1 => desk\nelse = What?\nsilence = Well?\n");
    CHECK_FALSE(extent(read(straight, "t").dialog).circular);
    CHECK(extent(read(straight, "t").dialog).most_turns == 6);
    CHECK(extent(read(straight, "t").dialog).questions == 2);
}

TEST_CASE("check says where a caller goes nowhere when tries run out") {
    auto text = clean;
    text.erase(text.find("fail"), text.find('\n', text.find("fail")) - text.find("fail"));
    CHECK(only(text).kind == Fault::no_fail);
}
