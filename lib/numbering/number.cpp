#include "numbering/number.hpp"

#include "core/log.hpp"

#include <optional>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_separator(char c) {
    return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')';
}

Unexpected no_number(std::string what, std::string_view typed, std::string hint = {}) {
    // what was typed may hold anything; control octets would end in a log or on a terminal
    return fail(Code::data, std::move(what),
                fmt::format("number \"{}\"", log::cleaned(typed.substr(0, max_typed))), std::move(hint));
}

struct Bare {
    std::string digits{}, itad{};
    bool has_plus = false, has_star = false;
};

// Digits, plus and star, or the first octet (from 1) that is none of them.
std::optional<std::size_t> strip(std::string_view typed, Bare& out) {
    for (std::size_t i = 0; i < typed.size(); ++i) {
        const char c = typed[i];
        if (is_digit(c))
            (out.has_star ? out.itad : out.digits) += c;
        else if (c == '+' && !out.has_plus && out.digits.empty() && !out.has_star)
            out.has_plus = true;
        else if (c == '*' && !out.has_star)
            out.has_star = true;
        else if (!is_separator(c))
            return i + 1;
    }
    return std::nullopt;
}

// "+44 (0)1632": the 0 is dialled within the country instead of +44. In "(0)1632" it is dialled.
bool has_trunk_in_brackets(std::string_view typed) {
    const auto at = typed.find("(0)");
    return at != typed.npos && typed.substr(0, at).find_first_of("0123456789") != typed.npos;
}

Result<std::string> whole(std::string digits, const DialPlan& plan, std::string_view typed) {
    const auto leads = [&](const std::string& prefix) {
        return !prefix.empty() && digits.starts_with(prefix);
    };
    if (leads(plan.international)) return digits.substr(plan.international.size());
    if (!plan.country.empty() && leads(plan.trunk)) return plan.country + digits.substr(plan.trunk.size());
    if (digits.starts_with('0'))
        return no_number("no country code begins with 0", typed,
                         "write it with + and its country code, or say how it is dialled: [enum] "
                         "international, country and trunk");
    return digits;
}
}  // namespace

Result<Number> parse_number(std::string_view typed, const DialPlan& plan) {
    if (typed.size() > max_typed)
        return no_number(fmt::format("longer than {} octets", max_typed), typed.substr(0, 20));
    Bare bare;
    if (const auto octet = strip(typed, bare))
        return no_number(fmt::format("octet {} is not of a telephone number", *octet), typed);
    if (bare.digits.empty()) return no_number("there is no digit", typed);
    if (bare.digits.size() > max_digits || bare.itad.size() > max_digits)
        return no_number(fmt::format("more than {} digits", max_digits), typed);
    if (has_trunk_in_brackets(typed))
        return no_number("(0) is no part of it behind the country code", typed,
                         "leave it out, or write 0 where the country keeps it, as in +39 06");
    if (bare.has_star) {
        if (bare.itad.empty()) return no_number("no ITAD number after '*'", typed);
        return Number{.aus = std::move(bare.digits), .itad = std::move(bare.itad)};
    }
    if (!bare.has_plus) {
        auto digits = whole(std::move(bare.digits), plan, typed);
        if (!digits) return Unexpected(digits.error());
        bare.digits = std::move(*digits);
    }
    if (bare.digits.empty() || bare.digits.starts_with('0'))
        return no_number("no country code begins with 0", typed);
    Number out;
    out.aus.reserve(bare.digits.size() + 1);
    out.aus.append("+").append(bare.digits);
    return out;
}

std::size_t country_code_length(std::string_view digits) {
    if (digits.empty()) return 0;
    if (digits[0] == '1' || digits[0] == '7') return 1;
    // ITU-T E.164.1 and its list of assigned codes; the other twos are the stems of codes of three digits
    constexpr std::string_view twos =
        "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 "
        "81 82 84 86 90 91 92 93 94 95 98";
    const bool two = digits.size() >= 2 && twos.find(digits.substr(0, 2)) != twos.npos;
    return std::min<std::size_t>(digits.size(), two ? 2 : 3);
}

}  // namespace pbx::numbering
