#include "devstate/hub_inside.hpp"

#include <algorithm>

namespace pbx::devstate {

namespace {
constexpr std::uint64_t near_latest = 24ULL * 3'600 * 1'000'000;  // µs
constexpr std::chrono::seconds say_again{60};
}  // namespace

Hub::Hub(HubSettings settings) : inside_(std::make_unique<Inside>(std::move(settings))) {
    inside_->epoch = std::clamp<std::uint64_t>(inside_->settings.instance, 1, max_epoch);
    inside_->own.renew(inside_->epoch);  // of the items nothing is known until the first snapshot
    inside_->say_own();
}
Hub::~Hub() = default;
Hub::Hub(Hub&&) noexcept = default;
Hub& Hub::operator=(Hub&&) noexcept = default;

std::vector<HubAction> Hub::on(HubEvent event, Moment now) {
    inside_->pass(now);
    std::visit([this](auto&& one) { inside_->handle(std::move(one)); }, std::move(event));
    inside_->finish();
    return std::exchange(inside_->actions, {});
}

std::vector<HubAction> Hub::tick(Moment now) {
    auto& in = *inside_;
    in.pass(now);
    if (in.silent_until && now >= *in.silent_until) {
        in.silent_until.reset();
        in.rivals.clear();
        in.say_own();
    }
    if (in.renews && now >= *in.renews) {
        in.renews.reset();
        in.rivals.clear();
        if (in.renews_to > in.epoch) in.renew_epoch(in.renews_to);
    }
    if (in.says_again && now >= *in.says_again) in.say_own();
    if (in.share_out && now >= *in.share_out) {
        in.share_out.reset();
        in.share();
    }
    for (auto& [name, origin] : in.origins)
        if ((origin.darkens && now >= *origin.darkens) || (origin.asks && now >= *origin.asks))
            in.judge(name, origin);
    in.finish();
    return std::exchange(in.actions, {});
}

std::optional<Moment> Hub::wake_at() const {
    auto out = inside_->share_out;
    const auto sooner = [&out](const std::optional<Moment>& at) {
        if (at && (!out || *at < *out)) out = at;
    };
    sooner(inside_->silent_until);
    sooner(inside_->renews);
    sooner(inside_->says_again);
    for (const auto& [name, origin] : inside_->origins) {
        sooner(origin.darkens);
        sooner(origin.asks);
    }
    return out;
}

std::optional<Frame> Hub::next(LinkId id) {
    const auto found = inside_->links.find(id);
    if (found == inside_->links.end()) return std::nullopt;
    auto& link = found->second;
    if (!inside_->silent()) {
        // records first, or who is told of a server's being up could wait for a long table
        if (auto nodes = inside_->next_nodes(link)) return nodes;
        if (auto ask = inside_->next_ask(link)) return ask;
        if (auto items = inside_->next_items(link)) return items;
    }
    link.woken = false;
    return std::nullopt;
}

std::uint64_t Hub::epoch() const {
    return inside_->epoch;
}
const HubCounts& Hub::counts() const {
    return inside_->counts;
}
std::size_t Hub::own_items() const {
    return inside_->own.size();
}

std::string Hub::trouble() const {
    return inside_->silent_until ? inside_->name_taken() : std::string();
}

std::vector<ServerView> Hub::servers() const {
    std::vector<ServerView> out;
    for (const auto& [name, origin] : inside_->origins) {
        const auto* node = inside_->graph.find(name);
        if (node != nullptr && node->leaving && origin.table.size() == 0 && !origin.bus_up) continue;
        out.push_back({.server = name,
                       .known_up = inside_->is_true(name, origin),
                       .dark = origin.dark,
                       .distance = origin.bus_up ? 1 : inside_->graph.distance(name),
                       .items = origin.table.size()});
    }
    return out;
}

Tally Hub::tally(const std::string& server) const {
    if (server == inside_->settings.server) return inside_->own.tally();
    const auto found = inside_->origins.find(server);
    return found == inside_->origins.end() ? Tally{} : found->second.table.tally();
}

std::vector<Show> Hub::shown() const {
    std::vector<Show> out;
    for (const auto& [name, origin] : inside_->origins)
        origin.table.for_each([&out, &name = name, dark = origin.dark](const Replica::Row& row) {
            out.push_back({.origin = name, .item = Replica::item_of(row), .dark = dark});
        });
    return out;
}

void Hub::Inside::own_take(const Item& item) {
    const auto* known = own.find(item);
    if (known == nullptr ? item.gone : Replica::item_of(*known) == item) return;
    if (own.take(item, epoch, seq + 1, stamp + 1) == Taken::full) {
        if (!std::exchange(told_full, true))
            tell(true, "more than " + std::to_string(settings.most_items) +
                           " items of our own: " + item.name + " and others aren't told");
        return;
    }
    ++seq;
    ++stamp;
    if (own.complete()) own.complete_to(seq);
}

// Names that came and went: over so many the table starts anew, so that they take no room for ever.
void Hub::Inside::forget_gone() {
    if (own.gone() > std::min(most_gone, settings.most_items)) renew_epoch(epoch + 1);
}

void Hub::Inside::handle(OwnTable&& event) {
    std::set<std::pair<Kind, std::string>> names;
    for (const auto& item : event.items)
        names.emplace(item.kind, item.name);
    std::vector<Item> lost;
    own.for_each([&](const Replica::Row& row) {
        auto item = Replica::item_of(row);
        if (!names.contains({item.kind, item.name})) lost.push_back(std::move(item));
    });
    for (auto& item : lost) {
        item.gone = true;
        own_take(item);
    }
    forget_gone();  // before the new ones, which need the room
    told_full = false;
    for (const auto& item : event.items)
        own_take(item);
    own_up = true;
    own.complete_to(seq);
    say_own();
    due(settings.server);
}

void Hub::Inside::handle(OwnItem&& event) {
    const auto before = seq;
    own_take(event.item);
    if (seq == before) return;
    forget_gone();
    due(settings.server);
}

void Hub::Inside::handle(OwnDown&& /*event*/) {
    if (!own_up) return;
    own_up = false;
    say_own();
}

// The same epoch is this life's own.
void Hub::Inside::handle(OwnEpoch&& event) {
    if (event.epoch <= epoch || !believes(settings.server, event.epoch)) return;
    renew_epoch(event.epoch + 1);
}

void Hub::Inside::handle(LinkUp&& event) {
    auto& link = links[event.link];
    link = {.server = event.server, .bus = event.bus};
    link.feeds[settings.server];
    link.due.insert(settings.server);
    link.nodes.insert(settings.server);
    if (event.bus) return;
    auto& same = by_server[event.server];
    for (const auto other : same) {
        links.at(other).feeds.clear();
        links.at(other).due.clear();
    }
    same.push_back(event.link);
    for (const auto& [name, node] : graph.nodes())
        if (name == event.server || graph.distance(name) != 0) link.nodes.insert(name);
    say_own();
}

void Hub::Inside::handle(LinkDown&& event) {
    const auto found = links.find(event.link);
    if (found == links.end()) return;
    const auto server = found->second.server;
    const bool bus = found->second.bus;
    if (bus) handle(BusDown{event.link});
    links.erase(found);
    if (bus) return;
    auto& same = by_server[server];
    same.erase(std::remove(same.begin(), same.end(), event.link), same.end());
    if (!same.empty()) {  // the reserve takes over; it was given nothing while it was one
        auto& reserve = links.at(same.back());
        reserve.feeds.clear();
        reserve.feeds[settings.server];
        reserve.due.insert(settings.server);
        for (const auto& [name, node] : graph.nodes())
            reserve.nodes.insert(name);
        share_out = now;
        return;
    }
    by_server.erase(server);
    say_own();
}

void Hub::Inside::handle(Received&& event) {
    if (!links.contains(event.link) || silent()) return;
    std::visit([&](auto&& one) { take(event.link, std::move(one)); }, std::move(event.frame));
}

void Hub::Inside::handle(Leaving&& /*event*/) {
    leaving = true;
    own_up = false;
    say_own();
}

void Hub::Inside::say_own() {
    Node node{.server = settings.server,
              .epoch = epoch,
              .revision = ++revision,
              .instance = settings.instance,
              .seq = seq,
              .up = own_up,
              .stays = settings.stays,
              .leaving = leaving};
    std::set<std::string> to;
    for (const auto& [server, ids] : by_server) {
        to.insert(server);
        node.links.push_back(server);
    }
    graph.set_links(std::move(to));
    graph.forget(settings.server);
    graph.learn(node);
    graph_changed = true;
    spread_node(settings.server, 0);
    // whoever's clock is behind ours believes it later
    says_again = epoch > latest_epoch() - near_latest ? std::optional(now + say_again) : std::nullopt;
}

void Hub::Inside::renew_epoch(std::uint64_t at_least) {
    epoch = std::max(epoch + 1, at_least);
    own.renew(epoch);
    begin_anew(settings.server);
    say_own();
}

std::string Hub::Inside::name_taken() const {
    return "another relay calls itself " + settings.server;
}

void Hub::Inside::pass(Moment at) {
    now = at;
    if (!begun) begun = at;
}

void Hub::Inside::finish() {
    if (graph_changed) {
        graph_changed = false;
        graph.work_out();
        if (!share_out) share_out = now + settings.settle;
        for (auto& [name, origin] : origins)
            judge(name, origin);
    }
    if (silent()) return;
    for (auto& [id, link] : links) {
        if (link.woken || (link.due.empty() && link.nodes.empty() && link.asks.empty())) continue;
        if (!link.bus && by_server.at(link.server).back() != id) continue;
        link.woken = true;
        actions.emplace_back(Wake{id});
    }
}

}  // namespace pbx::devstate
