// RFC 6455's frames and its upgrade key: bytes to messages and back. No socket, no clock, no compression.
// What breaks the RFC or a limit is an error, and then the decoder is at its end.
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pbx::net::websocket {

enum class Role : std::uint8_t { client, server };  // ours: a client masks what it sends

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

inline constexpr std::size_t most_control = 125;  // bytes in a ping, pong or close

// RFC 6455 7.4.1; 4000-4999 are an application's own.
inline constexpr std::uint16_t normal = 1000, going_away = 1001, protocol_error = 1002, not_acceptable = 1003,
                               no_code = 1005,  // never on the wire: the peer gave none
    bad_text = 1007, too_big = 1009;

struct Event {
    enum class Kind : std::uint8_t { text, ping, pong, close } kind = Kind::text;
    std::string_view bytes{};      // until the next feed() or next()
    std::uint16_t code = no_code;  // of close
};

class Decoder {
  public:
    Decoder(Role own, std::size_t max_message) : own_(own), max_message_(max_message) {}

    void feed(std::string_view bytes);
    // Empty: feed me. protocol: see close_code().
    [[nodiscard]] Result<std::optional<Event>> next();
    [[nodiscard]] std::uint16_t close_code() const {
        return close_code_;
    }  // to tell the peer, after an error
    [[nodiscard]] std::size_t held() const {
        return buffer_.capacity() + message_.capacity() + finished_.capacity();
    }

  private:
    struct Head {
        bool last = false, masked = false;
        Opcode opcode = Opcode::text;
        std::size_t size = 0, length = 0;  // of the head itself, of the payload
        std::uint32_t mask = 0;
    };
    [[nodiscard]] Unexpected broken(std::uint16_t code, std::string what);
    [[nodiscard]] Result<std::optional<Head>> head();
    [[nodiscard]] Result<void> judge(const Head& head);
    [[nodiscard]] Result<std::optional<Event>> control(const Head& head, std::string_view payload);
    [[nodiscard]] Result<std::optional<Event>> data(const Head& head, std::string_view payload);

    Role own_;
    std::size_t max_message_;
    std::string buffer_{};  // received and not consumed from begin_ on
    std::size_t begin_ = 0;
    std::string message_{};   // the fragments so far
    std::string finished_{};  // the last message that came in pieces
    bool in_message_ = false;
    std::uint16_t close_code_ = 0;  // != 0: broken
};

// Appends a whole frame. `mask` is used when we are the client: unpredictable, new for each frame.
void encode(std::string& out, Role own, Opcode opcode, std::string_view payload, std::uint32_t mask);
// A close frame's payload; the reason is cut to what fits.
[[nodiscard]] std::string close_payload(std::uint16_t code, std::string_view reason);

// Sec-WebSocket-Accept for a Sec-WebSocket-Key (4.2.2).
[[nodiscard]] std::string accept_of(std::string_view key);
// A key is 16 bytes in base64.
[[nodiscard]] bool is_key(std::string_view key);
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace pbx::net::websocket
