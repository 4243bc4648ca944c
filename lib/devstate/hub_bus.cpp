#include "devstate/hub_inside.hpp"

namespace pbx::devstate {

void Hub::Inside::handle(BusServer&& event) {
    if (event.server == settings.server || !links.contains(event.link) ||
        !believes(event.server, event.epoch))
        return;
    auto* origin = origin_of(event.server);
    if (origin == nullptr) return;
    if (event.epoch != origin->bus_epoch) {  // what was named belongs to its life before
        origin->bus_seen = {};
        origin->bus_begun.reset();
        origin->bus_whole = false;
    }
    origin->bus = event.link;
    origin->bus_up = event.up;
    origin->seen = now;
    origin->bus_epoch = event.epoch;
    raise(event.server, *origin, event.epoch);
    // where there is a way by links it is told of its life before, and goes above; unless links say so, too
    const auto* node = graph.find(event.server);
    const bool agreed = graph.distance(event.server) == 0 || (node != nullptr && node->epoch == event.epoch);
    if (event.epoch != 0 && event.epoch < origin->table.epoch() && agreed)
        lower(event.server, *origin, event.epoch);
    judge(event.server, *origin);
}

void Hub::Inside::handle(BusItem&& event) {
    if (event.server == settings.server) {
        ++counts.echoes;
        return;
    }
    if (!links.contains(event.link) || !believes(event.server, event.epoch)) return;
    auto* origin = origin_of(event.server);
    if (origin == nullptr) return;
    if (event.item.item.gone) {
        const auto* row = origin->table.find(event.item.item);
        if (row == nullptr || row->second.gone) return;
    }
    raise(event.server, *origin, event.epoch);
    take_item(*origin, event.server, event.item, event.epoch, &origin->bus_seen);
}

void Hub::Inside::handle(BusTable&& event) {
    const auto found = origins.find(event.server);
    if (found == origins.end()) return;
    auto& origin = found->second;
    const auto seen = std::exchange(origin.bus_seen, {});
    if (event.begin) {
        origin.bus_begun = stamp;
        return;
    }
    origin.table.sweep(seen, {.after = std::exchange(origin.bus_begun, std::nullopt)}, stamp,
                       [&](const Replica::Row& row) { show(event.server, row, origin.dark); });
    origin.bus_whole = origin.table.epoch() == origin.bus_epoch;
}

void Hub::Inside::handle(BusDown&& event) {
    for (auto& [name, origin] : origins) {
        if (origin.bus != event.link) continue;
        if (std::exchange(origin.bus_up, false)) origin.seen = now;
        origin.bus_seen = {};
        origin.bus_begun.reset();
        origin.bus_whole = false;
        judge(name, origin);
    }
}

}  // namespace pbx::devstate
