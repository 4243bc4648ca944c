// What every lamp of a made-up world should show: that of a server in reach what its Asterisk has, every
// other none. In reach is who links lead to, and who is at the same broker.
#pragma once

#include "world.hpp"

namespace pbx::devstate::world {

// Servers that can reach each other over links that are up.
inline std::vector<std::set<std::size_t>> islands(const World& w) {
    std::vector<std::set<std::size_t>> out(w.servers.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::vector<std::size_t> turn{i};
        out[i].insert(i);
        while (!turn.empty()) {
            const auto at = turn.back();
            turn.pop_back();
            for (const auto& link : w.links) {
                if (!link.up || (link.a != at && link.b != at)) continue;
                const auto other = link.a == at ? link.b : link.a;
                if (out[i].insert(other).second) turn.push_back(other);
            }
        }
    }
    return out;
}

// What is wrong, in words; empty: every lamp shows what it should.
inline std::string wrong_lamps(const World& w, const std::set<std::size_t>& at_broker = {}) {
    auto near = islands(w);
    for (const auto i : at_broker)
        near[i].insert(at_broker.begin(), at_broker.end());
    for (std::size_t i = 0; i < w.servers.size(); ++i) {
        const auto& here = w.servers[i];
        if (!here.running) continue;
        for (std::size_t o = 0; o < w.servers.size(); ++o) {
            if (o == i) continue;
            const auto& there = w.servers[o];
            const bool lit = there.running && there.asterisk && near[i].contains(o);
            const auto found = here.lamps.find(there.name);
            static const Lamps none;
            const auto& lamps = found == here.lamps.end() ? none : found->second;
            for (const auto& [name, state] : there.truth) {
                const auto lamp = lamps.find(name);
                const bool dark = lamp == lamps.end() || !lamp->second;
                if (dark == lit || (lit && *lamp->second != state))
                    return here.name + " shows " + name + " of " + there.name + " as " +
                           (dark ? "dark" : std::string(name_of(*lamp->second))) + ", it is " +
                           (lit ? std::string(name_of(state)) : "out of reach");
            }
            for (const auto& [name, lamp] : lamps)
                if (lamp && !there.truth.contains(name))
                    return here.name + " shows " + name + " of " + there.name + ", which has no such";
        }
    }
    return {};
}

}  // namespace pbx::devstate::world
