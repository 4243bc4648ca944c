#include "devstate/link.hpp"

#include "devstate/frame.hpp"
#include "devstate/link_inside.hpp"
#include "net/loop.hpp"

#include <algorithm>

namespace pbx::devstate {

namespace {

Result<void> check_listening(const LinkOptions& options) {
    if (options.token.empty() && !(options.as_server && options.certificates))
        return fail(Code::config, "anybody could link", "devstate",
                    "set secret_file, or certificates on both sides");
    if (!options.as_server && !options.plain && !options.listen->inherited &&
        !is_loopback(options.listen->address))
        return fail(Code::config, "listening without TLS", options.listen->address,
                    "set certificate and key, or plain = yes where the network is your own");
    return {};
}

Result<void> check(const LinkOptions& options) {
    if (!is_server_name(options.server))
        return fail(Code::config, "no server name", options.server,
                    "letters, digits, '.', '_' and '-', at most 40");
    if (!options.token.empty() && options.token.read().size() < shortest_token)
        return fail(Code::config, "the token is too short", "secret_file",
                    "at least 16 characters, e.g. of: openssl rand -hex 20");
    const bool needs_client =
        std::any_of(options.peers.begin(), options.peers.end(), [](const auto& peer) { return peer.tls; });
    if (needs_client && !options.as_client) return fail(Code::bug, "no TLS for wss:// peers", "devstate");
    if (options.listen) return check_listening(options);
    return {};
}

}  // namespace

Links::Links(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}

Result<std::unique_ptr<Links>> Links::open(net::Executor executor, LinkOptions options, LinkEvents events) {
    if (auto good = check(options); !good) return tl::unexpected(good.error());
    auto inside = std::make_shared<Inside>(std::move(executor), std::move(options), std::move(events));
    if (inside->options.listen) {
        auto accept = [at = std::weak_ptr(inside)](std::unique_ptr<net::Stream> stream) {
            return Inside::accept(at.lock(), std::move(stream));
        };
        auto listener = net::Listener::open(inside->executor, *inside->options.listen, std::move(accept));
        if (!listener) return tl::unexpected(listener.error());
        inside->listener = std::move(*listener);
    }
    for (const auto& address : inside->options.peers) {
        inside->dials.push_back(std::make_shared<LinkDial>(inside->executor, address));
        net::spawn(inside->executor, Inside::keep_dialled(inside, inside->dials.back()));
    }
    return std::unique_ptr<Links>(new Links(std::move(inside)));
}

Links::~Links() {
    inside_->gone = inside_->closing = true;
    inside_->listener.reset();
    for (const auto& [id, live] : inside_->live)
        live->socket->cut();
    for (const auto& dial : inside_->dials)
        dial->changed.ring();
}

bool Links::send(LinkId id, std::string_view frame) {
    const auto found = inside_->live.find(id);
    if (found == inside_->live.end() || found->second->over) return false;
    auto& live = *found->second;
    if (!live.socket->send(frame)) {
        if (live.reason.empty()) ++inside_->totals.overflows;
        inside_->cut(id, "it reads too slowly");
        return false;
    }
    ++live.frames_out;
    live.bytes_out += frame.size();
    return true;
}

std::size_t Links::queued(LinkId id) const {
    const auto found = inside_->live.find(id);
    return found == inside_->live.end() ? 0 : found->second->socket->queued();
}

void Links::cut(LinkId id, std::string reason) {
    inside_->cut(id, std::move(reason));
}

std::vector<LinkStatus> Links::status() const {
    std::vector<LinkStatus> out;
    for (const auto& [id, live] : inside_->live)
        out.push_back(inside_->status_of(*live));
    for (const auto& dial : inside_->dials) {
        if (inside_->table.has(dial->server)) continue;
        LinkStatus status{.trouble = dial->trouble.empty() ? "connecting" : dial->trouble,
                          .name_taken = dial->name_taken};
        status.peer.server = dial->server;
        status.peer.address = dial->address.text();
        status.peer.dialled = true;
        out.push_back(std::move(status));
    }
    return out;
}

LinkTotals Links::totals() const {
    return inside_->totals;
}

std::uint16_t Links::port() const {
    return inside_->listener ? inside_->listener->port() : 0;
}

namespace {

net::Task<void> part(Links::Inside::Live live, std::chrono::milliseconds limit) {
    co_await live->socket->close(1001, "the relay ends", limit);
}

net::Task<void> close_all(Links::Inside::Self self, std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    self->closing = true;
    self->listener.reset();
    for (const auto& dial : self->dials)
        dial->changed.ring();
    for (const auto& [id, live] : self->live) {
        live->reason = "the relay ends";
        net::spawn(self->executor, part(live, limit));
    }
    while (!self->live.empty()) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) break;
        bool rung = co_await self->empty.wait(left);
        if (!rung) break;
    }
}

}  // namespace

net::Task<void> Links::close(std::chrono::milliseconds limit) {
    return close_all(inside_, limit);
}

}  // namespace pbx::devstate
