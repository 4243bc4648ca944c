// Commands and answers: quoting, limits, wrong words, keys, recording.
#include "probe.hpp"

#include <array>

#include <fmt/format.h>

namespace pbx::probe {

using namespace std::chrono_literals;

namespace {

constexpr const char* all_keys = "0123456789*#";

// Set, then read back by Asterisk's own expansion.
net::Task<void> values(Probe probe) {
    const std::vector<std::string> values{
        "plain",
        "with spaces  inside",
        R"(a "quoted" word)",
        R"(back\slash \n \" \\)",
        "comma, semicolon; pipe|",
        "a) (b) c)",
        "ул. Ленина, 5 «Ромашка»",
        "$5 {x} [1]",
        "'single'",
        "",
        " spaces around ",
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
        auto set = co_await probe.session.set_variable("VALUE", values[i]);
        auto whole = co_await probe.session.get_full_variable("${VALUE}");
        const bool same = set && whole && *whole == values[i];
        probe.report.say(fmt::format("value {}", i), same ? "same" : "not: " + values[i]);
    }
    auto short_get = co_await probe.session.get_variable("VALUE");
    probe.report.tell("get", short_get);
    auto unset = co_await probe.session.get_variable("NOBODY_SETS_THIS");
    probe.report.tell("unset", unset);
    auto unset_whole = co_await probe.session.get_full_variable("${NOBODY_SETS_THIS}");
    probe.report.tell("unset whole", unset_whole);
}

// A value of two lines, the second of which looks like an answer.
net::Task<void> newlines(Probe probe) {
    const std::string lines = "URIDECODE(one two%0A200 result=1 %28three%29)";
    auto whole = co_await probe.session.get_full_variable("${" + lines + "}");
    probe.report.tell("whole", whole);
    auto got = co_await probe.session.get_variable(lines);
    probe.report.tell("got", got);
    auto next = co_await probe.session.get_full_variable("still in step");
    probe.report.tell("next", next);
}

// The longest line that is sent arrives whole, on Asterisk 16 too.
net::Task<void> long_values(Probe probe) {
    const std::size_t around = std::string_view("SET VARIABLE \"LONG\" \"\"\n").size();
    const std::string text(agi::max_command - around, 'x');
    auto set = co_await probe.session.set_variable("LONG", text);
    probe.report.tell("set", set);
    auto cut = co_await probe.session.get_variable("LONG");
    probe.report.count("cut", cut && *cut ? static_cast<std::int64_t>((*cut)->size()) : -1);
    auto whole = co_await probe.session.get_full_variable("${LONG}${LONG}${LONG}${LONG}");
    probe.report.say("whole", whole && *whole == text + text + text + text ? "same" : "not the same");
    auto refused = co_await probe.session.set_variable("LONG", text + "y");
    probe.report.tell("too long", refused);
    auto newline = co_await probe.session.set_variable("LONG", "a\nHANGUP");
    probe.report.tell("newline", newline);
    auto next = co_await probe.session.get_full_variable("still in step");
    probe.report.tell("next", next);
}

net::Task<void> wrong_words(Probe probe) {
    const std::vector<std::string> nothing;
    auto unknown = co_await probe.session.command("NO SUCH COMMAND", nothing, 5s);
    probe.report.tell("unknown", unknown);
    const std::vector<std::string> digits{"*1", ""};
    auto usage = co_await probe.session.command("SAY DIGITS", digits, 5s);
    probe.report.tell("usage", usage);
    auto missing = co_await probe.session.exec("NoSuchApplication", "a,b", 5s);
    probe.report.say("application", missing && !missing->found ? "not found" : "found");
    auto next = co_await probe.session.get_full_variable("still in step");
    probe.report.tell("next", next);
}

// -1 of a missing file is not a hangup.
net::Task<void> missing_file(Probe probe) {
    auto played = co_await probe.session.stream_file("no/such/file", all_keys, 5s);
    probe.report.tell("played", played);
    const std::vector<std::string> prompt{"no/such/file", "1000", "3"};
    auto data = co_await probe.session.command("GET DATA", prompt, 10s);
    probe.report.tell("get data", data);
    probe.report.count("left", probe.session.left());
    auto state = co_await probe.session.channel_status();
    probe.report.count("up", state && *state == agi::ChannelState::up);
}

net::Task<void> keys(Probe probe) {
    probe.report.say("ready", "key");
    auto prompt = co_await probe.session.stream_file("demo-congrats", "5", 60s);
    probe.report.tell("prompt", prompt);
    probe.report.say("ready", "other");  // keys that are not asked for end nothing
    auto other = co_await probe.session.stream_file("silence/3", "5", 10s);
    probe.report.tell("other", other);
    probe.report.say("ready", "digit");
    auto digit = co_await probe.session.wait_for_digit(10s);
    probe.report.tell("digit", digit);
    auto nobody = co_await probe.session.wait_for_digit(300ms);
    probe.report.tell("nobody", nobody);
}

// The caller speaks a second, then is silent; then he presses #; then the folder is missing. RECORD FILE
// takes the caller's audio for itself: none comes on fd 3.
net::Task<void> recording(Probe probe) {
    probe.report.say("ready", "silence");
    const auto before = probe.audio.counts().frames;
    const agi::RecordOrder silence_order{
        .file = probe.folder + "/silence", .most = 20s, .silence = std::chrono::seconds(2)};
    auto silence = co_await probe.session.record_file(silence_order);
    probe.report.tell("silence", silence);
    probe.report.count("frames", static_cast<std::int64_t>(probe.audio.counts().frames - before));
    probe.report.say("ready", "key");
    const agi::RecordOrder key_order{.file = probe.folder + "/key", .most = 20s};
    auto key = co_await probe.session.record_file(key_order);
    probe.report.tell("key", key);
    const agi::RecordOrder nowhere_order{.file = "/proc/no/such/folder", .most = 1s};
    auto nowhere = co_await probe.session.record_file(nowhere_order);
    probe.report.tell("nowhere", nowhere);
    auto next = co_await probe.session.get_full_variable("still in step");
    probe.report.tell("next", next);
}

constexpr std::array<Scenario, 7> scenarios{{
    {"values", values},
    {"newlines", newlines},
    {"long", long_values},
    {"wrong", wrong_words},
    {"missing", missing_file},
    {"keys", keys},
    {"recording", recording},
}};

}  // namespace

std::span<const Scenario> command_scenarios() {
    return scenarios;
}

}  // namespace pbx::probe
