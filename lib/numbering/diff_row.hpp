// What one side says of a number, as a row of text between the lookups and their comparison: two sides agree
// when their texts do. URIs of the same order and preference have no order among themselves: they share a
// rank, and stand sorted.
#pragma once

#include "numbering/lookup.hpp"
#include "numbering/status.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::numbering {

struct SideUri {
    std::size_t rank = 1;  // 1 is tried first
    std::string_view service{}, uri{};
};

// "LINE TAB NUMBER TAB STATUS TAB URIS"; of a line that is no number URIS is why.
struct SideRow {
    std::string_view line{}, number{}, status{}, uris{};

    [[nodiscard]] static SideRow read(std::string_view row);
    [[nodiscard]] bool is_known() const;  // the side has answered: URIs, or a clean "no"
    [[nodiscard]] std::vector<SideUri> parse() const;
};

// A row of a number that was asked for. Gives the status.
Status append_side_row(std::uint64_t line, std::string_view number, const Outcome& outcome, std::string& out);
// A line that is no number.
void append_side_row(std::uint64_t line, std::string_view typed, std::string_view why, std::string& out);

}  // namespace pbx::numbering
