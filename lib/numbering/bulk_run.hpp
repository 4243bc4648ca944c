// A list of numbers looked up, from a descriptor to a descriptor: reading, asking and writing side by side,
// so that neither a slow list nor a slow reader loses an answer. INT and TERM end it: no row is begun any
// more, those under way are finished, within stop_time; a second one ends it at once.
#pragma once

#include "numbering/bulk_again.hpp"
#include "numbering/bulk_asker.hpp"
#include "numbering/bulk_file.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace pbx::numbering {

inline constexpr std::chrono::seconds stop_time{5};

struct BulkProgress {
    std::uint64_t rows = 0;
    std::uint64_t read = 0, size = 0;  // octets of the list; size 0: it is no file
    std::chrono::nanoseconds took{};
};

// What is asked of each number, and what its rows are like.
struct BulkSide {
    const LookupSettings& lookup;
    RowLook look{};
};

// Takes whole rows from the front of both sides', as many as both have, and appends the result's.
using JoinRows = std::function<void(std::string& first, std::string& second, std::string& out)>;

struct BulkSettings {
    int in = 0, out = 1;
    std::string column{};          // InputRows
    JoinRows join{};               // of two sides; the rows of one are the result's
    std::uint64_t rate = 0;        // most numbers a second; 0: as fast as they are answered
    ResumeFile* resume = nullptr;  // instead of `out`
    AgainFile* again = nullptr;    // of `resume`: its rows without an answer are asked for again
    std::function<void(const BulkProgress&)> progress{};  // a few times a second
};

struct BulkEnd {
    BulkCounts counts{};        // of the first side
    int signal = 0;             // that ended it
    bool reader_left = false;   // the one who read `out`
    std::uint64_t resumed = 0;  // rows that were there already
    std::chrono::nanoseconds took{};
};

// Code::try_again when no server of a side answers anything for max_silence.
[[nodiscard]] Result<BulkEnd> run_bulk(const std::vector<BulkSide>& sides, const BulkSettings& settings,
                                       const Clock& clock);

}  // namespace pbx::numbering
