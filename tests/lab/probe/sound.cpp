// The caller's audio on fd 3, and stopping a prompt by a line of ours.
#include "net/bell.hpp"
#include "probe.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include <fmt/format.h>

namespace pbx::probe {

using namespace std::chrono_literals;

namespace {

constexpr const char* all_keys = "0123456789*#";
constexpr double loud = 500;
constexpr int loud_frames = 3;  // as many, one after another, are speech

double level(std::span<const std::int16_t> samples) {
    double sum = 0;
    for (auto sample : samples)
        sum += static_cast<double>(sample) * sample;
    return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(samples.size(), 1)));
}

std::int64_t frames(const Probe& probe) {
    return static_cast<std::int64_t>(probe.audio.counts().frames);
}

// Frames come while Asterisk plays and listens, and do not while an application has the channel.
net::Task<void> when_audio_comes(Probe probe) {
    probe.audio.listen([](const agi::AudioFrame&) {});
    const auto start = frames(probe);
    auto played = co_await probe.session.stream_file("silence/2", all_keys, 10s);
    probe.report.count("stream file", frames(probe) - start);
    const auto before_digit = frames(probe);
    auto digit = co_await probe.session.wait_for_digit(1s);
    probe.report.count("wait for digit", frames(probe) - before_digit);
    co_await net::sleep_for(200ms);
    const auto before_exec = frames(probe);
    auto executed = co_await probe.session.exec("Playback", "silence/2", 10s);
    probe.report.count("exec", frames(probe) - before_exec);
}

// Interrupts at the third loud frame; says how long after that frame's arrival the prompt had ended.
net::Task<void> voice_stops_prompt(Probe probe) {
    int in_a_row = 0;
    Moment stopped{};
    probe.audio.forget();
    probe.audio.listen([&](const agi::AudioFrame& frame) {
        in_a_row = level(frame.samples) > loud ? in_a_row + 1 : 0;
        if (in_a_row == loud_frames && probe.session.interrupt()) stopped = frame.arrived;
    });
    probe.report.say("ready", "speak");
    auto played = co_await probe.session.stream_file("demo-congrats", "", 60s);
    const auto ended = probe.clock.now();
    probe.audio.pause();
    probe.report.tell("played", played);
    probe.report.count("microseconds",
                       std::chrono::duration_cast<std::chrono::microseconds>(ended - stopped).count());
    auto next = co_await probe.session.get_full_variable("still in step");
    probe.report.tell("next", next);
    // silence for the caller: what he hears now is not the prompt
    auto silence = co_await probe.session.stream_file("silence/2", all_keys, 10s);
    probe.report.tell("silence", silence);
}

net::Task<void> stop_later(agi::Session* session, std::chrono::milliseconds after) {
    co_await net::sleep_for(after);
    session->interrupt();
}

// Sixty prompts are stopped: half of them early, half around the instant of their own end, the race between
// Asterisk's result line and our interruption. After each the next answer must be its own.
net::Task<void> storm(Probe probe) {
    constexpr int length = 911;  // milliseconds of digits/1
    std::mt19937 dice(17);       // the same each time
    std::uniform_int_distribution<int> early(0, 200);
    std::uniform_int_distribution<int> at_the_end(length - 60, length + 60);
    int wrong = 0;
    std::array<int, 5> ends{};
    for (int round = 0; round < 60; ++round) {
        const int instant = round % 2 == 0 ? early(dice) : at_the_end(dice);
        probe.loop.spawn(stop_later(&probe.session, std::chrono::milliseconds(instant)));
        auto played = co_await probe.session.stream_file("digits/1", all_keys, 5s);
        if (played) ++ends.at(static_cast<std::size_t>(played->end));
        auto next = co_await probe.session.get_full_variable(fmt::format("round {}", round));
        if (!played || !next || *next != fmt::format("round {}", round)) ++wrong;
        co_await net::sleep_for(120ms);  // a late stop_later hits nothing
    }
    probe.report.count("wrong", wrong);
    probe.report.count("finished", ends[0]);
    probe.report.count("interrupted", ends[2]);
}

// The caller's frames are counted against the clock for three seconds of listening.
net::Task<void> pace(Probe probe) {
    std::size_t samples = 0;
    probe.audio.forget();
    const auto forgotten = probe.audio.counts().dropped;
    probe.audio.listen([&](const agi::AudioFrame& frame) { samples += frame.samples.size(); });
    const auto began = probe.clock.now();
    auto played = co_await probe.session.stream_file("silence/3", all_keys, 10s);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(probe.clock.now() - began);
    probe.report.tell("played", played);
    probe.report.count("samples", static_cast<std::int64_t>(samples));
    probe.report.count("milliseconds", took.count());
    probe.report.count("dropped", static_cast<std::int64_t>(probe.audio.counts().dropped - forgotten));
}

// Why listening is a silence that plays: in between commands Asterisk sends the caller nothing and drops
// keys.
net::Task<void> idle(Probe probe) {
    probe.report.say("ready", "idle");
    co_await net::sleep_for(2s);
    auto key = co_await probe.session.wait_for_digit(300ms);
    probe.report.tell("key", key);
    probe.report.say("ready", "listening");
    auto listened = co_await probe.session.stream_file("silence/2", all_keys, 10s);
    probe.report.tell("listened", listened);
}

constexpr std::array<Scenario, 5> scenarios{{
    {"audio", when_audio_comes},
    {"voice", voice_stops_prompt},
    {"storm", storm},
    {"pace", pace},
    {"idle", idle},
}};

}  // namespace

std::span<const Scenario> sound_scenarios() {
    return scenarios;
}

}  // namespace pbx::probe
