// What a dialplan asks the service for, as it stands in agi://HOST/enum?number=... and in
// GET /enum/+441632960083?dial=pjsip:trunk. Parameters are named as the command's options. No I/O.
#pragma once

#include "core/result.hpp"
#include "numbering/services.hpp"
#include "numbering/uri.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pbx::numbering {

inline constexpr std::size_t max_target = 2048;      // octets of a path with its parameters
inline constexpr std::size_t max_channel_uris = 20;  // URIs of one number that are told

struct Request {
    enum class Print { uri, dial, count, status };

    std::string number{};  // as typed, %XX decoded; may be empty
    Print print = Print::uri;
    bool json = false;
    std::size_t record = 1;           // the how-manieth URI, from 1
    std::optional<DialForm> dial{};   // instead of [enum] dial
    std::optional<Wanted> service{};  // instead of [enum] service
};

// no_input: another path than /enum; usage: a parameter that is none, or one but service given twice. A '+'
// is a plus, never a blank.
[[nodiscard]] Result<Request> parse_request(std::string_view target);

}  // namespace pbx::numbering
