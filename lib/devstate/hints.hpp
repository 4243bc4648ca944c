// Hints by which telephones subscribe to other servers' lamps, as lines of a dialplan: patterns for
// NUMBER*SERVER that Asterisk 16 and 22 were seen to find for a SUBSCRIBE (chan_sip and PJSIP). Pure.
#pragma once

#include "core/result.hpp"
#include "devstate/name.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::devstate {

constexpr std::size_t most_digits = 20;

struct HintOptions {
    NameTemplate names{};
    std::vector<std::string> servers{};  // none: one line that takes the names of all servers
    std::size_t from_digits = 2, to_digits = 6;
    std::string context = "devstate-lamps";
    bool presence = false;  // the hints carry presence, too (Asterisk 11 and later)
};

// usage: a server that is no name, digits out of order.
[[nodiscard]] Result<std::vector<std::string>> hint_lines(const HintOptions& options);

// A server's name inside a pattern: letters that are classes there (x, z, n) and the dot that would end it
// stand in brackets.
[[nodiscard]] std::string in_pattern(std::string_view text);

}  // namespace pbx::devstate
