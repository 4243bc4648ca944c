// One GET over plain HTTP, for asking a service of ours on the same machine or a network of one's own: no
// TLS, no redirect, no proxy. net/http_client, by curl, is for everything else; this costs nothing at the
// start.
#pragma once

#include "net/http_reply.hpp"
#include "net/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace pbx::net {

struct HttpGet {
    std::string host{};  // a name or an address
    std::uint16_t port = 0;
    std::string path = "/";
    std::chrono::milliseconds limit{2'000};  // of everything together
    std::size_t max_body = 64 * 1024;
};

// Any status is an answer. Errors: unavailable (nobody is there), try_again (the limit passed), protocol (no
// HTTP, too big), data (a path or host that can't be).
[[nodiscard]] Task<Result<HttpReply>> http_get(HttpGet wanted);

}  // namespace pbx::net
