// The log: stderr when someone reads it (TTY, pipe), syslog otherwise (Asterisk's unit sends stderr to
// /dev/null). Text of callers and peers is cleaned of control bytes; numbers and tokens are logged at debug
// only.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace pbx::log {

enum class Level { debug, info, warning, error, off };
enum class Format { text, json };

struct Options {
    Level level = Level::warning;
    Format format = Format::text;
    bool to_syslog = false;
};

void open(const Options& options);
[[nodiscard]] bool enabled(Level level);
void write(Level level, std::string_view message);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::debug)) write(Level::debug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::info)) write(Level::info, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::warning)) write(Level::warning, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
    if (enabled(Level::error)) write(Level::error, fmt::format(format, std::forward<Args>(args)...));
}

// Control characters become '?', C1 among them; the rest stays.
[[nodiscard]] std::string cleaned(std::string_view message);

}  // namespace pbx::log
