// The tables of `devstate top`: what relays say of themselves, and what has changed between two looks. Pure:
// who asked, when, and how it is printed is not known here.
#pragma once

#include "devstate/relay_status.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::devstate {

// One relay as it was seen last, and the time before.
struct Seen {
    std::string from{};     // where it was asked
    std::string trouble{};  // why it did not answer; empty: `now` is what it said
    std::optional<RelayStatus> before{}, now{};

    void take(Result<RelayStatus> status);  // of another look
};

// Per second, by the relay's own clock.
struct Rates {
    double seconds = 0;  // between the two looks
    double written = 0, suppressed = 0, taken = 0, stale = 0;
    std::optional<double> p50{}, p99{};  // seconds of lag of what was written meanwhile
};
// Nothing: it is another life of the relay, or no time passed.
[[nodiscard]] std::optional<Rates> rates_between(const RelayStatus& before, const RelayStatus& now);

enum class Mood { plain, good, warn, bad, dim };

struct TopColumn {
    std::string_view name;  // lower case, no blanks
    bool number = false;    // stands at the right of its column
};

struct TopRow {
    std::vector<std::string> cells{};
    Mood mood = Mood::plain;
};

struct TopTable {
    std::string_view what;  // "relay", "server", "link"
    std::span<const TopColumn> columns;
    std::vector<TopRow> rows{};
};

// Relays; servers, each relay's own and the others', those out of reach first; links, those down first. Cells
// are fit for a terminal; "-" is what can't be told. The first cell of a row is its relay's name.
[[nodiscard]] std::vector<TopTable> top_tables(std::span<const Seen> all);

struct TopLine {
    std::string text{};
    Mood mood = Mood::plain;
    bool head = false;  // names of columns
};

// The same for a terminal of this size, aligned: no line is wider, and no more lines than fit; what is left
// out is said. With one relay the column of its name is left out; a relay's trouble has a line
// of its own.
[[nodiscard]] std::vector<TopLine> top_lines(std::span<const TopTable> tables, std::size_t width,
                                             std::size_t height);

}  // namespace pbx::devstate
