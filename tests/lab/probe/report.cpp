#include "probe.hpp"

#include <array>

#include <fmt/format.h>

namespace pbx::probe {

// One line each whatever the value holds: backslash, newline and return are written as \\, \n and \r.
void Report::say(std::string_view key, std::string_view value) {
    file_ << key << '\t';
    for (char c : value) {
        if (c == '\\') {
            file_ << "\\\\";
        } else if (c == '\n') {
            file_ << "\\n";
        } else if (c == '\r') {
            file_ << "\\r";
        } else {
            file_ << c;
        }
    }
    file_ << '\n' << std::flush;
}

std::string Report::words(const std::optional<std::string>& value) {
    return value ? "= " + *value : "unset";
}

std::string Report::words(const agi::Answer& answer) {
    return fmt::format("{} {} {}", answer.code, answer.result, answer.text.value_or("-"));
}

std::string Report::words(const agi::Played& played) {
    static constexpr std::array names{"finished", "key", "interrupted", "missing_file", "left"};
    return fmt::format("{} {} {}", names.at(static_cast<std::size_t>(played.end)), played.key.value_or('-'),
                       played.position ? std::to_string(*played.position) : "-");
}

std::string Report::words(const agi::Recorded& recorded) {
    static constexpr std::array names{"key", "time_or_silence", "left", "not_written", "beep_failed"};
    return fmt::format("{} {} {}", names.at(static_cast<std::size_t>(recorded.end)),
                       recorded.key.value_or('-'), recorded.samples);
}

}  // namespace pbx::probe
