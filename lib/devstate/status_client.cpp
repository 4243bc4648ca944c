#include "devstate/status_client.hpp"

#include "net/http_get.hpp"

#include <utility>

namespace pbx::devstate {

namespace {
constexpr const char* start_it =
    "does a relay run there? systemctl start pbxctl-devstate, or pbxctl devstate relay --health-listen";
constexpr const char* busy = "it is stopped, or its machine is very busy";
constexpr const char* another = "something else has this address, or a relay of an older pbxctl";
}  // namespace

net::Task<Result<RelayStatus>> ask_status(std::string host, std::uint16_t port,
                                          std::chrono::milliseconds limit) {
    const auto where = host.find(':') == std::string::npos ? host + ":" + std::to_string(port)
                                                           : "[" + host + "]:" + std::to_string(port);
    net::HttpGet wanted{
        .host = std::move(host), .port = port, .path = "/status", .limit = limit, .max_body = max_status};
    auto reply = co_await net::http_get(std::move(wanted));
    if (!reply) {
        auto error = reply.error();
        error.where = where;
        if (error.code == Code::unavailable && error.hint.empty()) error.hint = start_it;
        if (error.code == Code::try_again && error.hint.empty()) error.hint = busy;
        if (error.code == Code::protocol) error.hint = another;
        co_return Unexpected(std::move(error));
    }
    if (reply->status != 200)
        co_return fail(Code::protocol, "no status there: HTTP " + std::to_string(reply->status), where,
                       another);
    auto status = decode_status(reply->body);
    if (!status) {
        auto error = status.error();
        error.where = where;
        if (error.hint.empty()) error.hint = another;
        co_return Unexpected(std::move(error));
    }
    co_return std::move(*status);
}

}  // namespace pbx::devstate
