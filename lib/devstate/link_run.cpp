#include "core/log.hpp"
#include "core/text.hpp"
#include "devstate/link_inside.hpp"
#include "net/loop.hpp"

#include <array>
#include <charconv>

namespace pbx::devstate {

namespace {

using net::WebSocket;
using std::chrono::microseconds;
using std::chrono::steady_clock;

constexpr std::chrono::milliseconds last_words{1'000};  // for the goodbye of a link that is over

microseconds steady_now() {
    return std::chrono::duration_cast<microseconds>(steady_clock::now().time_since_epoch());
}

// A heartbeat carries the time it was sent at; only we read it again.
std::optional<microseconds> age_of(std::string_view payload) {
    const auto sent = text::to_integer(payload);
    if (!sent || *sent < 0 || *sent > steady_now().count()) return std::nullopt;
    return steady_now() - microseconds(*sent);
}

std::string reason_of(const Error& error, std::chrono::milliseconds dead) {
    if (error.code != Code::try_again) return error.what;
    return "nothing was heard for " + std::to_string(dead.count()) + " ms";
}

std::string reason_of(const WebSocket::Message& closed) {
    if (!closed.bytes.empty()) return log::cleaned(closed.bytes);
    return "the peer closed it";
}

}  // namespace

WebSocket::Options Links::Inside::socket_options() const {
    return {.max_message = options.max_frame, .max_queue = options.max_queue, .write_limit = options.dead};
}

net::Task<void> Links::Inside::beat(Self self, Live live) {
    while (!live->over && !self->gone) {
        live->socket->ping(std::to_string(steady_now().count()));
        bool ended = co_await live->ended.wait(self->options.heartbeat);
        if (ended) co_return;
    }
}

// Until the link ends; why it did.
net::Task<std::string> Links::Inside::hear(Self self, Live live) {
    while (true) {
        Result<WebSocket::Message> message = co_await live->socket->read(self->options.dead);
        if (self->gone) co_return std::string();
        if (!message) co_return reason_of(message.error(), self->options.dead);
        switch (message->kind) {
            case WebSocket::Message::Kind::text:
                ++live->frames_in;
                live->bytes_in += message->bytes.size();
                if (self->events.on_frame) self->events.on_frame(live->peer, message->bytes);
                break;
            case WebSocket::Message::Kind::pong:
                if (const auto age = age_of(message->bytes)) live->round_trip = age;
                break;
            case WebSocket::Message::Kind::closed:
                co_return reason_of(*message);
        }
    }
}

net::Task<void> Links::Inside::run(Self self, LinkPeer peer, std::unique_ptr<WebSocket> socket) {
    auto live = std::make_shared<LiveLink>(self->executor, std::move(peer), std::move(socket));
    self->live.emplace(live->peer.id, live);
    ++self->totals.ups;
    live->socket->on_room(queue_enough, [self, at = std::weak_ptr(live)] {
        const auto it = at.lock();
        if (it && !self->gone && !it->over && self->events.on_room) self->events.on_room(it->peer);
    });
    if (!self->gone && self->events.on_up) self->events.on_up(live->peer);
    net::spawn(self->executor, beat(self, live));
    std::string reason = co_await hear(self, live);
    self->end(*live, std::move(reason));
    co_await live->socket->close(1000, {}, last_words);
}

void Links::Inside::end(LiveLink& link, std::string reason) {
    link.over = true;
    link.ended.ring();
    live.erase(link.peer.id);
    ++totals.downs;
    if (!link.reason.empty()) reason = link.reason;
    if (!gone && events.on_down) events.on_down(link.peer, reason);
    release(link.peer.id);
    if (live.empty()) empty.ring();
}

void Links::Inside::release(LinkId id) {
    table.release(id);
    for (const auto& dial : dials)
        dial->changed.ring();
}

void Links::Inside::cut(LinkId id, std::string reason) {
    const auto found = live.find(id);
    if (found == live.end() || found->second->over) return;
    if (found->second->reason.empty()) found->second->reason = std::move(reason);
    found->second->socket->cut();
}

LinkStatus Links::Inside::status_of(const LiveLink& link) const {
    return {.peer = link.peer,
            .queued = link.socket->queued(),
            .frames_in = link.frames_in,
            .frames_out = link.frames_out,
            .bytes_in = link.bytes_in,
            .bytes_out = link.bytes_out,
            .round_trip = link.round_trip};
}

}  // namespace pbx::devstate
