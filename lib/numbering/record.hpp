// One NAPTR record judged: the URI it gives for a number, the name it leads on to, or the fault that rules it
// out (RFC 6116 3.4). Records are judged one by one; a bad one spoils no other.
#pragma once

#include "dns/answer.hpp"
#include "dns/name.hpp"
#include "numbering/regexp.hpp"
#include "numbering/services.hpp"
#include "numbering/status.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace pbx::numbering {

struct Record {
    std::uint16_t order = 0, preference = 0;
    std::uint32_t ttl = 0;  // seconds
    // As they came: octets of a stranger.
    std::string flags{}, services{}, regexp{}, replacement{};

    Fault fault{};          // ruled out; else it has a URI or leads on
    std::string uri{};      // of a terminal record
    std::string service{};  // that was asked for, as it stands in the record
    bool scheme_fits = true;
    std::size_t hop = 0;    // 0: found at the number's own name
    bool followed = false;  // a non-terminal whose name was asked

    [[nodiscard]] bool is_terminal() const { return !uri.empty(); }
};

// Fills in `into`, whose room is used again.
void judge(const dns::Naptr& naptr, std::string_view aus, const Wanted& wanted, Rewriter& rewriter,
           Record& into);
// A record that could not even be read.
void judge(const dns::Malformed& malformed, Record& into);

}  // namespace pbx::numbering
