// Strongly connected components (Tarjan), without recursion: a dialog may be one chain of 10,000 steps. Not
// for others to include.
#pragma once

#include <cstddef>
#include <vector>

namespace pbx::dialog::checking {

using Adjacency = std::vector<std::vector<std::size_t>>;

struct Components {
    std::vector<std::size_t> of;                    // component of each node
    std::vector<std::vector<std::size_t>> members;  // a component comes after all those it leads to
    std::vector<bool> circular;                     // more than one member, or one that leads to itself
};
[[nodiscard]] Components components(const Adjacency& out);

}  // namespace pbx::dialog::checking
