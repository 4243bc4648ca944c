// A small HTTP/1.1 server for /healthz, /metrics, pages and look-ups: a request in, a response out, at once
// or when it is there; then the next request of that connection. Keep-alive; limits on header, body and time.
// No TLS (a proxy's business), no routing, no WebSocket.
#pragma once

#include "net/listener.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace pbx::net {

struct HttpRequest {
    std::string method{};  // "GET"
    std::string path{};    // before the '?', as sent: not decoded
    std::string query{};   // after it
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    std::string peer{};

    [[nodiscard]] std::string_view header(std::string_view name) const;  // empty when missing
};

struct HttpResponse {
    unsigned status = 200;
    std::string body{};
    std::string type = "text/plain; charset=utf-8";
    std::vector<std::pair<std::string, std::string>> headers{};
};

// On the loop: it must not block. HEAD gets the same response less its body.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;
// For what has to be waited for: with a deadline of its own.
using HttpTask = std::function<Task<HttpResponse>(HttpRequest)>;

struct HttpOptions {
    ListenOptions listen{};  // loopback unless told otherwise
    std::size_t max_header = 8 * 1024;
    std::size_t max_body = 64 * 1024;
    milliseconds request_limit{10'000};  // from a request's first byte to its last
    milliseconds idle_limit{60'000};     // between requests of one connection
    milliseconds write_limit{10'000};
};

[[nodiscard]] Result<std::unique_ptr<Listener>> serve_http(Executor executor, HttpOptions options,
                                                           HttpHandler handler);
[[nodiscard]] Result<std::unique_ptr<Listener>> serve_http(Executor executor, HttpOptions options,
                                                           HttpTask handler);

}  // namespace pbx::net
