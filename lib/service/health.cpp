#include "service/health.hpp"

#include "core/log.hpp"
#include "core/text.hpp"

#include <utility>

namespace pbx::service {

namespace {
constexpr std::size_t most_monitors = 16;  // connections at once
constexpr std::size_t most_monitor_body = 1024;

net::HttpResponse answer(const net::HttpRequest& request, const HealthOptions& options,
                         const Metrics& metrics) {
    const bool health = request.path == "/healthz";
    const bool status = request.path == "/status" && options.status;
    if (!health && !status && request.path != "/metrics")
        return {.status = 404,
                .body = options.status ? "/healthz, /metrics or /status\n" : "/healthz or /metrics\n"};
    if (request.method != "GET" && request.method != "HEAD")
        return {.status = 405, .body = "GET only\n", .headers = {{"Allow", "GET, HEAD"}}};
    if (health) {
        const auto wrong = options.trouble ? options.trouble() : std::string();
        return wrong.empty() ? net::HttpResponse{.body = "ok\n"}
                             : net::HttpResponse{.status = 503, .body = log::cleaned(wrong) + "\n"};
    }
    if (status) return {.body = options.status() + "\n", .type = "application/json"};
    if (options.refresh) options.refresh();
    auto text = metrics.text();
    if (!text) return {.status = 503, .body = text.error().text() + "\n"};
    return {.body = std::move(*text), .type = Metrics::content_type};
}
}  // namespace

Result<std::unique_ptr<net::Listener>> serve_health(net::Executor executor, HealthOptions options,
                                                    const Metrics& metrics) {
    auto listen = std::move(options.listen);
    listen.max_connections = most_monitors;
    return net::serve_http(std::move(executor), {.listen = std::move(listen), .max_body = most_monitor_body},
                           [options = std::move(options), &metrics](const net::HttpRequest& request) {
                               return answer(request, options, metrics);
                           });
}

Result<net::ListenOptions> listen_address(std::string_view text) {
    const auto colon = text.rfind(':');
    auto host = text.substr(0, colon == std::string_view::npos ? 0 : colon);
    const auto port = text::to_integer(colon == std::string_view::npos ? "" : text.substr(colon + 1));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host.empty() || !port || *port < 0 || *port > 65535)
        return fail(Code::config, "no address to listen on", std::string(text), "write 127.0.0.1:9100");
    return net::ListenOptions{.address = std::string(host), .port = static_cast<std::uint16_t>(*port)};
}

Result<net::ListenOptions> reach_address(std::string_view text) {
    auto out = listen_address(text);
    if (out && out->address == "0.0.0.0") out->address = "127.0.0.1";
    if (out && out->address == "::") out->address = "::1";
    return out;
}

}  // namespace pbx::service
