// Inside lint: the NAPTR records of a zone by their owners, and whose number an owner is.
#pragma once

#include "dns/answer.hpp"
#include "numbering/lint.hpp"
#include "numbering/record.hpp"

#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace pbx::numbering {

// An owner read as a number's name (RFC 6116 3.2), without knowing the tree it is in: digits up to the first
// label that is none.
struct Whose {
    std::string aus{};      // "+441632960083", "1234" of an ISN; empty: no number's
    bool wildcard = false;  // many numbers': aus is what they begin with
    std::string fault{};    // it looks like a number's name, but is none
};
[[nodiscard]] Whose whose(const dns::Name& owner);

struct LintRecord {
    std::size_t line = 0;
    std::string data{};     // wire form
    std::string written{};  // the regexp field as it stands in the file; empty: not told
    Record judged{};
};

struct LintOwner {
    std::string name{};  // as first written, with its last dot
    Whose whose{};
    std::string aus{};  // what its regexps are matched against: its own, or that of a number that leads here
    bool led_to = false;
    std::vector<LintRecord> records{};
};

struct LintZone {
    std::vector<LintOwner> owners{};                         // in the file's order
    std::unordered_map<std::string, std::size_t> by_name{};  // lower case
    std::unordered_set<std::string> others{};                // that have records of another kind to follow
    std::unordered_set<std::string> cuts{};                  // delegated
    std::string apex{};                                      // lower case; empty: no SOA
    std::vector<LintFinding> findings{};

    [[nodiscard]] LintOwner* find(std::string_view name);
    LintFinding& add(std::size_t line, Severity severity, std::string_view code, const LintOwner& owner);
};

// A NAPTR record's fields; nothing: they are not all there. Views into `data`, but for the replacement.
struct NaptrFields {
    dns::Naptr naptr{};
    std::string replacement{};
};
[[nodiscard]] std::optional<NaptrFields> read_naptr(std::string_view data);

// The parts of the judgement.
void judge_backslashes(LintZone& zone, const LintOwner& owner, const LintRecord& record);
void judge_chains(LintZone& zone);
void judge_records(LintZone& zone);

}  // namespace pbx::numbering
