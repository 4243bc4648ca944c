// WebSocket (RFC 6455) over any Stream: text messages, pings, closing. No extensions: no compression. The
// bytes are websocket_codec's; the server's side of the upgrade is the caller's to judge (token, path).
#pragma once

#include "net/http_server.hpp"
#include "net/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pbx::net {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

class WebSocket {
  public:
    struct Options {
        std::size_t max_message = 256 * 1024;
        std::size_t max_queue = 4 * 1024 * 1024;  // bytes not yet taken by the stream
        milliseconds write_limit{3'000};          // a peer that reads nothing for so long is given up
    };
    struct Message {
        enum class Kind : std::uint8_t { text, pong, closed } kind = Kind::text;
        std::string_view bytes{};  // until the next read(); of `closed`: the peer's reason
        std::uint16_t code = 0;    // of `closed`
    };

    ~WebSocket();
    WebSocket(const WebSocket&) = delete;
    WebSocket& operator=(const WebSocket&) = delete;

    // The next message; pings are answered inside. try_again: nothing came in time; protocol: the peer broke
    // RFC 6455 or a limit (it was told so); unavailable: the connection is gone.
    [[nodiscard]] Task<Result<Message>> read(milliseconds limit);

    // Queued and sent at once, in order; false: over max_queue or closed, nothing was taken.
    [[nodiscard]] bool send(std::string_view text);
    bool ping(std::string_view payload);  // <= 125 bytes
    // What is queued, then a close frame; the connection ends at the peer's answer or after `limit`.
    [[nodiscard]] Task<void> close(std::uint16_t code, std::string reason, milliseconds limit);
    void cut();  // at once
    // Called on the loop each time the queue falls below `bytes` from there or above.
    void on_room(std::size_t bytes, std::function<void()> tell);

    [[nodiscard]] std::size_t queued() const;
    [[nodiscard]] const std::string& peer() const;
    // Of the upgrade's other half: what the server answered, or the client asked.
    [[nodiscard]] std::string_view header(std::string_view name) const;

    struct Inside;
    explicit WebSocket(std::shared_ptr<Inside> inside);

  private:
    std::shared_ptr<Inside> inside_;
};

struct WebSocketAsk {
    std::string host{};  // for the Host header
    std::string path = "/";
    std::string protocol{};  // Sec-WebSocket-Protocol: the server must choose it
    HttpHeaders headers{};
    WebSocket::Options options{};
};

// refused: the server answered 401, 403 or 409 (its first line is in the error); protocol: no WebSocket
// there.
[[nodiscard]] Task<Result<std::unique_ptr<WebSocket>>> websocket_connect(std::unique_ptr<Stream> below,
                                                                         WebSocketAsk ask,
                                                                         milliseconds limit);

struct WebSocketAnswer {
    unsigned status = 101;  // anything else refuses, with `body`
    std::string body{};
    std::string protocol{};  // the one chosen
    HttpHeaders headers{};
};

// Reads one request, all of it within `limit`, asks `judge` and answers. Errors as above; refused: judge's
// no.
[[nodiscard]] Task<Result<std::unique_ptr<WebSocket>>> websocket_accept(
    std::unique_ptr<Stream> below, WebSocket::Options options,
    std::function<WebSocketAnswer(const HttpRequest&)> judge, milliseconds limit);

}  // namespace pbx::net
