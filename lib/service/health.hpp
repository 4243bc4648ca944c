// /healthz, /metrics and, where the service has one, /status of a running service over HTTP, for a monitor on
// this machine: loopback unless pbxctl.conf says otherwise, no password, nothing of a caller in it.
#pragma once

#include "core/result.hpp"
#include "net/http_server.hpp"
#include "service/metrics.hpp"

#include <functional>
#include <memory>
#include <string>

namespace pbx::service {

struct HealthOptions {
    net::ListenOptions listen{};
    // What is wrong now, one line; empty: all is well. On the loop: it must not block.
    std::function<std::string()> trouble{};
    // Brings the numbers up to date before they are told. On the loop, too.
    std::function<void()> refresh{};
    // The service's whole state as one JSON document; empty: it has none to tell. On the loop, too.
    std::function<std::string()> status{};
};

// GET /healthz: 200 "ok" or 503 and the line. GET /metrics: the numbers. GET /status: the document, or 404.
// `metrics` must outlive the listener.
[[nodiscard]] Result<std::unique_ptr<net::Listener>> serve_health(net::Executor executor,
                                                                  HealthOptions options,
                                                                  const Metrics& metrics);

// "127.0.0.1:9100", "[::1]:9100" of [service] health_listen.
[[nodiscard]] Result<net::ListenOptions> listen_address(std::string_view text);
// Where a program on the same machine reaches what listens there: loopback for "all addresses".
[[nodiscard]] Result<net::ListenOptions> reach_address(std::string_view text);

}  // namespace pbx::service
