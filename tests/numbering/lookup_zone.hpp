// A number, where it stands, and the records that lookups are tried on.
#pragma once

#include "numbering/responder.hpp"

#include <string>

namespace pbx::numbering {

inline const std::string number = "+441632960083";
inline const std::string here = "3.8.0.0.6.9.2.3.6.1.4.4.e164.arpa.";

inline Octets terminal(std::uint16_t order, std::uint16_t preference, const std::string& uri,
                       const std::string& service = "E2U+sip") {
    return naptr(order, preference, "u", service, "!^.*$!" + uri + "!");
}
inline Octets leads_to(std::uint16_t preference, const std::string& name) {
    return naptr(100, preference, "", "", "", name);
}

}  // namespace pbx::numbering
