// Points in time as the database keeps them: whole milliseconds since 1970 in UTC.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace pbx::store {

[[nodiscard]] inline std::int64_t to_ms(std::chrono::system_clock::time_point time) {
    return std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

[[nodiscard]] inline std::optional<std::int64_t> to_ms(
    const std::optional<std::chrono::system_clock::time_point>& time) {
    if (!time) return std::nullopt;
    return to_ms(*time);
}

[[nodiscard]] inline std::chrono::system_clock::time_point from_ms(std::int64_t milliseconds) {
    return std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds));
}

}  // namespace pbx::store
