// Master files eat one backslash of each (RFC 1035 5.1), and a regexp needs its own: \\1 is written for \1.
#include "numbering/lint_zone.hpp"

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
constexpr std::string_view not_loaded = "a name server refuses the line, or the whole zone";
constexpr std::string_view eaten = "resolvers get another regexp than the one written";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

struct Escape {
    std::size_t size = 2;
    std::string what{};
    std::string_view effect{};
};

// What a backslash does with what stands behind it; `what` is empty when it is as meant.
Escape escape_at(std::string_view rest) {
    if (rest.size() < 2) return {1, "a backslash at the end", not_loaded};
    if (!is_digit(rest[1])) {
        if (rest[1] == '\\' || rest[1] == '"' || rest[1] == ';') return {};
        return {2,
                fmt::format("a single backslash before {0}: the zone file eats it; write \\\\{0}", rest[1]),
                eaten};
    }
    if (rest.size() < 4 || !is_digit(rest[2]) || !is_digit(rest[3]))
        return {
            2, fmt::format("a single backslash before {0}: no escape of a zone file; write \\\\{0}", rest[1]),
            not_loaded};
    const auto written = rest.substr(0, 4);
    const int octet = (rest[1] - '0') * 100 + (rest[2] - '0') * 10 + (rest[3] - '0');
    if (octet > 255) return {4, fmt::format("{0} is no octet; write \\{0}", written), not_loaded};
    // \092 is how tools write a backslash; \144 is meant as \1 with 44 behind it
    if (rest[1] != '0')
        return {4,
                fmt::format("{0} is one octet; write \\{0} for \\{1} with {2} behind it", written, rest[1],
                            rest.substr(2, 2)),
                eaten};
    return {4};
}
}  // namespace

void judge_backslashes(LintZone& zone, const LintOwner& owner, const LintRecord& record) {
    std::string_view field = record.written;
    if (field.size() >= 2 && field.front() == '"') field = field.substr(1, field.size() - 2);
    for (std::size_t at = 0; at < field.size(); ++at) {
        if (field[at] != '\\') continue;
        auto escape = escape_at(field.substr(at));
        if (!escape.what.empty()) {
            auto& finding = zone.add(record.line, Severity::fault, "backslash", owner);
            finding.field = Field::regexp;
            finding.octet = at + 1;
            finding.what = std::move(escape.what);
            finding.effect = escape.effect;
            return;  // the others are of the same kind
        }
        at += escape.size - 1;
    }
}

}  // namespace pbx::numbering
