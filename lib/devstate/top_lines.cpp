#include "core/text.hpp"
#include "devstate/top.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::devstate {

namespace {
constexpr std::size_t between = 2;  // blanks between columns

// The first code points of a line.
std::string cut_to(const std::string& text, std::size_t width) {
    if (text::columns(text) <= width) return text;
    const auto points = text::decode_utf8(text);
    return text::encode_utf8(std::u32string_view(points).substr(0, width));
}

// Columns from `first` up to `end`.
class Layout {
  public:
    Layout(const TopTable& table, std::size_t first, std::size_t end)
        : table_(table), first_(first), end_(end) {
        for (const auto& column : table.columns)
            widths_.push_back(column.name.size());
        for (const auto& row : table.rows)
            for (std::size_t i = 0; i < row.cells.size() && i < widths_.size(); ++i)
                widths_[i] = std::max(widths_[i], text::columns(row.cells[i]));
    }

    [[nodiscard]] std::string head() const {
        std::vector<std::string> names;
        for (const auto& column : table_.columns)
            names.emplace_back(column.name);
        return line(names);
    }
    [[nodiscard]] std::string line(const std::vector<std::string>& cells) const {
        std::string out;
        for (std::size_t i = first_; i < end_ && i < cells.size(); ++i) {
            const std::string blanks(widths_[i] - text::columns(cells[i]), ' ');
            const bool number = table_.columns[i].number;
            if (i > first_) out.append(between, ' ');
            out += number ? blanks + cells[i] : cells[i] + blanks;
        }
        out.erase(out.find_last_not_of(' ') + 1);
        return out;
    }

  private:
    const TopTable& table_;
    std::size_t first_, end_;
    std::vector<std::size_t> widths_{};
};
}  // namespace

std::vector<TopLine> top_lines(std::span<const TopTable> tables, std::size_t width, std::size_t height) {
    const bool one_relay = !tables.empty() && tables.front().rows.size() == 1;
    std::vector<TopLine> out;
    for (const auto& table : tables) {
        if (table.rows.empty()) continue;
        if (!out.empty()) out.emplace_back();
        const bool relays = table.what == "relay";
        const auto columns = table.columns.size();
        const Layout layout(table, one_relay && !relays ? 1 : 0, relays ? columns - 1 : columns);
        out.push_back({.text = cut_to(layout.head(), width), .head = true});
        for (const auto& row : table.rows)
            out.push_back({.text = cut_to(layout.line(row.cells), width), .mood = row.mood});
        if (!relays) continue;
        for (const auto& row : table.rows)  // too long for a column
            if (row.cells.back() != "-")
                out.push_back(
                    {.text = cut_to(row.cells.front() + ": " + row.cells.back(), width), .mood = row.mood});
    }
    if (out.size() > height) {
        const auto kept = height == 0 ? 0 : height - 1;
        const auto left = out.size() - kept;
        out.resize(kept);
        if (height > 0)
            out.push_back({.text = cut_to(fmt::format("… {} lines more", left), width), .mood = Mood::dim});
    }
    return out;
}

}  // namespace pbx::devstate
