// The regexp field of a NAPTR record (RFC 3402 3.2, RFC 6116 3.4.2): taken apart, matched, replaced. It comes
// from strangers: RE2 matches it, in time that grows with the number's length alone, and the usual shapes
// need no RE2 at all. What RE2 and POSIX see differently: alternatives that match equally far as a whole are
// tried from the left (as glibc does), and collating symbols are refused.
#pragma once

#include "numbering/status.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pbx::numbering {

inline constexpr std::int64_t max_pattern_memory = 256 * 1024;  // of one compiled pattern
inline constexpr std::size_t max_weight = 400;   // of a pattern: about the instructions RE2 makes of it
inline constexpr std::size_t max_patterns = 64;  // kept compiled
inline constexpr std::size_t max_uri = 1900;  // fits an AGI line of Asterisk 16 (agi::max_command) as a value

// "!^(.*)$!sip:\1@example.com!i" in its parts; views into the field.
struct Expression {
    char delimiter = '!';
    std::string_view pattern{}, replacement{};
    std::size_t pattern_at = 0, replacement_at = 0;  // octets of the field, from 0
    bool ignores_case = false;
};
struct Parsed {
    Fault fault{};
    Expression expression{};
};
[[nodiscard]] Parsed parse_expression(std::string_view field);

// How much of Asterisk's own reading is wanted (--compat asterisk).
struct Reading {
    bool whole_match = false;       // \0 in the replacement is the whole match
    bool replacement_only = false;  // text around the match is dropped; RFC 3402's sed-style keeps it
};

class CompiledPattern;

// Applies regexp fields; keeps the patterns it compiled. One per thread.
class Rewriter {
  public:
    explicit Rewriter(Reading reading = {});
    ~Rewriter();
    Rewriter(Rewriter&&) noexcept;
    Rewriter& operator=(Rewriter&&) noexcept;

    // How many further patterns may be compiled; those that are kept cost nothing. At first any number.
    void allow(std::size_t patterns) { allowed_ = patterns; }
    [[nodiscard]] std::size_t allowed() const { return allowed_; }

    // Writes the result to `out`, whose room is used again.
    [[nodiscard]] Fault rewrite(std::string_view field, std::string_view aus, std::string& out);

  private:
    [[nodiscard]] const CompiledPattern* compiled(const Expression& expression);  // nullptr: not allowed

    Reading reading_;
    std::size_t allowed_ = static_cast<std::size_t>(-1);
    std::unordered_map<std::string, std::unique_ptr<const CompiledPattern>> patterns_;
};

}  // namespace pbx::numbering
