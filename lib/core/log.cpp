#include "core/log.hpp"

#include "core/text.hpp"

#include <memory>
#include <mutex>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/sinks/syslog_sink.h>
#include <spdlog/spdlog.h>

namespace pbx::log {

namespace {
std::shared_ptr<spdlog::logger>& logger() {
    static std::shared_ptr<spdlog::logger> one;
    return one;
}

Options& options_in_force() {
    static Options options;
    return options;
}

spdlog::level::level_enum to_spdlog(Level level) {
    switch (level) {
        case Level::debug:
            return spdlog::level::debug;
        case Level::info:
            return spdlog::level::info;
        case Level::warning:
            return spdlog::level::warn;
        case Level::error:
            return spdlog::level::err;
        case Level::off:
            return spdlog::level::off;
    }
    return spdlog::level::off;
}

std::string json_escaped(std::string_view s) {
    std::string out;
    for (const char c : text::encode_utf8(text::decode_utf8(s))) {  // JSON is UTF-8 (RFC 8259 8.1)
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}
}  // namespace

namespace {
// Octets of the character in front; of what is not UTF-8, one.
std::size_t size_of_character(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text.front());
    const std::size_t size = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    return text.size() >= size && text::is_utf8(text.substr(0, size)) ? size : 1;
}

// ECMA-48's C0 and C1: terminals take U+0080 to U+009F for escape sequences, too, some as single octets.
bool is_control(std::string_view character) {
    const auto first = static_cast<unsigned char>(character.front());
    if (character.size() == 1) return first < 0x20 || (first >= 0x7f && first < 0xa0);
    return first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
}
}  // namespace

std::string cleaned(std::string_view message) {
    std::string out;
    out.reserve(message.size());
    for (std::size_t at = 0; at < message.size();) {
        const auto size = size_of_character(message.substr(at));
        const auto character = message.substr(at, size);
        if (is_control(character))
            out += '?';
        else
            out.append(character);
        at += size;
    }
    return out;
}

namespace {
std::shared_ptr<spdlog::logger> made(const Options& options) {
    std::shared_ptr<spdlog::sinks::sink> sink;
    if (options.to_syslog)
        sink = std::make_shared<spdlog::sinks::syslog_sink_mt>("pbxctl", 0, 3 << 3 /* LOG_DAEMON */, false);
    else
        sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto one = std::make_shared<spdlog::logger>("pbxctl", sink);
    if (options.format == Format::json)
        one->set_pattern(R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":"%v"})");
    else if (options.to_syslog)
        one->set_pattern("%v");
    else
        one->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
    one->set_level(to_spdlog(options.level));
    one->flush_on(spdlog::level::info);
    return one;
}

std::mutex& making() {
    static std::mutex one;
    return one;
}

// Made by the first line: most runs have nothing to tell, and a start should not pay for it.
std::shared_ptr<spdlog::logger> ready() {
    const std::lock_guard lock(making());
    if (!logger()) logger() = made(options_in_force());
    return logger();
}
}  // namespace

void open(const Options& options) {
    const std::lock_guard lock(making());
    options_in_force() = options;
    logger().reset();
}

bool enabled(Level level) {
    return level >= options_in_force().level && level != Level::off;
}

void write(Level level, std::string_view message) {
    auto line = cleaned(message);
    if (options_in_force().format == Format::json) line = json_escaped(line);
    ready()->log(to_spdlog(level), spdlog::string_view_t(line));
}

}  // namespace pbx::log
