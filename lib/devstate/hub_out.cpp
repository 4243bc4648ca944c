#include "devstate/hub_inside.hpp"

#include <algorithm>

namespace pbx::devstate {

namespace {
constexpr std::size_t room = max_frame - frame_overhead;
constexpr std::chrono::seconds ask_again{2};
}  // namespace

void Hub::Inside::spread_node(const std::string& server, LinkId but) {
    for (auto& [id, link] : links)
        if (id != but && (!link.bus || server == settings.server)) link.nodes.insert(server);
}

// Links that are given this origin's items have something to ask for.
void Hub::Inside::due(const std::string& origin, LinkId but) {
    for (auto& [id, link] : links)
        if (id != but && link.feeds.contains(origin)) link.due.insert(origin);
}

void Hub::Inside::begin_anew(const std::string& origin) {
    for (auto& [id, link] : links) {
        const auto feed = link.feeds.find(origin);
        if (feed == link.feeds.end()) continue;
        feed->second = {};
        link.due.insert(origin);
    }
}

void Hub::Inside::share() {
    for (auto& [id, link] : links) {
        if (link.bus) continue;
        const bool in_use = by_server.at(link.server).back() == id;
        for (const auto& [name, origin] : origins) {
            const bool feeds =
                in_use && link.heard && origin.table.hop < max_hop && graph.feeds(link.server, name);
            if (!feeds) {
                link.feeds.erase(name);
                link.due.erase(name);
            } else if (link.feeds.try_emplace(name).second) {
                link.due.insert(name);
            }
        }
    }
}

bool Hub::Inside::is_true(const std::string& name, const Origin& origin) const {
    if (silent_until) return false;
    if (origin.bus_up && origin.bus_whole) return true;
    const auto* node = graph.find(name);
    if (node == nullptr || !node->up || node->leaving || graph.distance(name) == 0) return false;
    const auto complete = origin.table.complete();
    return origin.table.epoch() == node->epoch && complete && *complete >= node->seq;
}

// Turns its lamps dark when it wasn't true for the grace, and lights them again when it is. One that should
// be true and isn't for so long has lost something on its way: whoever feeds us is asked to begin anew.
void Hub::Inside::judge(const std::string& name, Origin& origin) {
    const auto* node = graph.find(name);
    const bool reached = graph.distance(name) != 0;
    if (origin.reached && !reached) {  // what it changes from here on we shall miss
        origin.seen = now;
        origin.table.doubt();
        for (auto& [id, link] : links)
            if (const auto feed = link.feeds.find(name); feed != link.feeds.end()) feed->second.told.reset();
    }
    if (!origin.reached && reached) spread_node(name, 0);  // records out of reach aren't handed on
    origin.reached = reached;
    if (is_true(name, origin)) {
        origin.darkens.reset();
        origin.asks.reset();
        if (std::exchange(origin.dark, false)) show_all(name, origin, false);
        return;
    }
    const bool leaves = node != nullptr && node->leaving;
    const bool stays = node != nullptr && node->stays && !leaves;
    if (!origin.dark && !stays && (!origin.darkens || leaves))
        origin.darkens = leaves ? now : now + settings.grace;
    if (origin.darkens && now >= *origin.darkens) {
        origin.darkens.reset();
        origin.dark = true;
        show_all(name, origin, true);
    }
    if (!reached || node == nullptr || !node->up || leaves || silent_until) {
        origin.asks.reset();
    } else if (!origin.asks) {
        origin.asks = now + settings.grace;
    } else if (now >= *origin.asks) {
        origin.asks = now + ask_again;
        // learned by a broker, and the life it is of is over
        if (node->epoch < origin.table.epoch() && !(origin.bus_up && origin.bus_whole))
            lower(name, origin, node->epoch);
        for (auto& [id, link] : links)
            if (!link.bus) link.asks.insert(name);
    }
}

const Replica* Hub::Inside::table_of(const std::string& origin) const {
    if (origin == settings.server) return &own;
    const auto found = origins.find(origin);
    return found == origins.end() ? nullptr : &found->second.table;
}

std::optional<Frame> Hub::Inside::next_nodes(Link& link) {
    Nodes out;
    std::size_t size = 0;
    while (!link.nodes.empty() && out.nodes.size() < max_servers) {
        const auto* node = graph.find(*link.nodes.begin());
        if (node != nullptr) {
            size += encoded_size(*node);
            if (size > room && !out.nodes.empty()) break;
            out.nodes.push_back(*node);
        }
        link.nodes.erase(link.nodes.begin());
    }
    if (out.nodes.empty()) return std::nullopt;
    return out;
}

std::optional<Frame> Hub::Inside::next_ask(Link& link) {
    if (link.asks.empty()) return std::nullopt;
    return Again{std::move(link.asks.extract(link.asks.begin()).value())};
}

// The next origin in turn that this link is to be given something of.
std::optional<Frame> Hub::Inside::next_items(Link& link) {
    while (!link.due.empty()) {
        auto at = link.due.upper_bound(link.last);
        if (at == link.due.end()) at = link.due.begin();
        link.last = *at;
        const auto feed = link.feeds.find(link.last);
        const auto* table = table_of(link.last);
        if (feed == link.feeds.end() || table == nullptr) {
            link.due.erase(at);
            continue;
        }
        Items out{.origin = link.last,
                  .epoch = table->epoch(),
                  .hop = link.last == settings.server ? 1 : table->hop + 1,
                  .begin = !std::exchange(feed->second.begun, true)};
        if (fill(out, *table, feed->second)) link.due.erase(at);
        if (out.hop <= max_hop && (out.begin || out.upto || !out.items.empty())) return out;
    }
    return std::nullopt;
}

// True when the link was given all there is.
bool Hub::Inside::fill(Items& out, const Replica& table, Feed& feed) {
    std::size_t size = 0;
    for (const auto* row = table.after(feed.cursor); row != nullptr; row = table.after(feed.cursor)) {
        // what is left of an older epoch isn't known to be there still, and its number would outrank new ones
        if (row->second.epoch != table.epoch()) {
            feed.cursor = row->second.stamp;
            continue;
        }
        auto item = Replica::item_of(*row);
        size += encoded_size(item);
        if (out.items.size() == max_frame_items || size > room) return false;
        out.items.push_back({row->second.seq, std::move(item)});
        feed.cursor = row->second.stamp;
    }
    if (table.complete() && (!out.items.empty() || feed.told != table.complete())) {
        out.upto = table.complete();
        feed.told = out.upto;
    }
    return true;
}

}  // namespace pbx::devstate
