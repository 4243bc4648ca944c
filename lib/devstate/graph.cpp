#include "devstate/graph.hpp"

#include <algorithm>
#include <utility>

namespace pbx::devstate {

bool Graph::learn(const Node& node) {
    const auto found = nodes_.find(node.server);
    if (found == nodes_.end()) {
        if (nodes_.size() >= max_servers) return false;
        nodes_.emplace(node.server, node);
        return true;
    }
    auto& known = found->second;
    if (std::pair(node.epoch, node.revision) <= std::pair(known.epoch, known.revision)) return false;
    known = node;
    return true;
}

const Node* Graph::find(const std::string& server) const {
    const auto found = nodes_.find(server);
    return found == nodes_.end() ? nullptr : &found->second;
}

Graph::Index Graph::index_of(const std::string& server) const {
    const auto found = std::lower_bound(names_.begin(), names_.end(), server);
    return found == names_.end() || *found != server ? nowhere : static_cast<Index>(found - names_.begin());
}

bool Graph::says(const std::string& server, const std::string& other) const {
    if (server == me_) return mine_.contains(other);
    const auto* node = find(server);
    return node != nullptr && !node->leaving &&
           std::find(node->links.begin(), node->links.end(), other) != node->links.end();
}

void Graph::work_out() {
    std::set<std::string> names(mine_);
    names.insert(me_);
    for (const auto& [name, node] : nodes_)
        names.insert(name);
    names_.assign(names.begin(), names.end());
    next_to_.assign(names_.size(), {});
    const auto join = [this](const std::string& a, const std::string& b) {
        const auto from = index_of(a), to = index_of(b);
        next_to_[from].push_back(to);
        next_to_[to].push_back(from);
    };
    for (const auto& peer : mine_)
        join(me_, peer);
    for (const auto& [name, node] : nodes_) {
        if (name == me_ || node.leaving) continue;
        const std::set<std::string> links(node.links.begin(), node.links.end());
        for (const auto& other : links)  // both must say so; each pair once
            if (name < other && other != me_ && says(other, name)) join(name, other);
    }
    distance_.assign(names_.size(), {});
    for (Index i = 0; i < names_.size(); ++i)
        measure(i);
}

void Graph::measure(Index origin) {
    auto& distance = distance_[origin];
    distance.assign(names_.size(), nowhere);
    distance[origin] = 0;
    std::vector<Index> turn{origin};
    for (std::size_t i = 0; i < turn.size(); ++i)
        for (const auto next : next_to_[turn[i]])
            if (distance[next] == nowhere) {
                distance[next] = static_cast<std::uint16_t>(distance[turn[i]] + 1);
                turn.push_back(next);
            }
}

unsigned Graph::distance(const std::string& server) const {
    const auto me = index_of(me_), other = index_of(server);
    if (me == nowhere || other == nowhere) return 0;
    const auto links = distance_[me][other];
    return links == nowhere ? 0 : links;
}

bool Graph::feeds(const std::string& peer, const std::string& origin) const {
    const auto me = index_of(me_), to = index_of(peer), from = index_of(origin);
    if (me == nowhere || to == nowhere || from == nowhere || to == from) return false;
    const auto& distance = distance_[from];
    if (distance[me] == nowhere || distance[to] != distance[me] + 1) return false;
    const auto& around = next_to_[to];
    return std::none_of(around.begin(), around.end(),
                        [&](Index other) { return distance[other] == distance[me] && names_[other] < me_; });
}

}  // namespace pbx::devstate
