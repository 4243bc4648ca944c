#include "numbering/diff.hpp"

#include "core/result.hpp"
#include "numbering/diff_row.hpp"
#include "numbering/outcome_json.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
constexpr std::array<std::string_view, change_count> change_names{
    "same", "added", "removed", "changed", "service", "order", "unknown", "bad_number"};
constexpr std::size_t number_width = 18, change_width = 10, side_width = 32;

bool same_uris(std::vector<SideUri> a, std::vector<SideUri> b, bool with_services) {
    const auto key = [&](const SideUri& each) {
        return std::pair(each.uri, with_services ? each.service : std::string_view{});
    };
    const auto before = [&](const SideUri& x, const SideUri& y) { return key(x) < key(y); };
    const auto equal = [&](const SideUri& x, const SideUri& y) { return key(x) == key(y); };
    std::sort(a.begin(), a.end(), before);
    std::sort(b.begin(), b.end(), before);
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), equal);
}

Change change_of(const SideRow& first, const SideRow& second) {
    const auto bad = name_of(Status::bad_number);
    if (first.status == bad && second.status == bad) return Change::bad_number;
    if (!first.is_known() || !second.is_known()) return Change::unknown;
    if (first.uris == second.uris) return Change::same;
    if (first.uris.empty()) return Change::added;
    if (second.uris.empty()) return Change::removed;
    const auto ours = first.parse(), theirs = second.parse();
    if (!same_uris(ours, theirs, false)) return Change::changed;
    return same_uris(ours, theirs, true) ? Change::order : Change::service;
}

// "sip:a@example.com, sip:b@example.com | sip:c@example.com": ',' then, '|' or; without URIs "(nxdomain)".
std::string shown(const SideRow& row, Change change) {
    if (row.uris.empty() || !row.is_known()) return fmt::format("({})", row.status);
    std::string out;
    std::size_t rank = 1;
    for (const auto& each : row.parse()) {
        if (!out.empty()) out += each.rank == rank ? " | " : ", ";
        rank = each.rank;
        out += each.uri;
        if (change == Change::service) out.append(" (").append(each.service) += ')';
    }
    return out;
}

void append_side(const SideRow& row, std::string& out) {
    out.append(R"({"status":)");
    append_json(row.status, out);
    out.append(R"(,"uris":[)");
    for (const auto& each : row.parse()) {
        if (out.back() == '}') out += ',';
        out.append(R"({"uri":)");
        append_json(each.uri, out);
        out.append(R"(,"service":)");
        append_json(each.service, out);
        fmt::format_to(std::back_inserter(out), R"(,"rank":{}}})", each.rank);
    }
    out.append("]}");
}

void append_document(const SideRow& first, const SideRow& second, Change change, std::string& out) {
    fmt::format_to(std::back_inserter(out), R"({{"line":{},"number":)", first.line);
    append_json(first.number, out);
    fmt::format_to(std::back_inserter(out), R"(,"change":"{}")", name_of(change));
    if (change == Change::bad_number) {
        out.append(R"(,"why":)");
        append_json(first.uris, out);
    } else {
        out.append(R"(,"old":)");
        append_side(first, out);
        out.append(R"(,"new":)");
        append_side(second, out);
    }
    out.append("}\n");
}

void append_padded(std::string_view text, std::size_t width, std::string& out) {
    out.append(text).append(text.size() < width ? width - text.size() : 0, ' ').append("  ");
}

void append_cells(std::string_view number, std::string_view change, std::string_view before,
                  std::string_view after, std::string& out) {
    append_padded(number, number_width, out);
    append_padded(change, change_width, out);
    if (after.empty()) {
        out.append(before);
    } else {
        append_padded(before, side_width, out);
        out.append(after);
    }
    out += '\n';
}
}  // namespace

std::string_view name_of(Change change) {
    return change_names[static_cast<std::size_t>(change)];
}

void Diff::append_row(std::string_view number, Change change, std::string_view before, std::string_view after,
                      std::string& out) {
    if (form_ == DiffForm::tsv) {
        fmt::format_to(std::back_inserter(out), "{}\t{}\t{}\t{}\n", number, name_of(change), before, after);
        return;
    }
    if (!std::exchange(headed_, true)) append_cells("number", "change", "old", "new", out);
    append_cells(number, name_of(change), before, after, out);
}

void Diff::join(std::string& first, std::string& second, std::string& out) {
    std::size_t first_at = 0, second_at = 0;
    while (true) {
        const auto first_end = first.find('\n', first_at), second_end = second.find('\n', second_at);
        if (first_end == std::string::npos || second_end == std::string::npos) break;
        compare(std::string_view(first).substr(first_at, first_end - first_at),
                std::string_view(second).substr(second_at, second_end - second_at), out);
        first_at = first_end + 1;
        second_at = second_end + 1;
    }
    first.erase(0, first_at);
    second.erase(0, second_at);
}

void Diff::compare(std::string_view first, std::string_view second, std::string& out) {
    const auto ours = SideRow::read(first), theirs = SideRow::read(second);
    const auto change = change_of(ours, theirs);
    ++counts_[static_cast<std::size_t>(change)];
    if (change == Change::same) return;
    if (form_ == DiffForm::json) return append_document(ours, theirs, change, out);
    if (change != Change::bad_number)
        return append_row(ours.number, change, shown(ours, change), shown(theirs, change), out);
    const auto which = ours.number.empty() ? fmt::format("line {}", ours.line) : std::string(ours.number);
    append_row(which, change, fmt::format("({})", ours.uris), "", out);
}

std::uint64_t Diff::rows() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::uint64_t Diff::differing() const {
    return rows() - count(Change::same) - count(Change::unknown) - count(Change::bad_number);
}

int Diff::exit_status() const {
    if (count(Change::unknown) > 0) return static_cast<int>(Code::try_again);
    if (count(Change::bad_number) > 0) return static_cast<int>(Code::data);
    return differing() > 0 ? static_cast<int>(Code::no) : 0;
}

}  // namespace pbx::numbering
