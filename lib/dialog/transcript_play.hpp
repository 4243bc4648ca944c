// One test played against the engine up to its first difference. Not for others to include.
#pragma once

#include "dialog/transcript.hpp"

#include <optional>

namespace pbx::dialog {

struct Difference {
    std::uint32_t line = 0;
    std::string what;
};
[[nodiscard]] std::optional<Difference> play(const Dialog& dialog, const Script::Test& test);

}  // namespace pbx::dialog
