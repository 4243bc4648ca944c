#include "numbering/lint.hpp"

#include "core/text.hpp"
#include "dns/zone_file.hpp"
#include "numbering/lint_zone.hpp"

#include <algorithm>

namespace pbx::numbering {

namespace {
constexpr std::string_view not_loaded = "a name server refuses the line, or the whole zone";
constexpr std::size_t regexp_word = 5;  // behind NAPTR: order, preference, flags, services, regexp

std::string key_of(std::string_view name) {
    return text::lower_ascii(name);
}

// The regexp field of a line as it is written there; empty when the line has none.
std::string written_regexp(std::string_view line) {
    const auto words = dns::zone_words(line);
    const auto type =
        std::find_if(words.begin(), words.end(), [](auto word) { return text::iequal_ascii(word, "NAPTR"); });
    if (words.end() - type <= static_cast<std::ptrdiff_t>(regexp_word)) return {};
    return std::string(*(type + regexp_word));
}

LintOwner& owner_of(LintZone& zone, const dns::Name& name) {
    auto text = name.text();
    const auto [found, fresh] = zone.by_name.emplace(key_of(text), zone.owners.size());
    if (fresh) {
        auto& owner = zone.owners.emplace_back();
        owner.name = std::move(text);
        owner.whose = whose(name);
        owner.aus = owner.whose.aus;
    }
    return zone.owners[found->second];
}

void take_naptr(LintZone& zone, const dns::ZoneItem& item) {
    auto& record = owner_of(zone, item.owner).records.emplace_back();
    record.line = item.line.first;
    record.data.assign(reinterpret_cast<const char*>(item.data.data()), item.data.size());
    record.written = written_regexp(item.line.text);
    if (const auto fields = read_naptr(record.data)) {
        record.judged.flags = fields->naptr.flags;
        record.judged.regexp = fields->naptr.regexp;
        record.judged.replacement = fields->replacement;
    }
}

// ldns says little of a backslash that is none of a zone file's; we know what was meant.
void take_fault(LintZone& zone, const dns::ZoneItem& item) {
    LintOwner owner;
    const auto words = dns::zone_words(item.line.text);
    const bool named = item.line.text.find_first_of(" \t$") != 0;
    if (!words.empty() && named) owner.name = words.front();
    LintRecord record;
    record.line = item.line.first;
    record.written = written_regexp(item.line.text);
    const auto before = zone.findings.size();
    judge_backslashes(zone, owner, record);
    if (zone.findings.size() > before) return;
    auto& finding = zone.add(item.line.first, Severity::fault, "syntax", owner);
    finding.what = item.fault;
    if (!finding.what.empty()) finding.what[0] = text::lower_ascii(item.fault.substr(0, 1)).front();
    finding.effect = item.line.text.starts_with('$') ? std::string_view{} : not_loaded;
}

void take(LintZone& zone, const dns::ZoneItem& item) {
    if (!item.fault.empty()) return take_fault(zone, item);
    switch (item.type) {
        case dns::Type::naptr:
            return take_naptr(zone, item);
        case dns::Type::soa:
            zone.apex = key_of(item.owner.text());
            return;
        case dns::Type::ns:
            zone.cuts.insert(key_of(item.owner.text()));
            return;
        case dns::Type::cname:
        case dns::Type::dname:
            zone.others.insert(key_of(item.owner.text()));
            return;
        default:
            return;
    }
}

// One length octet and so many octets; nothing: cut.
std::optional<std::string_view> take_string(std::string_view& rest) {
    if (rest.empty()) return std::nullopt;
    const auto size = static_cast<unsigned char>(rest.front());
    if (rest.size() < size + 1U) return std::nullopt;
    const auto out = rest.substr(1, size);
    rest.remove_prefix(size + 1U);
    return out;
}

std::uint16_t number_at(std::string_view data, std::size_t at) {
    return static_cast<std::uint16_t>(static_cast<unsigned char>(data[at]) << 8U |
                                      static_cast<unsigned char>(data[at + 1]));
}
}  // namespace

std::optional<NaptrFields> read_naptr(std::string_view data) {
    constexpr std::size_t numbers = 4;
    if (data.size() < numbers) return std::nullopt;
    NaptrFields out;
    out.naptr.order = number_at(data, 0);
    out.naptr.preference = number_at(data, 2);
    auto rest = data.substr(numbers);
    for (auto* field : {&out.naptr.flags, &out.naptr.services, &out.naptr.regexp}) {
        const auto text = take_string(rest);
        if (!text) return std::nullopt;
        *field = *text;
    }
    dns::Name name;
    while (!rest.empty() && rest.front() != '\0') {
        const auto label = take_string(rest);
        if (!label || !name.append(*label)) return std::nullopt;
    }
    if (rest.size() != 1) return std::nullopt;
    out.replacement = name.text();
    return out;
}

LintOwner* LintZone::find(std::string_view name) {
    const auto found = by_name.find(key_of(name));
    return found == by_name.end() ? nullptr : &owners[found->second];
}

LintFinding& LintZone::add(std::size_t line, Severity severity, std::string_view code,
                           const LintOwner& owner) {
    return findings.emplace_back(
        LintFinding{.line = line,
                    .severity = severity,
                    .code = code,
                    .owner = owner.name,
                    .number = owner.whose.wildcard ? std::string() : owner.whose.aus});
}

std::string_view name_of(Severity severity) {
    return severity == Severity::fault ? "fault" : "warning";
}

std::size_t LintReport::count(Severity severity) const {
    return static_cast<std::size_t>(std::count_if(
        findings.begin(), findings.end(), [&](const auto& finding) { return finding.severity == severity; }));
}

Result<LintReport> lint(std::string_view file, const dns::Name& origin) {
    LintZone zone;
    auto read = dns::read_zone(file, origin, [&](const dns::ZoneItem& item) { take(zone, item); });
    if (!read) return Unexpected(read.error());
    zone.cuts.erase(zone.apex);
    judge_chains(zone);
    judge_records(zone);
    LintReport out{.findings = std::move(zone.findings)};
    std::stable_sort(out.findings.begin(), out.findings.end(),
                     [](const auto& a, const auto& b) { return a.line < b.line; });
    for (const auto& owner : zone.owners) {
        out.records += owner.records.size();
        out.numbers += owner.whose.aus.empty() || owner.whose.wildcard ? 0 : 1;
    }
    return out;
}

}  // namespace pbx::numbering
