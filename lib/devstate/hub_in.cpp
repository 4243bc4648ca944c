#include "devstate/hub_inside.hpp"

#include <algorithm>

namespace pbx::devstate {

namespace {
// Between two tries to take part again after another relay of our name was heard of.
constexpr std::chrono::seconds silence{30};
// Each makes us tell our whole table anew at once, and one of them so many times; more of them, or more
// often, is no life of ours and waits.
constexpr std::size_t most_rivals = 16;
constexpr unsigned most_answers = 4;
constexpr std::chrono::seconds renew_later{2};
}  // namespace

void Hub::Inside::take(LinkId id, Nodes&& nodes) {
    for (const auto& node : nodes.nodes) {
        if (!believes(node.server, node.epoch)) continue;
        if (node.links.size() > max_servers) {
            ++counts.nonsense;
            continue;
        }
        if (node.server == settings.server)
            learn_own(node);
        else
            learn(id, links.at(id), node);
    }
}

void Hub::Inside::learn(LinkId id, Link& link, const Node& node) {
    if (node.server == link.server) {
        const auto& same = by_server.at(link.server);
        link.instance = node.instance;
        // of two relays with one name the elder stays
        for (const auto other : same) {
            const auto theirs = links.at(other).instance;
            if (other == id || theirs == 0 || theirs == node.instance) continue;
            actions.emplace_back(
                Refuse{theirs < node.instance ? id : other,
                       "another relay that calls itself " + node.server + " is linked here"});
        }
        if (!link.heard) graph_changed = true;
        link.heard = true;
    }
    auto* origin = origin_of(node.server);
    if (origin == nullptr) return;
    if (!graph.learn(node)) {
        // A life before had a later clock, and only we remember it: told back the way this came, it goes
        // above.
        const auto* known = graph.find(node.server);
        if (known != nullptr && known->epoch > node.epoch) link.nodes.insert(node.server);
        return;
    }
    origin->seen = now;
    graph_changed = true;
    spread_node(node.server, id);
}

// What is remembered of us: of our life before a restart, or of another relay with our name. The former
// never answers our raising of the epoch, the latter does so each time.
void Hub::Inside::learn_own(const Node& node) {
    const bool ours = node.instance == settings.instance &&
                      std::pair(node.epoch, node.revision) <= std::pair(epoch, revision);  // said by us
    if (ours || node.epoch < epoch) return;
    const auto known = rivals.find(node.instance);
    if (known == rivals.end() ? rivals.size() >= most_rivals : known->second >= most_answers) {
        renews_to = std::max(renews_to, node.epoch + 1);
        if (!renews) renews = now + renew_later;
        return;
    }
    const auto times = ++rivals[node.instance];
    if (times > 1 && node.instance < settings.instance) {
        silent_until = now + silence;
        tell(true, name_taken() +
                       " and was there first: this one takes no part; give each its own [devstate] server");
        for (auto& [name, origin] : origins) {
            origin.table.doubt();
            judge(name, origin);
        }
        for (const auto& [id, link] : links)
            if (!link.bus) actions.emplace_back(Refuse{id, name_taken()});
        return;
    }
    if (times == 2) tell(true, name_taken() + ": give each its own [devstate] server");
    renew_epoch(node.epoch + 1);
}

void Hub::Inside::take(LinkId id, Items&& items) {
    if (items.origin == settings.server) {
        counts.echoes += items.items.size();
        return;
    }
    if (!believes(items.origin, items.epoch)) return;
    if (items.hop > max_hop) {
        ++counts.nonsense;
        return;
    }
    auto* origin = origin_of(items.origin);
    if (origin == nullptr) return;
    auto& in = links.at(id).tables[items.origin];
    auto& table = origin->table;
    if (items.epoch < table.epoch()) {
        counts.stale += items.items.size();
        return;
    }
    raise(items.origin, *origin, items.epoch);
    if (items.begin) in = {.epoch = items.epoch, .open = true};
    table.hop = items.hop;
    const bool counted = in.epoch == items.epoch;
    for (const auto& item : items.items)
        take_item(*origin, items.origin, item, items.epoch, counted && in.open ? &in.seen : nullptr);
    if (counted && items.upto) {
        if (in.open) end_table(*origin, items.origin, in, *items.upto);
        table.complete_to(*items.upto);
    }
    due(items.origin, id);
    judge(items.origin, *origin);
}

void Hub::Inside::raise(const std::string& name, Origin& origin, std::uint64_t to) {
    if (to <= origin.table.epoch()) return;
    origin.table.raise(to);
    origin.bus_whole = false;
    begin_anew(name);
}

// A clock that was set back between two of its lives, and nobody tells it of the former.
void Hub::Inside::lower(const std::string& name, Origin& origin, std::uint64_t to) {
    origin.table.restart(to);
    origin.bus_whole = false;
    begin_anew(name);
}

void Hub::Inside::take(LinkId id, Again&& again) {
    auto& link = links.at(id);
    const auto feed = link.feeds.find(again.origin);
    if (feed == link.feeds.end()) return;
    feed->second = {};
    link.due.insert(again.origin);
}

void Hub::Inside::take_item(Origin& origin, const std::string& name, const Numbered& item,
                            std::uint64_t item_epoch, Replica::Seen* seen) {
    const Replica::Row* row = nullptr;
    switch (origin.table.take(item.item, item_epoch, item.seq, stamp + 1, &row)) {
        case Taken::full:
            ++counts.nonsense;
            if (!std::exchange(origin.told_full, true))
                tell(true, name + " has more than " + std::to_string(settings.most_items) +
                               " items: the rest isn't taken");
            return;
        case Taken::stale:
            ++counts.stale;
            row = seen == nullptr ? nullptr : origin.table.find(item.item);
            break;
        case Taken::same:
            ++counts.taken;
            ++stamp;
            break;
        case Taken::changed:
            ++counts.taken;
            ++stamp;
            show(name, *row, origin.dark);
            break;
    }
    if (seen != nullptr && row != nullptr) origin.table.mark(*seen, *row);
}

void Hub::Inside::end_table(Origin& origin, const std::string& name, TableIn& in, std::uint64_t upto) {
    origin.table.sweep(in.seen, {.seq = upto}, stamp,
                       [&](const Replica::Row& row) { show(name, row, origin.dark); });
    in.open = false;
    in.seen = {};
}

// While its server is dark an item needn't be shown, but that it is gone is said even then: whoever keeps the
// lamps of a dark server keeps them as long as there is such an item.
void Hub::Inside::show(const std::string& name, const Replica::Row& row, bool dark) {
    auto item = Replica::item_of(row);
    const bool gone = item.gone;
    if (dark && !gone) return;
    actions.emplace_back(Show{.origin = name, .item = std::move(item), .dark = gone});
}

void Hub::Inside::show_all(const std::string& name, const Origin& origin, bool dark) {
    origin.table.for_each([&](const Replica::Row& row) {
        actions.emplace_back(Show{.origin = name, .item = Replica::item_of(row), .dark = dark});
    });
}

}  // namespace pbx::devstate
