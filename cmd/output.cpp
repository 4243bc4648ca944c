#include "cmd/output.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <ostream>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
std::string_view code_of(Paint paint) {
    switch (paint) {
        case Paint::none:
            return "";
        case Paint::good:
            return "32";
        case Paint::warn:
            return "33";
        case Paint::bad:
            return "31";
        case Paint::dim:
            return "2";
        case Paint::bold:
            return "1";
    }
    return "";
}

// A cell may not break the line or the column it stands in.
std::string cell(std::string_view text) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; },
        ' ');
    return out;
}

std::string dumped(const nlohmann::ordered_json& value, int indent) {
    // a name from outside that isn't UTF-8 must not end the program
    return value.dump(indent, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void aligned(std::ostream& out, const Table& table, const Output& output) {
    std::vector<std::size_t> widths(table.columns.size(), 0);
    const auto measure = [&](const std::vector<std::string>& row) {
        for (std::size_t i = 0; i < widths.size() && i < row.size(); ++i)
            widths[i] = std::max(widths[i], text::columns(row[i]));
    };
    measure(table.columns);
    std::for_each(table.rows.begin(), table.rows.end(), measure);
    const auto print = [&](const std::vector<std::string>& row, Paint paint) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += cell(row[i]);
            if (i + 1 < row.size()) line.append(widths[i] - text::columns(row[i]) + 2, ' ');
        }
        out << output.painted(paint, line) << '\n';
    };
    print(table.columns, Paint::bold);
    for (const auto& row : table.rows)
        print(row, Paint::none);
}
}  // namespace

std::string Output::painted(Paint paint, std::string_view text) const {
    if (!colour_ || paint == Paint::none) return std::string(text);
    return "\x1b[" + std::string(code_of(paint)) + "m" + std::string(text) + "\x1b[0m";
}

void Output::line(std::string_view text) {
    context_.out << text << '\n';
}

void Output::table(const Table& table) {
    if (json_) {
        auto list = nlohmann::ordered_json::array();
        for (const auto& row : table.rows) {
            auto object = nlohmann::ordered_json::object();
            for (std::size_t i = 0; i < row.size(); ++i)
                object[table.columns[i]] = row[i];
            list.push_back(std::move(object));
        }
        return document(list);
    }
    if (terminal()) return aligned(context_.out, table, *this);
    for (const auto& row : table.rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
            context_.out << (i == 0 ? "" : "\t") << cell(row[i]);
        context_.out << '\n';
    }
}

void Output::document(const nlohmann::ordered_json& value) {
    context_.out << dumped(value, terminal() ? 2 : -1) << '\n';
}

void Output::event(const nlohmann::ordered_json& value) {
    context_.out << dumped(value, -1) << '\n' << std::flush;
}

std::string stamp(std::chrono::system_clock::time_point time) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch()).count();
    return fmt::format("{:%FT%T}.{:03}Z", fmt::gmtime(static_cast<std::time_t>(ms / 1000)), ms % 1000);
}

std::string json_string(std::string_view text) {
    return dumped(nlohmann::ordered_json(std::string(text)), -1);
}

}  // namespace pbx::cmd
