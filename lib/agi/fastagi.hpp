// FastAGI's server side (AGI(agi://host:4573/script)): each connection whose environment came in time becomes
// a Session for the handler. One service for many calls; their audio comes by AudioSocket, not here.
#pragma once

#include "agi/session.hpp"
#include "net/listener.hpp"

#include <functional>
#include <memory>

namespace pbx::agi {

inline constexpr std::uint16_t fastagi_port = 4573;

struct FastAgiOptions {
    net::ListenOptions listen{.port = fastagi_port};
    SessionOptions session;
};

// The session is started: its environment is there. When the handler returns, the connection is closed.
using CallHandler = std::function<Task<void>(std::shared_ptr<Session>)>;

[[nodiscard]] Result<std::unique_ptr<net::Listener>> serve_fastagi(net::Executor executor,
                                                                   FastAgiOptions options,
                                                                   CallHandler handler);

}  // namespace pbx::agi
