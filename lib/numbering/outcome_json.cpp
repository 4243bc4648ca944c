#include "numbering/outcome_json.hpp"

#include "core/text.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace pbx::numbering {

namespace {
// Octets that cannot stand in a JSON string as they are; those of UTF-8's longer forms among them, which want
// a look.
constexpr auto needs_care = [] {
    std::array<bool, 256> out{};
    for (std::size_t c = 0; c < out.size(); ++c)
        out[c] = c < 0x20 || c >= 0x7f || c == '"' || c == '\\';
    return out;
}();

void append(std::uint64_t number, std::string& out) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

void append_escaped(char c, std::string& out) {
    constexpr std::string_view hex = "0123456789abcdef";
    const auto octet = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
        (out += '\\') += c;
    else if (octet < 0x20 || octet == 0x7f)
        ((out += "\\u00") += hex[octet >> 4U]) += hex[octet & 0xfU];
    else
        out += c;
}

// ,"name":"text"
void append_member(std::string_view name, std::string_view text, std::string& out) {
    out.append(",\"").append(name).append("\":");
    append_json(text, out);
}

void append_member(std::string_view name, std::uint64_t number, std::string& out) {
    out.append(",\"").append(name).append("\":");
    append(number, out);
}

void append_fault(const Fault& fault, std::string& out) {
    out += ",\"skipped\":{\"field\":";
    append_json(name_of(fault.field), out);
    if (fault.octet > 0) append_member("octet", fault.octet, out);
    append_member("code", name_of(fault.status), out);
    append_member("why", fault.why, out);
    out += '}';
}

void append_record(const Record& record, std::string& out) {
    out += "{\"order\":";
    append(record.order, out);
    append_member("preference", record.preference, out);
    append_member("flags", record.flags, out);
    append_member("services", record.services, out);
    append_member("regexp", record.regexp, out);
    append_member("replacement", record.replacement, out);
    append_member("ttl", record.ttl, out);
    append_member("hop", record.hop, out);
    if (record.is_terminal()) append_member("uri", record.uri, out);
    if (record.followed) out += ",\"followed\":true";
    if (record.is_terminal() && !record.scheme_fits) {
        out += ",\"warning\":\"not the scheme that ";
        out.append(record.service).append(" promises\"");  // letters, digits, '-' and ':'
    }
    if (record.fault) append_fault(record.fault, out);
    out += '}';
}

void append_records(const Outcome& outcome, std::string& out) {
    const auto records = outcome.records();
    const auto most = out.size() + max_listed;
    std::size_t listed = 0;
    out += ",\"records\":[";
    for (; listed < records.size() && out.size() < most; ++listed) {
        if (listed > 0) out += ',';
        append_record(records[listed], out);
    }
    out += ']';
    if (listed < records.size()) append_member("unlisted", records.size() - listed, out);
}

// Milliseconds with two decimals.
void append_time(std::chrono::nanoseconds took, std::string& out) {
    const auto hundredths = static_cast<std::uint64_t>(took.count() / 10'000);
    out += ",\"ms\":";
    append(hundredths / 100, out);
    out += '.';
    out += static_cast<char>('0' + hundredths % 100 / 10);
    out += static_cast<char>('0' + hundredths % 10);
}
}  // namespace

void append_json(std::string_view text, std::string& out) {
    out += '"';
    std::size_t plain = 0;
    while (plain < text.size() && !needs_care[static_cast<unsigned char>(text[plain])])
        ++plain;
    out.append(text.substr(0, plain));
    if (plain < text.size()) {
        const auto rest = text.substr(plain);
        if (text::is_utf8(rest))
            for (char c : rest)
                append_escaped(c, out);
        else
            for (char c : text::encode_utf8(text::decode_utf8(rest)))
                append_escaped(c, out);
    }
    out += '"';
}

Status status_without_uri(const Outcome& outcome) {
    return outcome.status == Status::ok ? Status::no_record : outcome.status;
}

std::string_view dnssec_of(const Outcome& outcome) {
    return name_of(outcome.security);
}

void append_json(const Outcome& outcome, const Told& told, std::string& out) {
    const bool found = !told.uri.empty();
    out += "\"number\":";
    append_json(told.number, out);
    out += found ? ",\"status\":\"ok\"" : ",\"status\":\"error\"";
    if (!found) append_member("code", name_of(status_without_uri(outcome)), out);
    if (found) append_member("uri", told.uri, out);
    if (!told.dial.empty()) append_member("dial", told.dial, out);
    std::array<char, dns::max_name_text> name;
    append_member("name", {name.data(), dns::write_text(outcome.name.wire(), name)}, out);
    append_records(outcome, out);
    if (outcome.partial)
        append_member("warning", "records were lost: the answer was cut or had too many", out);
    append_member("ttl", outcome.ttl, out);
    append_member("dnssec", dnssec_of(outcome), out);
    append_member("questions", outcome.questions, out);
    append_time(told.took, out);
}

}  // namespace pbx::numbering
