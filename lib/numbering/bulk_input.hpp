// The rows of a list of numbers, out of octets that come in any portions: one number a line, or one column of
// CSV. No I/O, and no judgement on the numbers.
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pbx::numbering {

inline constexpr std::size_t max_input_row = 64 * 1024;  // octets; of a longer one only that it was there

struct InputRow {
    std::uint64_t line = 0;    // it begins on, from 1
    std::string_view typed{};  // good until the next call
    std::string_view fault{};  // why it cannot even be a number; static storage
};

// A quote without its other end, within the limit of a row, makes its own line faulty and no other.
// Blank rows are passed over; CR before LF and a byte order mark are no part of a row.
class InputRows {
  public:
    // `column` empty: the whole line is the number. Else the input is CSV (RFC 4180, its separator the one of
    // , ; and TAB that the first line has most of) and the column a number from 1, or a name in the first
    // row.
    explicit InputRows(std::string column = {});

    [[nodiscard]] std::span<char> room();  // to be read into; never empty
    void filled(std::size_t size);         // 0: the input ends here
    // Nothing: more is to be read, or the input is at its end. Code::data when it has no such column.
    [[nodiscard]] Result<std::optional<InputRow>> next();
    [[nodiscard]] bool at_end() const { return ended_ && begin_ == end_; }

  private:
    static constexpr std::size_t capacity = 4 * max_input_row;

    [[nodiscard]] std::string_view left() const { return {buffer_.get() + begin_, end_ - begin_}; }
    // With its line end; nothing: not whole yet.
    [[nodiscard]] std::optional<std::string_view> take_row(InputRow& row);
    [[nodiscard]] bool skip_line();
    void skip_mark();
    [[nodiscard]] Result<void> read_header(std::string_view row);
    void pick(std::string_view text, InputRow& row);

    std::unique_ptr<char[]> buffer_;
    std::size_t begin_ = 0, end_ = 0;
    std::uint64_t line_ = 0;  // lines taken
    bool ended_ = false, skipping_ = false, begun_ = false;
    std::string column_;
    std::optional<std::size_t> index_;  // of the column
    char separator_ = ',';
    std::string cell_;
};

}  // namespace pbx::numbering
