#include "core/backoff.hpp"
#include "core/log.hpp"
#include "devstate/link_inside.hpp"
#include "net/deadline.hpp"
#include "net/resolve.hpp"

#include <algorithm>

#include <sys/random.h>

namespace pbx::devstate {

namespace {

using net::Stream;
using net::WebSocket;
using Opened = Result<std::unique_ptr<WebSocket>>;
using std::chrono::milliseconds;

double chance_of(const LinkOptions& options) {
    if (options.chance) return options.chance();
    std::uint32_t number = 0;
    const auto got = ::getrandom(&number, sizeof number, 0);
    static_cast<void>(got);  // of 4 bytes it gives all (getrandom(2))
    return static_cast<double>(number) / 4294967296.0;
}

// Name, TCP, TLS and upgrade; the deadline is the caller's.
net::Task<Opened> open(Links::Inside::Self self, PeerAddress address) {
    const auto limit = self->options.connect;
    Result<std::unique_ptr<Stream>> stream = co_await net::connect_host(address.host, address.port, limit);
    if (!stream) co_return tl::unexpected(stream.error());
    if (address.tls) {
        Result<std::unique_ptr<net::TlsStream>> over =
            co_await net::tls_connect(std::move(*stream), self->options.as_client, address.host, limit);
        if (!over) co_return tl::unexpected(over.error());
        *stream = std::move(*over);
    }
    net::WebSocketAsk ask;
    const bool six = address.host.find(':') != std::string::npos;
    ask.host = (six ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
    ask.path = address.path;
    ask.protocol = std::string(link_protocol);
    ask.headers = headers_of(self->own);
    if (!self->options.token.empty())
        ask.headers.emplace_back("Authorization", "Bearer " + self->options.token.read());
    ask.options = self->socket_options();
    Opened socket = co_await net::websocket_connect(std::move(*stream), std::move(ask), limit);
    co_return socket;
}

// What of the other side's answer and our own table keeps it from being the link; empty: nothing.
std::string objection(LinkVerdict verdict, const std::string& server) {
    switch (verdict) {
        case LinkVerdict::up:
            return {};
        case LinkVerdict::linked:
            return "linked already";
        case LinkVerdict::name_taken:
            return "there are two servers that call themselves " + server + " or ours: set [devstate] server";
        case LinkVerdict::self:
            return "it is this relay itself: take it out of the peers";
    }
    return {};
}

// Tries once, and when it is the link lives it to its end. true: it was the link.
net::Task<bool> dial_once(Links::Inside::Self self, Links::Inside::Dial dial) {
    Opened socket =
        co_await net::with_deadline(open(self, dial->address), self->options.connect, "connecting");
    if (self->closing) co_return false;
    dial->name_taken = false;
    if (!socket) {
        dial->trouble = socket.error().text();
        co_return false;
    }
    auto name = name_of((*socket)->header(server_header), (*socket)->header(instance_header));
    if (name.server.empty()) {
        dial->trouble = "it does not say which server it is";
        co_return false;
    }
    dial->server = name.server;
    LinkPeer peer{
        .id = ++self->last_id, .server = name.server, .address = (*socket)->peer(), .dialled = true};
    auto verdict = verdict_of((*socket)->header(verdict_header));
    LinkTable::Outcome outcome{.verdict = verdict};
    if (verdict == LinkVerdict::up)
        outcome = self->table.claim(
            {.id = peer.id, .server = name.server, .instance = name.instance, .dialled = true});
    if (outcome.verdict != LinkVerdict::up) {
        dial->trouble = objection(outcome.verdict, name.server);
        dial->name_taken = outcome.verdict == LinkVerdict::name_taken;
        co_await (*socket)->close(close_not_needed, std::string(word_of(outcome.verdict)),
                                  self->options.dead);
        co_return false;
    }
    dial->trouble.clear();
    if (outcome.replaced != 0) self->cut(outcome.replaced, "a newer connection took its place");
    co_await Links::Inside::run(self, std::move(peer), std::move(*socket));
    co_return true;
}

void complain(const LinkDial& dial, std::string& said) {
    if (dial.trouble.empty() || dial.trouble == said) return;
    said = dial.trouble;
    log::warning("devstate: no link with {}: {}", dial.address.text(), said);
}

}  // namespace

net::Task<void> Links::Inside::keep_dialled(Self self, Dial dial) {
    Backoff backoff(self->options.first_retry, self->options.last_retry);
    std::string said;
    while (!self->closing && !self->gone) {
        if (self->table.has(dial->server)) {  // by whoever dialled
            dial->trouble.clear();
            bool changed = co_await dial->changed.wait(net::no_deadline);
            static_cast<void>(changed);
            continue;
        }
        bool was_up = co_await dial_once(self, dial);
        if (self->closing || self->gone) break;
        if (was_up) {
            backoff.reset();
            said.clear();
        } else if (!self->table.has(dial->server)) {
            complain(*dial, said);
        }
        const auto pause = backoff.next(chance_of(self->options));
        const auto until = std::chrono::steady_clock::now() + pause;
        while (!self->closing && std::chrono::steady_clock::now() < until) {
            const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
            bool changed = co_await dial->changed.wait(std::max(left, milliseconds{0}));
            static_cast<void>(changed);
        }
    }
}

}  // namespace pbx::devstate
