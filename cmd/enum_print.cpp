#include "cmd/enum_print.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
using nlohmann::ordered_json;
using numbering::Fault;
using numbering::Outcome;
using numbering::Record;
using numbering::Status;

// Octets as a zone file writes them (RFC 1035 5.1).
std::string as_in_zone(std::string_view octets) {
    std::string out = "\"";
    for (char c : octets) {
        const auto octet = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (octet < 0x20 || octet >= 0x7f)
            out += fmt::format("\\{:03}", octet);
        else
            out += c;
    }
    return out + '"';
}

std::string where(const Fault& fault) {
    if (fault.octet == 0) return std::string(name_of(fault.field));
    const bool of_record = fault.status == Status::malformed && fault.field != numbering::Field::record;
    return fmt::format("{}, octet {}{}", name_of(fault.field), fault.octet,
                       of_record ? " of the record" : "");
}

ordered_json skipped_json(const Fault& fault) {
    ordered_json out{{"field", name_of(fault.field)}};
    if (fault.octet > 0) out["octet"] = fault.octet;
    out["code"] = name_of(fault.status);
    out["why"] = fault.why;
    return out;
}

ordered_json record_json(const Record& record) {
    ordered_json out{{"order", record.order},   {"preference", record.preference},
                     {"flags", record.flags},   {"services", record.services},
                     {"regexp", record.regexp}, {"replacement", record.replacement},
                     {"ttl", record.ttl},       {"hop", record.hop}};
    if (record.is_terminal()) out["uri"] = record.uri;
    if (record.followed) out["followed"] = true;
    if (record.is_terminal() && !record.scheme_fits)
        out["warning"] = fmt::format("not the scheme that {} promises", record.service);
    if (record.fault) out["skipped"] = skipped_json(record.fault);
    return out;
}

std::string_view dnssec_of(const Outcome& outcome) {
    return name_of(outcome.security);
}

// What became of a record, in words.
std::string fate(const Record& record) {
    if (record.fault) return fmt::format("{}: {}", where(record.fault), record.fault.why);
    if (!record.is_terminal()) return record.followed ? "followed" : "not followed: there is a better one";
    return record.scheme_fits
               ? record.uri
               : fmt::format("{} (not the scheme that {} promises)", record.uri, record.service);
}
}  // namespace

ordered_json lookup_json(const Answered& answered) {
    const auto& found = answered.found;
    const auto& outcome = found.outcome;
    const auto status = found.status();
    ordered_json out{{"number", found.number}, {"status", status == Status::ok ? "ok" : "error"}};
    if (status == Status::ok)
        out["uri"] = found.uri();
    else
        out["code"] = name_of(status);
    if (const auto dial = found.dial(); !dial.empty()) out["dial"] = dial;
    out["name"] = outcome.name.text();
    auto records = ordered_json::array();
    for (const auto& record : outcome.records())
        records.push_back(record_json(record));
    out["records"] = std::move(records);
    if (outcome.partial) out["warning"] = "records were lost: the answer was cut or had too many";
    out["ttl"] = outcome.ttl;
    out["dnssec"] = dnssec_of(outcome);
    if (!outcome.why.empty()) out["why"] = outcome.why;
    out["questions"] = outcome.questions;
    out["ms"] = static_cast<double>(answered.took.count() / 10'000) / 100;
    return out;
}

ordered_json refused_number_json(std::string_view typed, const Error& error) {
    return {
        {"number", typed}, {"status", "error"}, {"code", name_of(Status::bad_number)}, {"why", error.what}};
}

Table uri_table(const Outcome& outcome) {
    Table out{{"uri", "service", "order", "preference"}, {}};
    for (auto at : outcome.uris) {
        const auto& record = outcome.records()[at];
        out.rows.push_back(
            {record.uri, record.service, std::to_string(record.order), std::to_string(record.preference)});
    }
    return out;
}

void explain(Output& output, const Answered& answered, std::string_view dialplan_line) {
    const auto& found = answered.found;
    const auto& outcome = found.outcome;
    const auto ms = std::chrono::duration<double, std::milli>(answered.took).count();
    output.line(fmt::format("{} is {}: {} question{}, {:.1f} ms", found.number, outcome.name.text(),
                            outcome.questions, outcome.questions == 1 ? "" : "s", ms));
    for (const auto& record : outcome.records()) {
        const bool good = !record.fault && record.is_terminal();
        output.line(fmt::format("{}{} {} {} {} {} {}", std::string(2 + 2 * record.hop, ' '), record.order,
                                record.preference, as_in_zone(record.flags), as_in_zone(record.services),
                                as_in_zone(record.regexp), record.replacement));
        output.line(fmt::format("{}{}", std::string(6 + 2 * record.hop, ' '),
                                output.painted(good ? Paint::good : Paint::dim, fate(record))));
    }
    if (outcome.partial) output.line("  records were lost: the answer was cut or had too many");
    if (!found.settings.trust_anchor.empty() || !outcome.why.empty())
        output.line(
            fmt::format("dnssec: {}{}{}", dnssec_of(outcome), outcome.why.empty() ? "" : ": ", outcome.why));
    output.line(fmt::format("outcome: {}", found.uri().empty() ? name_of(found.status()) : found.uri()));
    output.line(fmt::format("dialplan: {}", dialplan_line));
}

}  // namespace pbx::cmd
