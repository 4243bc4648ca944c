// How many lamps there are in each state.
#pragma once

#include "devstate/state.hpp"

#include <array>
#include <cstddef>

namespace pbx::devstate {

struct Tally {
    std::array<std::size_t, static_cast<std::size_t>(State::onhold) + 1> lamps{};  // by State
    std::size_t presences = 0;

    [[nodiscard]] std::size_t of(State state) const { return lamps.at(static_cast<std::size_t>(state)); }
    void add(State state) { ++lamps.at(static_cast<std::size_t>(state)); }
    friend bool operator==(const Tally&, const Tally&) = default;
};

}  // namespace pbx::devstate
