#include "net/websocket.hpp"

#include "core/text.hpp"
#include "net/loop.hpp"
#include "net/websocket_inside.hpp"

#include <algorithm>
#include <array>

#include <sys/random.h>

namespace pbx::net {

using websocket::Event;
using websocket::Opcode;
using websocket::Role;

namespace {

constexpr std::size_t frame_head = 14;   // the longest
constexpr std::size_t read_size = 4096;  // what a TCP stream hands over at once
constexpr std::size_t write_size =
    64 * 1024;  // given to the stream at once, so that queued() tells the truth

std::uint32_t new_mask() {
    std::uint32_t mask = 0;
    const auto got = ::getrandom(&mask, sizeof mask, 0);
    static_cast<void>(got);  // of 4 bytes it gives all (getrandom(2))
    return mask;
}

// A copy: what is called may end the connection and with it the original.
void tell(std::function<void()> whom) {
    if (whom) whom();
}

}  // namespace

bool WebSocket::Inside::put(Opcode opcode, std::string_view payload) {
    if (over || closing || out.size() + in_flight + payload.size() + frame_head > options.max_queue)
        return false;
    websocket::encode(out, role, opcode, payload, role == Role::client ? new_mask() : 0);
    if (!std::exchange(writing, true)) spawn(executor, write_out(shared_from_this()));
    return true;
}

void WebSocket::Inside::put_close(std::uint16_t code, std::string_view reason) {
    if (put(Opcode::close, websocket::close_payload(code, reason))) closing = true;
}

void WebSocket::Inside::end() {
    over = true;
    tell_room = nullptr;
    out.clear();
    stream->close();
    ended.ring();
}

// All that came together in one turn of the loop goes out in one write.
Task<void> WebSocket::Inside::write_out(Self self) {
    while (!self->out.empty() && !self->over) {
        std::string bytes;
        bytes.swap(self->out);
        if (bytes.size() > write_size) {
            self->out = bytes.substr(write_size);
            bytes.resize(write_size);
        }
        self->in_flight = bytes.size();
        Result<void> written = co_await self->stream->write_all(std::move(bytes), self->options.write_limit);
        const auto queued = self->out.size();
        const auto most = queued + self->in_flight;
        self->in_flight = 0;
        if (written && queued < self->room && most >= self->room) tell(self->tell_room);
        if (written || self->over) continue;
        self->trouble = written.error();
        self->end();
    }
    self->writing = false;
    if (self->closing) self->ended.ring();
}

// What is for the reader; empty: answered here.
Result<std::optional<WebSocket::Message>> WebSocket::Inside::taken(const Event& event) {
    switch (event.kind) {
        case Event::Kind::text:
            return Message{.bytes = event.bytes};
        case Event::Kind::pong:
            return Message{.kind = Message::Kind::pong, .bytes = event.bytes};
        case Event::Kind::ping:
            if (!put(Opcode::pong, event.bytes) && !closing)
                return fail(Code::protocol, "the peer asks and does not read", peer);
            return std::nullopt;
        case Event::Kind::close:
            break;
    }
    put_close(event.code == websocket::no_code ? websocket::normal : event.code, {});
    return Message{.kind = Message::Kind::closed, .bytes = event.bytes, .code = event.code};
}

Task<Result<WebSocket::Message>> WebSocket::Inside::read(Self self, milliseconds limit) {
    self->reading = true;
    Result<Message> out = co_await read_on(self, limit);
    self->reading = false;
    const bool late = !out && out.error().code == Code::try_again && !self->over;
    if (late || (out && out->kind != Message::Kind::closed)) co_return out;
    self->heard_all = true;
    self->ended.ring();
    co_return out;
}

Task<Result<WebSocket::Message>> WebSocket::Inside::read_on(Self self, milliseconds limit) {
    std::array<char, read_size> part;
    while (true) {
        auto event = self->decoder.next();
        if (!event) {
            self->put_close(self->decoder.close_code(), event.error().what);
            co_return fail(Code::protocol, event.error().what, self->peer);
        }
        if (*event) {
            auto message = self->taken(**event);
            if (!message) co_return tl::unexpected(message.error());
            if (!*message) continue;
            co_return **message;
        }
        if (self->over) break;
        Result<std::size_t> got = co_await self->stream->read_some(part, limit);
        if (!got && !self->over) co_return tl::unexpected(got.error());
        if (!got || *got == 0) break;
        self->decoder.feed({part.data(), *got});
    }
    if (!self->trouble.what.empty()) co_return tl::unexpected(self->trouble);
    co_return fail(Code::unavailable, "the connection is gone", self->peer);
}

// The peer's own goodbye is waited for: a connection closed with bytes unread is reset, and what it was sent
// last is lost.
Task<void> WebSocket::Inside::close(Self self, std::uint16_t code, std::string reason, milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    self->put_close(code, reason);
    while (!self->over && (self->writing || !self->heard_all)) {
        const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
        if (left <= milliseconds{0}) break;
        if (self->reading || self->heard_all) {
            bool rung = co_await self->ended.wait(left);
            if (!rung) break;
        } else {
            Result<Message> message = co_await read(self, left);
            if (!message) self->heard_all = true;
        }
    }
    self->end();
}

WebSocket::WebSocket(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}

WebSocket::~WebSocket() {
    inside_->end();
}

Task<Result<WebSocket::Message>> WebSocket::read(milliseconds limit) {
    return Inside::read(inside_, limit);
}

bool WebSocket::send(std::string_view text) {
    return inside_->put(Opcode::text, text);
}

bool WebSocket::ping(std::string_view payload) {
    return inside_->put(Opcode::ping, payload.substr(0, websocket::most_control));
}

Task<void> WebSocket::close(std::uint16_t code, std::string reason, milliseconds limit) {
    return Inside::close(inside_, code, std::move(reason), limit);
}

void WebSocket::cut() {
    inside_->end();
}

void WebSocket::on_room(std::size_t bytes, std::function<void()> tell) {
    inside_->room = bytes;
    inside_->tell_room = std::move(tell);
}

std::size_t WebSocket::queued() const {
    return inside_->out.size() + inside_->in_flight;
}

const std::string& WebSocket::peer() const {
    return inside_->peer;
}

std::string_view WebSocket::header(std::string_view name) const {
    for (const auto& [key, value] : inside_->headers) {
        if (text::iequal_ascii(key, name)) return value;
    }
    return {};
}

}  // namespace pbx::net
