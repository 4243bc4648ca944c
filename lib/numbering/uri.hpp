// What a record's rewrite must be before anyone dials it: an absolute URI of RFC 3986, and harmless where it
// ends up. It is a stranger's text in Dial(), in System() and in AMI: what would end an argument there is
// refused, though RFC 3986 may allow it.
#pragma once

#include "core/result.hpp"
#include "numbering/status.hpp"

#include <string>
#include <string_view>

namespace pbx::numbering {

[[nodiscard]] Fault check_uri(std::string_view uri);

// The scheme as written, "" without one.
[[nodiscard]] std::string_view scheme_of(std::string_view uri);

// How a URI is dialled, as typed: "pjsip:TRUNK" gives PJSIP/TRUNK/sip:alice@example.com, "sip" gives
// SIP/alice@example.com (chan_sip), "iax2" IAX2/..., "local:CONTEXT" gives Local/alice@CONTEXT.
struct DialForm {
    enum class Kind { pjsip, sip, iax2, local };
    Kind kind = Kind::sip;
    std::string name{};  // of the trunk or context
};
[[nodiscard]] Result<DialForm> parse_dial_form(std::string_view text);
// What Dial() takes; "" when that channel cannot dial such a URI.
[[nodiscard]] std::string dial_string(const DialForm& form, std::string_view uri);

}  // namespace pbx::numbering
