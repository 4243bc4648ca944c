// The rows that come out of a list of numbers: one line each, in JSON, CSV or tab-separated text.
#pragma once

#include "numbering/outcome_json.hpp"
#include "numbering/uri.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::numbering {

enum class RowForm { tsv, csv, json, side };  // side: for Diff, all URIs with their ranks
enum class Column { number, status, uri, service, count, ttl, dial };
[[nodiscard]] std::optional<Column> column_named(std::string_view name);

struct RowLook {
    RowForm form = RowForm::tsv;
    std::optional<Column> only{};  // else all; not of JSON
    std::optional<DialForm> dial{};
    std::size_t record = 1;  // the how-manieth URI, from 1
};

class OutputRows {
  public:
    explicit OutputRows(RowLook look);

    [[nodiscard]] const RowLook& look() const { return look_; }
    // The line above all rows; only CSV has one.
    void append_header(std::string& out) const;
    // Gives what the row says of the number.
    Status append(std::uint64_t line, const Number& number, const Outcome& outcome,
                  std::chrono::nanoseconds took, std::string& out);
    // A row that is no number.
    void append_refused(std::uint64_t line, std::string_view typed, std::string_view why, std::string& out);

    // What the row of this line and number begins with, by which it is known again. Nothing when a row does
    // not tell its number.
    [[nodiscard]] std::optional<std::string> beginning(std::uint64_t line, std::string_view number) const;

    // What a row written like this says; nothing: it is none, or does not tell. Its beginning is enough.
    [[nodiscard]] std::optional<Status> status_in(std::string_view row) const;

  private:
    struct Cells {
        std::string_view number{}, uri{}, service{};
        Status status = Status::ok;
        std::size_t count = 0;
        std::uint32_t ttl = 0;
    };
    void append_cells(const Cells& cells, std::string& out) const;
    void append_cell(std::string_view text, std::string& out) const;
    [[nodiscard]] char separator() const { return look_.form == RowForm::csv ? ',' : '\t'; }

    RowLook look_;
    std::vector<Column> columns_;
    std::string dial_;
};

}  // namespace pbx::numbering
