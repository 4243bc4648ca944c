// A program that a real Asterisk starts by EAGI: it does with lib/agi what one test of tests/lab/test_agi.py
// is about, and writes what came of it into a file, a line KEY<TAB>VALUE each. It judges nothing itself.
#pragma once

#include "agi/eagi_audio.hpp"
#include "agi/session.hpp"
#include "core/context.hpp"
#include "net/loop.hpp"

#include <chrono>
#include <cstdint>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::probe {

using Moment = std::chrono::steady_clock::time_point;

class Report {
  public:
    explicit Report(const std::string& file) : file_(file) {}
    void say(std::string_view key, std::string_view value);
    void count(std::string_view key, std::int64_t value) { say(key, std::to_string(value)); }
    // What came of a command: its value, or the error's words.
    template <class T>
    void tell(std::string_view key, const Result<T>& result) {
        say(key, result ? words(*result) : "error: " + result.error().text());
    }
    void tell(std::string_view key, const Result<void>& result) {
        say(key, result ? "done" : "error: " + result.error().text());
    }

  private:
    [[nodiscard]] static std::string words(const std::string& value) { return value; }
    [[nodiscard]] static std::string words(const std::optional<std::string>& value);  // "= value" or "unset"
    [[nodiscard]] static std::string words(const agi::Answer& answer);
    [[nodiscard]] static std::string words(const agi::Played& played);      // END KEY POSITION
    [[nodiscard]] static std::string words(const agi::Recorded& recorded);  // END KEY SAMPLES
    std::ofstream file_;
};

struct Probe {
    net::Loop& loop;
    agi::Session& session;
    agi::EagiAudio& audio;
    const Clock& clock;
    Report& report;
    std::string folder;  // of the report: recordings go there
};

struct Scenario {
    std::string_view name;
    net::Task<void> (*run)(Probe probe);
};

[[nodiscard]] std::span<const Scenario> command_scenarios();
[[nodiscard]] std::span<const Scenario> sound_scenarios();
[[nodiscard]] std::span<const Scenario> hangup_scenarios();

}  // namespace pbx::probe
