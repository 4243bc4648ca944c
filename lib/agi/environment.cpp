#include "agi/codec.hpp"

#include <fmt/format.h>

namespace pbx::agi {

namespace {

constexpr std::string_view prefix = "agi_";

}  // namespace

std::string_view CallEnvironment::get(std::string_view key) const {
    // the first wins: a newline in an argument can add lines after it, never before
    for (const auto& [name, value] : values) {
        if (name == key) return value;
    }
    return {};
}

std::optional<std::string_view> CallEnvironment::known(std::string_view key) const {
    const auto value = get(key);
    if (value.empty() || value == "unknown") return std::nullopt;
    return value;
}

std::vector<std::string> CallEnvironment::arguments() const {
    std::vector<std::string> out;
    for (const auto& [name, value] : values) {
        if (name == fmt::format("arg_{}", out.size() + 1)) out.push_back(value);
    }
    return out;
}

bool CallEnvironment::is_enhanced() const {
    return get("enhanced") == "1.0";
}

bool CallEnvironment::is_network() const {
    return get("network") == "yes";
}

void EnvironmentDecoder::feed(std::string_view bytes) {
    buffer_ += bytes;
}

Result<std::optional<CallEnvironment>> EnvironmentDecoder::next() {
    std::size_t at = 0;
    while (true) {
        const auto end = buffer_.find('\n', at);
        if (end == std::string::npos) break;
        auto line = std::string_view(buffer_).substr(at, end - at);
        if (line.ends_with('\r')) line.remove_suffix(1);
        at = end + 1;
        if (line.empty() && environment_.values.empty()) continue;  // blank lines before the first value
        if (line.empty()) {
            buffer_.erase(0, at);
            bytes_ = 0;
            return std::exchange(environment_, {});
        }
        if (auto taken = take_line(line); !taken) return tl::unexpected(taken.error());
    }
    buffer_.erase(0, at);
    bytes_ += at;
    if (bytes_ + buffer_.size() > max_environment) {
        return fail(Code::protocol, fmt::format("environment of more than {} bytes", max_environment));
    }
    return std::nullopt;
}

Result<void> EnvironmentDecoder::take_line(std::string_view line) {
    auto& values = environment_.values;
    if (!line.starts_with(prefix)) {
        if (values.empty()) {
            return fail(Code::protocol, "no AGI environment", {},
                        "run this from AGI(), EAGI() or AGI(agi://...) in the dialplan");
        }
        values.back().second.append("\n").append(line);  // a newline inside the value before
        return {};
    }
    line.remove_prefix(prefix.size());
    const auto colon = line.find(": ");  // the first: a caller's name may hold another
    if (values.size() >= max_environment_lines) {
        return fail(Code::protocol, fmt::format("environment of more than {} lines", max_environment_lines));
    }
    if (colon != std::string_view::npos) {
        values.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    } else if (line.ends_with(':')) {
        values.emplace_back(line.substr(0, line.size() - 1), "");
    } else {
        return fail(Code::protocol, "environment line without a value");
    }
    return {};
}

std::string EnvironmentDecoder::take_rest() {
    return std::exchange(buffer_, {});
}

}  // namespace pbx::agi
