// The answer to one HTTP/1.0 GET out of bytes that come in any pieces: its status and its body, which ends
// with Content-Length or the connection. Hostile input: over a limit or not of this shape is an error. No
// socket, no keep-alive, no chunks (nobody may send them to HTTP/1.0: RFC 9112 6.1).
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pbx::net {

constexpr std::size_t max_reply_head = 8 * 1024;

struct HttpReply {
    int status = 0;
    std::string body{};
};

class HttpReplyDecoder {
  public:
    explicit HttpReplyDecoder(std::size_t max_body) : max_body_(max_body) {}

    void feed(std::string_view bytes) { bytes_.append(bytes); }
    // Nothing: feed me. `ended`: the connection has, nothing follows. Once. Errors: protocol.
    [[nodiscard]] Result<std::optional<HttpReply>> next(bool ended = false);

  private:
    [[nodiscard]] Result<void> take_head(std::string_view head);
    [[nodiscard]] Result<void> take_field(std::string_view line);

    std::size_t max_body_;
    std::string bytes_;  // the head and the body's beginning, then the body
    bool has_head_ = false;
    int status_ = 0;
    std::optional<std::size_t> length_;
};

}  // namespace pbx::net
