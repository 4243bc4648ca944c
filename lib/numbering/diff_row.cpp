#include "numbering/diff_row.hpp"

#include "numbering/outcome_json.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
// Neither is an octet of a URI or of a service (uri.cpp, services.cpp).
constexpr char or_mark = '|', then_mark = ',';
constexpr auto first_unasked = Status::truncated;  // from there on it may be different a moment later

std::string_view take_cell(std::string_view& row) {
    const auto end = std::min(row.find('\t'), row.size());
    const auto out = row.substr(0, end);
    row.remove_prefix(std::min(end + 1, row.size()));
    return out;
}

auto place_of(const Record& record) {
    return std::tuple(record.hop, record.order, record.preference);
}

void append_head(std::uint64_t line, std::string_view number, Status status, std::string& out) {
    const fmt::format_int digits(line);
    out.append(digits.data(), digits.size()).append("\t").append(number).append("\t");
    out.append(name_of(status)) += '\t';
}

// Of records that stand at the same place, sorted by what they give.
void append_group(std::vector<const Record*>& group, std::string& out) {
    std::sort(group.begin(), group.end(), [](const Record* a, const Record* b) {
        return std::tie(a->service, a->uri) < std::tie(b->service, b->uri);
    });
    for (const auto* record : group) {
        if (record != group.front()) out += or_mark;
        out.append(record->service).append(" ").append(record->uri);
    }
    group.clear();
}
}  // namespace

SideRow SideRow::read(std::string_view row) {
    SideRow out;
    for (auto* cell : {&out.line, &out.number, &out.status})
        *cell = take_cell(row);
    out.uris = row;
    return out;
}

bool SideRow::is_known() const {
    for (auto unasked : {Status::malformed, Status::truncated, Status::refused, Status::servfail,
                         Status::timeout, Status::unreachable, Status::bogus})
        if (status == name_of(unasked)) return false;
    return true;
}

std::vector<SideUri> SideRow::parse() const {
    std::vector<SideUri> out;
    std::size_t rank = 1;
    for (auto left = uris; !left.empty();) {
        const auto end = std::min(left.find_first_of("|,"), left.size());
        const auto item = left.substr(0, end);
        const auto blank = std::min(item.find(' '), item.size());
        out.push_back({rank, item.substr(0, blank), item.substr(std::min(blank + 1, item.size()))});
        if (end < left.size() && left[end] == then_mark) ++rank;
        left.remove_prefix(std::min(end + 1, left.size()));
    }
    return out;
}

Status append_side_row(std::uint64_t line, std::string_view number, const Outcome& outcome,
                       std::string& out) {
    // where a part could not be asked, nobody can say what the whole is
    const auto status = outcome.partial                  ? Status::truncated
                        : outcome.worst >= first_unasked ? outcome.worst
                        : outcome.uris.empty()           ? status_without_uri(outcome)
                                                         : Status::ok;
    if (status == Status::bad_number) {
        append_side_row(line, number, "longer than the 15 digits of an E.164 number", out);
        return status;
    }
    append_head(line, number, status, out);
    std::vector<const Record*> group;
    for (auto index : outcome.uris) {
        const auto& record = outcome.records()[index];
        if (!group.empty() && place_of(*group.back()) != place_of(record)) {
            append_group(group, out);
            out += then_mark;
        }
        group.push_back(&record);
    }
    append_group(group, out);
    out += '\n';
    return status;
}

void append_side_row(std::uint64_t line, std::string_view typed, std::string_view why, std::string& out) {
    append_head(line, typed, Status::bad_number, out);
    out.append(why) += '\n';
}

}  // namespace pbx::numbering
