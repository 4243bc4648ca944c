// Durations as people write them in .conf files and options: 700ms, 6s, 2m, 1h, 1d. A bare number is refused:
// its unit would be a guess.
#pragma once

#include "core/result.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace pbx {

[[nodiscard]] Result<std::chrono::milliseconds> parse_duration(std::string_view text);
[[nodiscard]] std::string format_duration(std::chrono::milliseconds value);  // the shortest exact form

}  // namespace pbx
