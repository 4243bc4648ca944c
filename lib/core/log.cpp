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

std::string cleaned(std::string_view message) {
    std::string out(message);
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
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
