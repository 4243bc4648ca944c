// The services field of a NAPTR record held against the services that were asked for (RFC 6116 3.4.3), the
// form of RFC 2916 included, which zones still carry.
#pragma once

#include "core/result.hpp"
#include "numbering/status.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pbx::numbering {

inline constexpr std::size_t max_service = 32;  // octets of a type or a subtype
inline constexpr std::size_t max_wanted = 32;

// What was asked for. "sip" is not "voice:sip"; "all" takes every service.
struct Wanted {
    bool all = false;
    std::vector<std::string> names{};  // lower case, "sip", "email:mailto"
    // Asterisk's own reading: what stands after the first ':' is compared alone, so "sip" is "voice:sip" too.
    bool last_part = false;
};

// "sip,tel" as it is typed: pjsip is sip, for Asterisk knows its channel by that name and its ENUMLOOKUP asks
// for it by default though there is no such service; iax2 is iax as well.
[[nodiscard]] Result<Wanted> parse_wanted(std::string_view list);

// The first service of the field that was asked for, as it stands there ("SIP"); a Fault when there is none
// or the field is none of ENUM's.
struct ServiceMatch {
    Fault fault{};
    std::string_view service{};
};
[[nodiscard]] ServiceMatch match_services(std::string_view field, const Wanted& wanted);

// Whether a URI's scheme is what a service promises: sip gives sip: or sips:, email:mailto gives mailto:.
[[nodiscard]] bool scheme_fits(std::string_view service, std::string_view uri);

}  // namespace pbx::numbering
