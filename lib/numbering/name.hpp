// From a number to the domain name that is asked (RFC 6116 3.2): digits turned round, one label each, and a
// suffix; for infrastructure ENUM a label in between; for an ISN its ITAD number.
#pragma once

#include "core/result.hpp"
#include "dns/name.hpp"
#include "numbering/number.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace pbx::numbering {

inline constexpr std::size_t max_suffixes = 16;

// "e164.arpa", "freenum.org." as names, in order. Code::usage when one is no domain name.
[[nodiscard]] Result<std::vector<dns::Name>> parse_suffixes(std::string_view list);

// e164.arpa holds E.164 numbers only; others may be longer.
[[nodiscard]] bool is_public(const dns::Name& suffix);

// "+441632960083" under "e164.arpa." -> "3.8.0.0.6.9.2.3.6.1.4.4.e164.arpa."; "1234*256" under "freenum.org."
// -> "4.3.2.1.256.freenum.org.". Code::data when the name would be too long.
[[nodiscard]] Result<dns::Name> enum_name(const Number& number, const dns::Name& suffix);

// Infrastructure ENUM keeps its own branch of the tree below a label. Three ways tell where it stands:
// after the country code; as a TXT record says (draft-ietf-enum-combined); as an EBL record says, which may
// name another tree, too (draft-ietf-enum-branch-location-record). Asterisk's enum.conf: ebl_alg.
enum class Branching { none, cc, txt, ebl };

inline constexpr std::string_view branch_label = "i";

struct Branch {
    std::size_t position = 0;  // digits of the number before the label
    std::string_view label = branch_label;
    dns::Name apex{};
};

// Where TXT and EBL are asked for: "i.4.4.e164.arpa."
[[nodiscard]] Result<dns::Name> branch_name(const Number& number, const dns::Name& suffix);
// "3.8.0.0.6.9.i.2.3.6.1.4.4.e164.arpa." with 6. Code::data when the number has fewer digits.
[[nodiscard]] Result<dns::Name> enum_name(const Number& number, const Branch& branch);

}  // namespace pbx::numbering
