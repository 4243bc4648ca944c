// Any octets as a list of numbers: the first octet says whether it is CSV, the second how large the portions
// are that it comes in. The same rows are found whatever they are, and a cell that is written is read back.
#include "numbering/bulk_input.hpp"
#include "numbering/csv.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

using namespace pbx::numbering;

namespace {
struct Seen {
    std::uint64_t line = 0;
    std::string typed{}, fault{};
    bool operator==(const Seen&) const = default;
};

std::vector<Seen> rows_of(std::string_view text, const char* column, std::size_t portion) {
    InputRows rows(column);
    std::vector<Seen> out;
    while (true) {
        const auto row = rows.next();
        if (!row) {
            out.push_back({.fault = row.error().text()});
            return out;
        }
        if (*row) {
            out.push_back({(*row)->line, std::string((*row)->typed), std::string((*row)->fault)});
            continue;
        }
        if (rows.at_end()) return out;
        const auto room = rows.room();
        if (room.empty()) std::abort();
        const auto size = std::min({portion, text.size(), room.size()});
        std::copy_n(text.begin(), size, room.begin());
        text.remove_prefix(size);
        rows.filled(size);
    }
}

void check_cell(const std::string& cell) {
    std::string row, read;
    csv::append_cell(cell, row);
    // what a spreadsheet would carry out has a ' before it
    if (!csv::cell(row + ",x", ',', 0, read) || (read != cell && read != "'" + cell)) std::abort();
    if (csv::row_end(row + "\n", ',') != row.size()) std::abort();
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    static constexpr const char* columns[] = {"", "phone", "1", "3"};
    const auto* column = columns[data[0] % 4];
    const std::string_view text(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto rows = rows_of(text, column, max_input_row);
    if (rows != rows_of(text, column, 1U + data[1])) std::abort();
    std::uint64_t last = 0;
    for (const auto& row : rows) {
        if (row.line != 0 && row.line <= last) std::abort();
        last = row.line;
        check_cell(row.typed);
    }
    return 0;
}
