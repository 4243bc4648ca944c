#include "core/log.hpp"
#include "devstate/link_inside.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace pbx::devstate {

namespace {

using net::Stream;
using net::WebSocket;
using std::chrono::steady_clock;

constexpr std::chrono::seconds quiet{10};  // between two lines about who was refused
constexpr std::size_t most_visits = 16;    // of one address, not through the handshake

struct Visit {
    LinkTable::Outcome outcome{};
    LinkPeer peer{};
    bool claimed = false;
};

// One of the connections of an address that are no link yet.
class Knocking {
  public:
    Knocking(Links::Inside::Self links, std::string address)
        : links_(std::move(links)), address_(std::move(address)) {
        ++links_->knocking[address_];
    }
    ~Knocking() {
        const auto found = links_->knocking.find(address_);
        if (--found->second == 0) links_->knocking.erase(found);
    }
    Knocking(const Knocking&) = delete;
    Knocking& operator=(const Knocking&) = delete;

  private:
    Links::Inside::Self links_;
    std::string address_;
};

// Judges the request and takes the server's place in the table before the answer goes out, so that two that
// come at once cannot both have it.
net::WebSocketAnswer receive(Links::Inside& links, Visit& visit, const net::HttpRequest& request) {
    auto door = judge({.path = links.options.path, .token = links.options.token}, request);
    if (door.answer.status != 101) return std::move(door.answer);
    if (links.closing || links.live.size() >= links.options.max_links)
        return {.status = 503, .body = "no more links\n"};
    visit.peer = {.id = ++links.last_id, .server = door.name.server, .address = request.peer};
    visit.outcome = links.table.claim({.id = visit.peer.id,
                                       .server = std::move(door.name.server),
                                       .instance = std::move(door.name.instance)});
    visit.claimed = visit.outcome.verdict == LinkVerdict::up;
    door.answer.headers = headers_of(links.own);
    door.answer.headers.emplace_back(verdict_header, word_of(visit.outcome.verdict));
    return std::move(door.answer);
}

net::Task<Result<std::unique_ptr<Stream>>> encrypted(std::unique_ptr<Stream> stream,
                                                     std::shared_ptr<const net::TlsSide> side,
                                                     std::chrono::milliseconds limit) {
    if (!side) co_return stream;
    Result<std::unique_ptr<net::TlsStream>> over =
        co_await net::tls_accept(std::move(stream), std::move(side), limit);
    if (!over) co_return tl::unexpected(over.error());
    co_return std::unique_ptr<Stream>(std::move(*over));
}

}  // namespace

// A stranger may knock all day: one line says it, and how often it was.
void Links::Inside::note_refusal(const std::string& address, const Error& why) {
    ++totals.refused;
    const auto now = steady_clock::now();
    knocks.in_vain(without_port(address), now);
    if (now < quiet_until) {
        ++unsaid;
        return;
    }
    quiet_until = now + quiet;
    const auto others = std::exchange(unsaid, 0);
    if (others == 0) return log::warning("devstate: no link with {}: {}", address, log::cleaned(why.what));
    log::warning("devstate: no link with {}: {} (and {} more refused)", address, log::cleaned(why.what),
                 others);
}

net::Task<void> Links::Inside::accept(Self self, std::unique_ptr<Stream> stream) {
    if (!self || self->closing) co_return;
    const auto address = stream->peer();
    const auto home = without_port(address);
    if (self->knocks.is_shut_out(home, steady_clock::now())) {
        ++self->totals.refused;
        co_return;
    }
    // a stranger who connects and is silent must not hold every place there is
    if (const auto there = self->knocking.find(home);
        there != self->knocking.end() && there->second >= most_visits) {
        self->note_refusal(address, Error{.what = "too many of its connections are silent"});
        co_return;
    }
    std::optional<Knocking> knocking(std::in_place, self, home);
    const auto until = steady_clock::now() + self->options.connect;
    Result<std::unique_ptr<Stream>> open =
        co_await encrypted(std::move(stream), self->options.as_server, self->options.connect);
    if (!open) {
        self->note_refusal(address, open.error());
        co_return;
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now());
    auto visit = std::make_shared<Visit>();
    auto asked = [self, visit](const net::HttpRequest& request) { return receive(*self, *visit, request); };
    const auto options = self->socket_options();
    Result<std::unique_ptr<WebSocket>> socket = co_await net::websocket_accept(
        std::move(*open), options, std::move(asked), std::max(left, std::chrono::milliseconds{1}));
    // in any case: of the one that took its place its other side thinks the same, or has given it up
    if (visit->claimed && visit->outcome.replaced != 0)
        self->cut(visit->outcome.replaced, "a newer connection took its place");
    if (!socket) {
        if (visit->claimed) self->release(visit->peer.id);
        self->note_refusal(address, socket.error());
        co_return;
    }
    if (self->closing || self->gone) {  // a reload, while the answer went out
        if (visit->claimed) self->release(visit->peer.id);
        co_return;
    }
    if (visit->claimed && !self->table.holds(visit->peer.id)) {  // while the answer went out
        visit->claimed = false;
        visit->outcome.verdict = LinkVerdict::linked;
    }
    if (!visit->claimed) {
        if (visit->outcome.verdict == LinkVerdict::name_taken)
            self->note_refusal(address, Error{.what = "another server calls itself " + visit->peer.server});
        co_await (*socket)->close(close_not_needed, std::string(word_of(visit->outcome.verdict)),
                                  self->options.dead);
        co_return;
    }
    knocking.reset();
    co_await run(self, std::move(visit->peer), std::move(*socket));
}

}  // namespace pbx::devstate
