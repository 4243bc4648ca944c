// Made-up worlds of all shapes, with lamps in them.
#pragma once

#include "lamps.hpp"

#include <string>

namespace pbx::devstate::shapes {

using namespace std::chrono_literals;
using world::World;

inline constexpr State states[] = {State::not_inuse, State::inuse, State::ringing, State::busy,
                                   State::onhold};

inline std::string named(std::size_t i) {
    return "pbx" + std::string(1, static_cast<char>('a' + i));
}

inline void fill(World& w, std::size_t who, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        w.servers[who].truth[std::to_string(100 + i)] = states[static_cast<std::size_t>(w.roll(0, 4))];
}

enum class Shape { mesh, chain, ring, star };

inline void build(World& w, std::size_t count, Shape shape, std::size_t items) {
    for (std::size_t i = 0; i < count; ++i) {
        w.add(named(i));
        fill(w, i, items);
        w.start(i);
    }
    for (std::size_t a = 0; a < count; ++a)
        for (std::size_t b = a + 1; b < count; ++b) {
            const bool ring = b == a + 1 || (a == 0 && b == count - 1);
            if (shape == Shape::mesh || (shape == Shape::chain && b == a + 1) ||
                (shape == Shape::ring && ring) || (shape == Shape::star && a == 0))
                w.connect(a, b);
        }
    w.run(3s);
}

}  // namespace pbx::devstate::shapes
