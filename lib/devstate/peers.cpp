#include "devstate/peers.hpp"

#include "core/log.hpp"

#include <utility>

#include <boost/asio/post.hpp>

namespace pbx::devstate {

Result<void> Peers::open(const std::string& server, std::uint64_t instance, const RelaySettings& settings) {
    const bool with_broker = settings.broker && !broker_;
    if (with_broker)
        if (auto opened = open_broker(server, instance, *settings.broker); !opened) return opened;
    auto options = settings.links;
    options.server = server;
    drop_links();  // first: the new ones may listen where they did
    auto opened = open_links(options);
    if (opened) {
        in_force_ = std::move(options);
        return {};
    }
    if (with_broker) broker_.reset();
    if (in_force_)
        if (auto again = open_links(*in_force_); !again)
            log::error("devstate: no links any more: {}", again.error().text());
    return opened;
}

Result<void> Peers::open_links(LinkOptions options) {
    if (!options.listen && options.peers.empty()) return {};
    auto opened = Links::open(executor_, std::move(options), link_events());
    if (!opened) return Unexpected(opened.error());
    links_ = std::move(*opened);
    return {};
}

void Peers::drop_links() {
    links_.reset();
    outer_.clear();
    for (const auto& [id, link] : std::exchange(inner_, {}))
        on_news_(LinkDown{id});
}

LinkEvents Peers::link_events() {
    LinkEvents out;
    out.on_up = [this](const LinkPeer& peer) {
        const auto id = next_++;
        outer_[peer.id] = id;
        inner_[id] = peer.id;
        on_news_(LinkUp{.link = id, .server = peer.server});
    };
    out.on_frame = [this](const LinkPeer& peer, std::string_view text) {
        const auto found = outer_.find(peer.id);
        if (found == outer_.end()) return;
        auto frame = decode(text);
        if (frame) {
            on_news_(Received{.link = found->second, .frame = std::move(*frame)});
            return;
        }
        ++bad_frames_;
        log::warning("devstate: {}: {}", peer.server, frame.error().text());
        links_->cut(peer.id, frame.error().what);
    };
    out.on_down = [this](const LinkPeer& peer, const std::string& /*reason*/) {
        const auto found = outer_.find(peer.id);
        if (found == outer_.end()) return;
        const auto id = found->second;
        outer_.erase(found);
        inner_.erase(id);
        on_news_(LinkDown{id});
    };
    out.on_room = [this](const LinkPeer& peer) {
        if (const auto found = outer_.find(peer.id); found != outer_.end()) give(found->second);
    };
    return out;
}

Result<void> Peers::open_broker(const std::string& server, std::uint64_t instance, BrokerOptions options) {
    options.server = server;
    options.instance = instance;
    options.link = bus;
    BrokerEvents events;
    events.on_up = [this](const std::string& where) {
        on_news_(LinkUp{.link = bus, .server = where, .bus = true});
    };
    events.on_down = [this](const std::string& /*reason*/) { on_news_(LinkDown{bus}); };
    events.on_news = [this](HubEvent event) { on_news_(std::move(event)); };
    events.on_room = [this] { give(bus); };
    auto opened = Broker::open(executor_, std::move(options), std::move(events));
    if (!opened) return Unexpected(opened.error());
    broker_ = std::move(*opened);
    return {};
}

void Peers::wake(LinkId id) {
    if (!due_.insert(id).second || due_.size() > 1) return;
    boost::asio::post(executor_, [at = std::weak_ptr(self_)] {
        if (const auto self = at.lock()) (*self)->give_due();
    });
}

void Peers::give_due() {
    for (const auto id : std::exchange(due_, {}))
        give(id);
}

void Peers::give(LinkId id) {
    if (id == bus) {
        while (broker_ && broker_->has_room()) {
            const auto frame = hub_.next(bus);
            if (!frame || !broker_->send(*frame)) return;
        }
        return;
    }
    const auto found = inner_.find(id);
    if (found == inner_.end() || !links_) return;
    const auto link = found->second;
    while (links_->queued(link) < Links::queue_enough) {
        const auto frame = hub_.next(id);
        if (!frame || !links_->send(link, encode(*frame))) return;
    }
}

void Peers::refuse(LinkId id, const std::string& reason) {
    log::warning("devstate: a link is refused: {}", reason);
    give_due();  // what was said before it
    if (const auto found = inner_.find(id); found != inner_.end() && links_)
        links_->cut(found->second, reason);
}

bool Peers::is_drained() const {
    if (!due_.empty()) return false;
    for (const auto& [id, link] : inner_)
        if (links_ && links_->queued(link) > 0) return false;
    return true;
}

net::Task<void> Peers::close(std::chrono::milliseconds limit) {
    give_due();
    if (links_) co_await links_->close(limit);
    if (broker_) co_await broker_->close(limit);
}

std::vector<LinkStatus> Peers::links() const {
    return links_ ? links_->status() : std::vector<LinkStatus>();
}

LinkTotals Peers::totals() const {
    return links_ ? links_->totals() : LinkTotals();
}

std::optional<BrokerStatus> Peers::broker() const {
    return broker_ ? std::optional(broker_->status()) : std::nullopt;
}

std::string Peers::trouble() const {
    std::string out;
    const auto add = [&out](const std::string& where, const std::string& why) {
        if (!out.empty()) out += "; ";
        out += where + ": " + why;
    };
    for (const auto& link : links())
        if (!link.trouble.empty()) add(link.peer.address, link.trouble);
    if (const auto status = broker(); status && !status->up)
        add("broker", status->trouble.empty() ? "not connected" : status->trouble);
    return out;
}

}  // namespace pbx::devstate
