#include "numbering/csv.hpp"

#include <algorithm>
#include <array>

namespace pbx::numbering::csv {

namespace {
// Behind a quoted cell that begins at `at`: past its last quote, or npos when that is not there.
std::size_t past_quotes(std::string_view text, std::size_t at) {
    for (auto quote = text.find('"', at + 1); quote != text.npos; quote = text.find('"', quote + 2))
        if (quote + 1 >= text.size() || text[quote + 1] != '"') return quote + 1;
    return text.npos;
}

// Where the cell that begins at `at` ends: at a separator, a line feed or the end. npos: inside quotes.
std::size_t cell_end(std::string_view text, std::size_t at, char separator) {
    if (at < text.size() && text[at] == '"') at = past_quotes(text, at);
    if (at == text.npos) return at;
    const std::array<char, 2> stops{separator, '\n'};
    const auto end = text.find_first_of(std::string_view(stops.data(), stops.size()), at);
    return std::min(end, text.size());
}
// What spreadsheets carry out instead of showing it; a + with nothing but digits behind it they cannot.
bool is_formula(std::string_view text) {
    if (text.empty()) return false;
    if (text[0] == '+') return text.size() == 1 || text.find_first_not_of("0123456789", 1) != text.npos;
    return text[0] == '=' || text[0] == '-' || text[0] == '@';
}
}  // namespace

char separator_of(std::string_view line) {
    char best = ',';
    std::ptrdiff_t most = 0;
    for (char candidate : {',', ';', '\t'}) {
        bool quoted = false;
        const auto count = std::count_if(line.begin(), line.end(), [&](char c) {
            quoted = quoted != (c == '"');
            return c == candidate && !quoted;
        });
        if (count > most) {
            best = candidate;
            most = count;
        }
    }
    return best;
}

std::size_t row_end(std::string_view text, char separator) {
    for (std::size_t at = 0;; ++at) {
        at = cell_end(text, at, separator);
        if (at == text.npos || at == text.size()) return text.npos;
        if (text[at] == '\n') return at;
    }
}

bool cell(std::string_view row, char separator, std::size_t index, std::string& out) {
    std::size_t at = 0;
    auto end = std::min(cell_end(row, at, separator), row.size());
    for (; index > 0; --index) {
        if (end == row.size()) return false;
        at = end + 1;
        end = std::min(cell_end(row, at, separator), row.size());
    }
    const auto raw = row.substr(at, end - at);
    out.clear();
    if (!raw.starts_with('"')) {
        out.assign(raw);
        return true;
    }
    const auto past = std::min(past_quotes(raw, 0), raw.size());
    const bool closed = past > 1 && raw[past - 1] == '"';
    const auto inside = raw.substr(1, past - 1 - (closed ? 1 : 0));
    for (std::size_t i = 0; i < inside.size(); ++i) {
        out += inside[i];
        if (inside[i] == '"') ++i;  // it is doubled
    }
    out.append(raw.substr(past));
    return true;
}

void append_cell(std::string_view text, std::string& out) {
    const std::string_view mark = is_formula(text) ? "'" : "";
    if (text.find_first_of(",;\"\r\n\t") == text.npos) {
        out.append(mark).append(text);
        return;
    }
    (out += '"').append(mark);
    for (char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

}  // namespace pbx::numbering::csv
