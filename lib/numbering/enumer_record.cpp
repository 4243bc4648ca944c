#include "numbering/enumer_record.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
bool is_blank(char c) {
    return static_cast<unsigned char>(c) <= ' ';
}

std::string_view trim_front(std::string_view s) {
    while (!s.empty() && is_blank(s.front()))
        s.remove_prefix(1);
    return s;
}

std::string_view trim_both(std::string_view s) {
    s = trim_front(s);
    while (!s.empty() && is_blank(s.back()))
        s.remove_suffix(1);
    return s;
}

// A number of at most `most` in front of `rest`, which is moved behind it and the blanks after it.
std::optional<std::uint32_t> take_number(std::string_view& rest, std::uint32_t most) {
    rest = trim_front(rest);
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
    if (error != std::errc() || value > most) return std::nullopt;
    rest = trim_front(rest.substr(static_cast<std::size_t>(end - rest.data())));
    return value;
}

bool take_bar(std::string_view& rest) {
    if (!rest.starts_with('|')) return false;
    rest.remove_prefix(1);
    return true;
}

// What is wrong with a line E2U..., nothing when `out` has it.
std::string read_entry(std::string_view line, EnumerEntry& out) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return "no '=' after the service";
    out.services = trim_both(line.substr(0, equals));
    auto rest = line.substr(equals + 1);
    const auto order = take_number(rest, UINT16_MAX);
    if (!order) return "no order from 0 to 65535 after '='";
    if (!take_bar(rest)) return "no '|' after the order";
    const auto preference = take_number(rest, UINT16_MAX);
    if (!preference) return "no preference from 0 to 65535 after the first '|'";
    if (!take_bar(rest)) return "no '|' after the preference";
    rest = trim_both(rest);
    if (rest.empty()) return "no regexp after the second '|'";
    if (std::any_of(rest.begin(), rest.end(), is_blank))
        return "a blank in the regexp: the node cuts it there";
    if (rest.size() > most_enumer_text || out.services.size() > most_enumer_text)
        return "a field of over 255 octets: the node sends a broken record";
    out.order = static_cast<std::uint16_t>(*order);
    out.preference = static_cast<std::uint16_t>(*preference);
    out.regexp = rest;
    return {};
}

std::string read_ttl(std::string_view line, std::uint32_t& out) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return "no '=' after TTL";
    auto rest = line.substr(equals + 1);
    const auto ttl = take_number(rest, INT32_MAX);  // RFC 2181 8: 31 bits
    if (!ttl) return "no number of seconds after TTL=";
    out = *ttl;
    return rest.empty() ? "" : "more than a number after TTL=";
}

std::string read_signatures(std::string_view line, std::vector<EnumerSignature>& out) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return "no '=' after SIG";
    std::string wrong;
    for (auto part : text::split(line.substr(equals + 1), ',')) {
        const auto bar = part.find('|');
        if (bar == std::string_view::npos) {
            wrong = "no '|' between verifier and signature";
            continue;
        }
        out.push_back({.verifier = std::string(trim_both(part.substr(0, bar))),
                       .base64 = std::string(trim_both(part.substr(bar + 1)))});
    }
    return wrong;
}

std::string read_line(std::string_view line, EnumerValue& out) {
    const auto kind = text::lower_ascii(line.substr(0, 3));
    if (kind == "ttl") return read_ttl(line, out.ttl);
    if (kind == "sig") return read_signatures(line, out.signatures);
    if (kind != "e2u")
        return trim_both(line).empty() ? "" : "no E2U, TTL or SIG line: the node passes it over";
    EnumerEntry entry;
    auto wrong = read_entry(line, entry);
    if (wrong.empty()) out.entries.push_back(std::move(entry));
    return wrong;
}

bool fits(std::string_view field) {
    return !field.empty() && field.size() <= most_enumer_text &&
           std::none_of(field.begin(), field.end(), is_blank);
}
}  // namespace

std::string enumer_name(std::string_view digits, unsigned number) {
    return fmt::format("enum:{}:{}", digits, number);
}

EnumerValue parse_enumer_value(std::string_view value) {
    EnumerValue out;
    value = value.substr(0, value.find('\0'));  // the node reads it as a C string
    for (std::size_t number = 1; !value.empty(); ++number) {
        const auto end = std::min(value.find('\n'), value.size());
        // a bare \r ends a line for the node, too; as \r\n it is one
        for (auto line : text::split(value.substr(0, end), '\r'))
            if (auto wrong = read_line(line, out); !wrong.empty())
                out.faults.push_back({.line = number, .what = std::move(wrong)});
        value.remove_prefix(std::min(end + 1, value.size()));
    }
    return out;
}

Result<std::string> encode(const EnumerValue& value) {
    std::string out;
    for (const auto& [verifier, base64] : value.signatures) {
        if (!fits(verifier) || !fits(base64) || (verifier + base64).find_first_of("|,") != std::string::npos)
            return fail(Code::data, "no signature of a verifier", verifier);
        out += fmt::format("SIG={}|{}\n", verifier, base64);
    }
    if (value.ttl != enumer_ttl) out += fmt::format("TTL={}\n", value.ttl);
    for (const auto& entry : value.entries) {
        if (!fits(entry.regexp))
            return fail(Code::data, "no regexp of 1 to 255 octets without blanks", entry.regexp);
        if (!fits(entry.services) || !text::iequal_ascii(entry.services.substr(0, 3), "E2U") ||
            entry.services.find('=') != std::string::npos)
            return fail(Code::data, "no service that begins with E2U", entry.services);
        out += fmt::format("{}={}|{}|{}\n", entry.services, entry.order, entry.preference, entry.regexp);
    }
    if (!out.empty()) out.pop_back();
    if (out.size() > most_enumer_value) return fail(Code::data, "a value of over 20480 octets");
    return out;
}

Result<std::string> regexp_for(std::string_view uri) {
    // RFC 3402 3.2: any character but a digit, a backslash and the flag i may delimit; those that a dialplan,
    // a shell or a zone file reads as their own are not tried
    constexpr std::string_view delimiters = "!#/~%";
    const auto free = std::find_if(delimiters.begin(), delimiters.end(),
                                   [&](char c) { return uri.find(c) == std::string_view::npos; });
    if (free == delimiters.end())
        return fail(Code::data, "no delimiter is left for the regexp", std::string(uri));
    if (uri.find('\\') != std::string_view::npos)
        return fail(Code::data, "a backslash in the URI", std::string(uri));
    auto out = fmt::format("{0}^.*${0}{1}{0}", *free, uri);
    if (!fits(out))
        return fail(Code::data, "the URI is empty, too long or has a blank in it", std::string(uri));
    return out;
}

}  // namespace pbx::numbering
