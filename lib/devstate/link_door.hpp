// Who may come in: a relay's WebSocket request judged, and the headers both sides introduce themselves with.
// Pure but for the token's comparison, which takes the same time wherever it fails.
#pragma once

#include "core/secret.hpp"
#include "net/websocket.hpp"

#include <string>
#include <string_view>

namespace pbx::devstate {

inline constexpr std::string_view link_protocol = "pbxctl-devstate.1";  // Sec-WebSocket-Protocol
inline constexpr std::size_t shortest_token = 16;

struct LinkName {
    std::string server{};
    std::string instance{};  // 32 hex digits, anew at each start
};

[[nodiscard]] std::string new_instance();
[[nodiscard]] net::HttpHeaders headers_of(const LinkName& own);
// Of a request or an answer; empty names when they are missing or malformed.
[[nodiscard]] LinkName name_of(std::string_view server, std::string_view instance);

inline constexpr std::string_view server_header = "Pbxctl-Server";
inline constexpr std::string_view instance_header = "Pbxctl-Instance";
inline constexpr std::string_view verdict_header = "Pbxctl-Link";

struct DoorRules {
    std::string path{};
    Secret token{};  // empty: certificates decide
};

// status 101 and `name`, or the refusal. Who doesn't know the token learns nothing, not even whether the path
// is right.
struct DoorAnswer {
    net::WebSocketAnswer answer{};
    LinkName name{};
};
[[nodiscard]] DoorAnswer judge(const DoorRules& rules, const net::HttpRequest& request);

}  // namespace pbx::devstate
