// A zone file judged before it is loaded: whether each NAPTR record does what its owner meant, by the rules a
// lookup judges answers by, and what resolvers and Asterisk's ENUMLOOKUP() would make of it otherwise.
#pragma once

#include "core/result.hpp"
#include "dns/name.hpp"
#include "numbering/status.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::numbering {

inline constexpr std::size_t max_zone_file = std::size_t{1} << 30U;

enum class Severity : std::uint8_t {
    fault,    // does not do what it is there for
    warning,  // does, but not for everybody
};
[[nodiscard]] std::string_view name_of(Severity severity);

// What is wrong, in words that scripts compare: a lookup's codes where one has such a code.
struct LintFinding {
    std::size_t line = 0;  // of the file, from 1
    Severity severity = Severity::fault;
    std::string_view
        code{};  // "syntax", "backslash", "owner", "duplicate", "unreachable", "loop", "bad_regexp"...
    std::string owner{};
    std::string number{};  // "+441632960083"; empty when the owner is none's
    Field field = Field::record;
    std::size_t octet = 0;  // of the field, from 1; 0: as a whole
    std::string what{};
    std::string_view effect{};  // what becomes of it; may be empty
};

struct LintReport {
    std::vector<LintFinding> findings{};  // by line
    std::size_t records = 0;              // NAPTR
    std::size_t numbers = 0;

    [[nodiscard]] std::size_t count(Severity severity) const;
};

// `origin`: of relative names before any $ORIGIN. unavailable: no driver to read it with.
[[nodiscard]] Result<LintReport> lint(std::string_view file, const dns::Name& origin);

}  // namespace pbx::numbering
