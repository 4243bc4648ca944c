// The caller leaves: in a prompt, in a recording, and what may still be done then.
#include "probe.hpp"

#include <array>

#include <fmt/format.h>

namespace pbx::probe {

using namespace std::chrono_literals;

namespace {

constexpr const char* all_keys = "0123456789*#";

// What a dead channel takes: variables yes, prompts no; the dialplan's h extension sees what was set.
net::Task<void> after_the_end(Probe probe) {
    probe.report.count("left", probe.session.left());
    auto set = co_await probe.session.set_variable("PBXCTL_RESULT", "set after hangup, \"quoted\"");
    probe.report.tell("set", set);
    auto got = co_await probe.session.get_full_variable("${PBXCTL_RESULT}");
    probe.report.tell("got", got);
    auto state = co_await probe.session.channel_status();
    probe.report.count("gone", state && *state == agi::ChannelState::gone);
    auto more = co_await probe.session.stream_file("hello-world", all_keys, 5s);
    probe.report.tell("more", more);
    auto hangup = co_await probe.session.hangup();
    probe.report.tell("hangup", hangup);
    probe.report.count("audio open", probe.audio.is_open());
}

net::Task<void> in_prompt(Probe probe) {
    bool told = false;
    probe.session.on_left([&] { told = true; });
    probe.report.say("ready", "hang up");
    auto played = co_await probe.session.stream_file("demo-congrats", all_keys, 60s);
    probe.report.tell("played", played);
    probe.report.count("told", told);
    co_await after_the_end(probe);
}

net::Task<void> in_listening(Probe probe) {
    probe.audio.listen([](const agi::AudioFrame&) {});
    probe.report.say("ready", "hang up");
    auto played = co_await probe.session.stream_file("silence/10", all_keys, 60s);
    probe.report.tell("played", played);
    co_await after_the_end(probe);
}

net::Task<void> in_recording(Probe probe) {
    probe.report.say("ready", "hang up");
    const agi::RecordOrder order{.file = probe.folder + "/left", .most = 60s};
    auto recorded = co_await probe.session.record_file(order);
    probe.report.tell("recorded", recorded);
    co_await after_the_end(probe);
}

// The caller leaves while a colleague talks to him: Dial's outcome can still be read.
net::Task<void> in_dial(Probe probe) {
    probe.report.say("ready", "hang up");
    auto executed = co_await probe.session.exec("Dial", "Local/100@lab,30", 60s);
    probe.report.say("executed", executed ? fmt::format("{}", executed->result) : executed.error().text());
    auto status = co_await probe.session.get_variable("DIALSTATUS");
    probe.report.tell("status", status);
    co_await after_the_end(probe);
}

constexpr std::array<Scenario, 4> scenarios{{
    {"left in prompt", in_prompt},
    {"left in listening", in_listening},
    {"left in recording", in_recording},
    {"left in dial", in_dial},
}};

}  // namespace

std::span<const Scenario> hangup_scenarios() {
    return scenarios;
}

}  // namespace pbx::probe
