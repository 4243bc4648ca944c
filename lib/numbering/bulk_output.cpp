#include "numbering/bulk_output.hpp"

#include "core/log.hpp"
#include "core/text.hpp"
#include "numbering/csv.hpp"
#include "numbering/diff_row.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
constexpr std::array<std::string_view, 7> column_names{"number", "status", "uri", "service",
                                                       "count",  "ttl",    "dial"};

template <class T>
void append_number(T number, std::string& out) {
    const fmt::format_int digits(number);
    out.append(digits.data(), digits.size());
}

// Text that keeps to its row and its column.
std::string shown(std::string_view typed) {
    return log::cleaned(typed.substr(0, max_typed));
}

// {"line":12,
void begin_json(std::uint64_t line, std::string& out) {
    out += "{\"line\":";
    append_number(line, out);
    out += ',';
}
}  // namespace

std::optional<Column> column_named(std::string_view name) {
    const auto at = std::find(column_names.begin(), column_names.end(), name);
    if (at == column_names.end()) return std::nullopt;
    return static_cast<Column>(at - column_names.begin());
}

OutputRows::OutputRows(RowLook look) : look_(std::move(look)) {
    if (look_.only) {
        columns_ = {*look_.only};
        return;
    }
    columns_ = {Column::number, Column::status, Column::uri, Column::service, Column::count, Column::ttl};
    if (look_.dial) columns_.push_back(Column::dial);
}

void OutputRows::append_header(std::string& out) const {
    if (look_.form != RowForm::csv) return;
    for (auto column : columns_)
        out.append(column_names[static_cast<std::size_t>(column)]) += separator();
    out.back() = '\n';
}

void OutputRows::append_cell(std::string_view text, std::string& out) const {
    if (look_.form == RowForm::csv)
        csv::append_cell(text, out);
    else
        out.append(text);
}

void OutputRows::append_cells(const Cells& cells, std::string& out) const {
    for (auto column : columns_) {
        switch (column) {
            case Column::number:
                append_cell(cells.number, out);
                break;
            case Column::status:
                out.append(name_of(cells.status));
                break;
            case Column::uri:
                append_cell(cells.uri, out);
                break;
            case Column::service:
                append_cell(cells.service, out);
                break;
            case Column::count:
                append_number(cells.count, out);
                break;
            case Column::ttl:
                append_number(cells.ttl, out);
                break;
            case Column::dial:
                append_cell(dial_, out);
                break;
        }
        out += separator();
    }
    out.back() = '\n';
}

Status OutputRows::append(std::uint64_t line, const Number& number, const Outcome& outcome,
                          std::chrono::nanoseconds took, std::string& out) {
    if (look_.form == RowForm::side) return append_side_row(line, number.text(), outcome, out);
    const bool found = look_.record <= outcome.uris.size();
    const auto status = found ? Status::ok : status_without_uri(outcome);
    const auto uri = found ? std::string_view(outcome.uri(look_.record - 1)) : std::string_view{};
    dial_.clear();
    for (auto i = look_.record - 1; look_.dial && i < outcome.uris.size() && dial_.empty(); ++i)
        dial_ = dial_string(*look_.dial, outcome.uri(i));
    std::string isn;
    if (number.is_isn()) isn = number.text();
    const std::string_view text = number.is_isn() ? isn : number.aus;
    if (look_.form == RowForm::json) {
        begin_json(line, out);
        append_json(outcome, {.number = text, .uri = uri, .dial = dial_, .took = took}, out);
        out += "}\n";
        return status;
    }
    Cells cells{
        .number = text, .uri = uri, .status = status, .count = outcome.uris.size(), .ttl = outcome.ttl};
    if (found) cells.service = outcome.records()[outcome.uris[look_.record - 1]].service;
    append_cells(cells, out);
    return status;
}

void OutputRows::append_refused(std::uint64_t line, std::string_view typed, std::string_view why,
                                std::string& out) {
    if (look_.form == RowForm::side) return append_side_row(line, shown(typed), why, out);
    constexpr auto status = Status::bad_number;
    dial_.clear();
    if (look_.form != RowForm::json) return append_cells({.number = shown(typed), .status = status}, out);
    begin_json(line, out);
    out += "\"number\":";
    append_json(typed.substr(0, max_typed), out);
    out.append(R"(,"status":"error","code":")").append(name_of(status)).append(R"(","why":)");
    append_json(why, out);
    out += "}\n";
}

std::optional<Status> OutputRows::status_in(std::string_view row) const {
    if (look_.form == RowForm::json) {
        // a quote of the number's own has a backslash before it
        constexpr std::string_view ok = R"(","status":"ok")", error = R"(","status":"error","code":")";
        if (const auto at = row.find(ok.substr(0, ok.size() - 3)); at != row.npos) {
            const auto rest = row.substr(at);
            if (rest.starts_with(ok)) return Status::ok;
            if (!rest.starts_with(error)) return std::nullopt;
            const auto code = rest.substr(error.size());
            return status_named(code.substr(0, code.find('"')));
        }
        return std::nullopt;
    }
    const auto column = std::find(columns_.begin(), columns_.end(), Column::status);
    if (column == columns_.end()) return std::nullopt;
    const auto index = static_cast<std::size_t>(column - columns_.begin());
    std::string cell;
    if (look_.form == RowForm::csv)
        return csv::cell(row, separator(), index, cell) ? status_named(cell) : std::nullopt;
    const auto cells = text::split(row, separator());
    return index < cells.size() ? status_named(cells[index]) : std::nullopt;
}

std::optional<std::string> OutputRows::beginning(std::uint64_t line, std::string_view number) const {
    std::string out;
    if (look_.form == RowForm::json) {
        begin_json(line, out);
        out += "\"number\":";
        append_json(number.substr(0, max_typed), out);
        return out + ',';
    }
    if (columns_.front() != Column::number) return std::nullopt;
    append_cell(shown(number), out);
    return out + separator();
}

}  // namespace pbx::numbering
