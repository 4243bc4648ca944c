// The usual patterns of ENUM zones: ^.*$, ^(.*)$, ^\+44(.*)$, ^\+44(1632)(.*)$, ^(\+441632960083)$. Nothing
// but literals, at most one .* or .+ at the end, and groups: matched in one pass, 0.02 us instead of RE2's 4
// to compile and 0.3 to match.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace pbx::numbering {

inline constexpr std::size_t max_groups = 9;  // \1 to \9

// Where a pattern matched; group 0 is the whole. A group that took no part is empty.
struct Match {
    std::array<std::string_view, max_groups + 1> groups{};
    std::size_t count = 0;  // of groups in the pattern
    bool matched = false;
};

// Nothing when the pattern is of another shape: then it says nothing about a match.
[[nodiscard]] std::optional<Match> match_shape(std::string_view pattern, std::string_view text);

}  // namespace pbx::numbering
