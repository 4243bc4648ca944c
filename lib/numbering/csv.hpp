// CSV as spreadsheets write it (RFC 4180): rows and cells found in octets, cells written. A quote counts only
// at the beginning of a cell.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pbx::numbering::csv {

// The one of , ; and TAB that a line has most of outside quotes; a comma when it has none.
[[nodiscard]] char separator_of(std::string_view line);

// Where the first row's line feed stands, one outside quotes; npos: it is not there.
[[nodiscard]] std::size_t row_end(std::string_view text, char separator);

// The cell at `index` (from 0) of a row without its line end, out of its quotes. false: there is none.
[[nodiscard]] bool cell(std::string_view row, char separator, std::size_t index, std::string& out);

// A cell with quotes if it needs them, and a ' before what a spreadsheet would take for a formula.
void append_cell(std::string_view text, std::string& out);

}  // namespace pbx::numbering::csv
