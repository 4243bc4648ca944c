// Inside net only: a WebSocket's running state, which the upgrade makes and websocket.cpp works on.
#pragma once

#include "net/bell.hpp"
#include "net/websocket.hpp"
#include "net/websocket_codec.hpp"

namespace pbx::net {

struct WebSocket::Inside : std::enable_shared_from_this<WebSocket::Inside> {
    Inside(Executor its_executor, std::unique_ptr<Stream> its_stream, Options its_options,
           websocket::Role its_role)
        : executor(std::move(its_executor)),
          stream(std::move(its_stream)),
          options(its_options),
          role(its_role),
          peer(stream->peer()),
          decoder(role, options.max_message),
          ended(executor) {}

    using Self = std::shared_ptr<Inside>;
    [[nodiscard]] bool put(websocket::Opcode opcode, std::string_view payload);
    void put_close(std::uint16_t code, std::string_view reason);
    void end();
    static Task<void> write_out(Self self);
    static Task<Result<Message>> read(Self self, milliseconds limit);
    static Task<Result<Message>> read_on(Self self, milliseconds limit);
    static Task<void> close(Self self, std::uint16_t code, std::string reason, milliseconds limit);
    [[nodiscard]] Result<std::optional<Message>> taken(const websocket::Event& event);

    Executor executor;
    std::unique_ptr<Stream> stream;
    Options options;
    websocket::Role role;
    std::string peer;
    HttpHeaders headers{};
    websocket::Decoder decoder;
    std::string out{};          // frames the stream has not been given
    std::size_t in_flight = 0;  // bytes it was given and has not taken
    bool reading = false, writing = false;
    bool closing = false;    // our close frame is queued or out
    bool heard_all = false;  // nothing more comes of the peer
    bool over = false;
    std::size_t room = 0;  // on_room's
    std::function<void()> tell_room{};
    Error trouble{};  // why a write failed
    Bell ended;
};

}  // namespace pbx::net
