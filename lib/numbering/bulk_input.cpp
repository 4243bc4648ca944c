#include "numbering/bulk_input.hpp"

#include "core/text.hpp"
#include "numbering/csv.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr long long max_columns = 16'384;  // as a spreadsheet has

std::string_view without_line_end(std::string_view row) {
    if (row.ends_with('\n')) row.remove_suffix(1);
    if (row.ends_with('\r')) row.remove_suffix(1);
    return row;
}
}  // namespace

InputRows::InputRows(std::string column)
    : buffer_(std::make_unique_for_overwrite<char[]>(capacity)), column_(std::move(column)) {
    const auto number = text::to_integer(column_);
    if (number && *number >= 1 && *number <= max_columns) index_ = static_cast<std::size_t>(*number - 1);
}

std::span<char> InputRows::room() {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    return {buffer_.get() + end_, capacity - end_};
}

void InputRows::filled(std::size_t size) {
    end_ += size;
    ended_ = size == 0;
}

void InputRows::skip_mark() {
    begun_ = true;
    if (left().starts_with(byte_order_mark)) begin_ += byte_order_mark.size();
    if (!column_.empty()) separator_ = csv::separator_of(left().substr(0, left().find('\n')));
}

bool InputRows::skip_line() {
    const auto at = left().find('\n');
    begin_ = at == std::string_view::npos ? end_ : begin_ + at + 1;
    if (at == std::string_view::npos) return false;
    ++line_;
    skipping_ = false;
    return true;
}

std::optional<std::string_view> InputRows::take_row(InputRow& row) {
    // looked for no further than a row may reach: whatever the portions, the same rows are found
    const auto sight = left().substr(0, max_input_row + 1);
    const auto newline = column_.empty() ? sight.find('\n') : csv::row_end(sight, separator_);
    auto size = newline == sight.npos ? sight.size() : newline + 1;
    if (newline == sight.npos && size <= max_input_row && !ended_) return std::nullopt;
    bool too_long = newline == sight.npos && size > max_input_row;
    row = {.line = line_ + 1, .fault = too_long ? "longer than 64 KB" : ""};
    // a quote that is not closed hides a line feed: it costs its own line, not those behind it
    if (const auto first = sight.find('\n'); newline == sight.npos && first != sight.npos) {
        row.fault = "a quote without its other end";
        too_long = false;
        size = first + 1;
    }
    if (too_long) size = max_input_row;
    const auto text = sight.substr(0, size);
    line_ += static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    skipping_ = too_long;
    begin_ += size;
    return text;
}

Result<void> InputRows::read_header(std::string_view row) {
    std::vector<std::string> names;
    for (std::size_t i = 0; csv::cell(row, separator_, i, cell_) && names.size() < max_columns; ++i) {
        names.emplace_back(text::trim(cell_));
        if (text::lower(names.back()) == text::lower(text::trim(column_))) index_ = i;
    }
    if (index_) return {};
    const auto close = text::suggestions(column_, names);
    std::string hint = close.empty() ? "" : fmt::format("did you mean {}? ", text::join(close, ", "));
    return fail(Code::data, fmt::format("its first row has no column \"{}\"", column_), "the list",
                hint + "or give its number, from 1");
}

void InputRows::pick(std::string_view text, InputRow& row) {
    if (column_.empty()) {
        row.typed = text::trim(text);
    } else if (csv::cell(text, separator_, *index_, cell_)) {
        row.typed = text::trim(cell_);
    } else {
        row.fault = "the row has no such column";
    }
}

Result<std::optional<InputRow>> InputRows::next() {
    if (!begun_) {
        if (!ended_ && left().find('\n') == std::string_view::npos && left().size() <= max_input_row)
            return std::nullopt;
        skip_mark();
    }
    while (!skipping_ || skip_line()) {
        InputRow row;
        const auto taken = left().empty() ? std::nullopt : take_row(row);
        if (!taken) return std::nullopt;
        const auto text = without_line_end(*taken);
        if (row.fault.empty() && text::trim(text).empty()) continue;
        if (row.fault.empty() && !column_.empty() && !index_) {
            if (auto read = read_header(text); !read) return Unexpected(read.error());
            continue;
        }
        if (row.fault.empty()) pick(text, row);
        return row;
    }
    return std::nullopt;
}

}  // namespace pbx::numbering
