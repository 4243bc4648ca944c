// Ways without an end: circles in which the caller has no say, and steps from which no end can be reached.
// And the length of the longest way.
#include "dialog/check_components.hpp"
#include "dialog/check_parts.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace pbx::dialog::checking {

namespace {
// The steps reached, as a graph of `wanted` edges.
template <class Wanted>
Adjacency edges(const Graph& graph, Wanted wanted) {
    Adjacency out(graph.size());
    for (std::size_t at = 0; at < graph.size(); ++at) {
        if (!graph.reached()[at]) continue;
        for (const auto& edge : graph.node(at).out)
            if (wanted(edge)) out[at].push_back(edge.to);
    }
    return out;
}

void automatic_circles(const Dialog& dialog, const Graph& graph, Findings& findings) {
    const auto found = components(edges(graph, [&](const Edge& edge) { return graph.is_automatic(edge); }));
    for (std::size_t at = 0; at < found.members.size(); ++at) {
        if (!found.circular[at]) continue;
        const auto& members = found.members[at];
        findings.add(Fault::endless_path, dialog.steps[members.front()].place,
                     members.size() == 1
                         ? fmt::format("step {} leads to itself, and the caller has no say",
                                       quoted(dialog.steps[members.front()].name))
                         : fmt::format("these steps go in a circle, and the caller has no say: {}",
                                       way(dialog, members)),
                     "put a question or an end into the circle");
    }
}

// From each step an end must be in reach, running out of tries aside.
void ways_without_end(const Dialog& dialog, const Graph& graph, Findings& findings) {
    const auto out = edges(graph, [&](const Edge& edge) {
        return edge.by != By::group && edge.by != By::failing && graph.is_open(edge);
    });
    const auto found = components(out);
    for (std::size_t at = 0; at < found.members.size(); ++at) {
        const auto& members = found.members[at];
        const bool way_out = std::any_of(members.begin(), members.end(), [&](std::size_t step) {
            const auto& node = graph.node(step);
            return node.ends || !node.back.empty() || !graph.reached()[step] ||
                   !graph.come_back(step, node.asks.size()) ||
                   std::any_of(out[step].begin(), out[step].end(),
                               [&](std::size_t to) { return found.of[to] != at; });
        });
        if (way_out) continue;
        const bool asks = std::any_of(members.begin(), members.end(), [&](std::size_t step) {
            return dialog.steps[step].question() != nullptr;
        });
        if (!asks) continue;  // found as a circle without the caller
        findings.add(
            Fault::endless_path, dialog.steps[members.front()].place,
            fmt::format("no way out of {}: only the bound of turns ends the call", way(dialog, members)),
            "write an answer that leads to a transfer or a hangup");
    }
}

// Longest ways over the components, with groups asked on the way counted in.
class Longest {
  public:
    Longest(const Dialog& dialog, const Graph& graph)
        : dialog_(dialog),
          graph_(graph),
          out_(edges(graph, [&](const Edge& edge) { return edge.by != By::group && graph.is_open(edge); })),
          found_(components(out_)) {}

    Extent whole() {
        Extent extent;
        extent.steps = dialog_.steps.size();
        for (const auto& step : dialog_.steps)
            extent.questions += step.question() != nullptr ? 1 : 0;
        if (dialog_.start.kind == Target::Kind::step) extent.most_turns = from(dialog_.start.step, 0);
        extent.circular = circular_ || extent.most_turns > dialog_.turns;
        if (extent.circular) extent.most_turns = dialog_.turns;
        return extent;
    }

  private:
    // Components come after those they lead to, so one pass in their order does for each level of groups.
    std::size_t from(std::size_t entry, std::size_t depth) {
        if (depth > max_groups_deep) {
            circular_ = true;
            return 0;
        }
        if (const auto known = known_.find(entry); known != known_.end()) return known->second;
        const auto body = reach(entry);
        std::vector<std::size_t> order;
        for (const auto step : body)
            order.push_back(found_.of[step]);
        std::sort(order.begin(), order.end());
        order.erase(std::unique(order.begin(), order.end()), order.end());
        std::map<std::size_t, std::size_t> length;
        for (const auto component : order)
            length[component] = of_component(component, length, depth);
        return known_[entry] = length[found_.of[entry]];
    }

    std::size_t of_component(std::size_t component, const std::map<std::size_t, std::size_t>& length,
                             std::size_t depth) {
        std::size_t longest = 0, own = 0;
        for (const auto step : found_.members[component]) {
            if (dialog_.steps[step].question() != nullptr) own += dialog_.tries;
            for (const auto group : graph_.node(step).asks)
                if (group != none) own += from(group, depth + 1);
            for (const auto to : out_[step])
                if (const auto next = length.find(found_.of[to]);
                    found_.of[to] != component && next != length.end())
                    longest = std::max(longest, next->second);
        }
        if (found_.circular[component] && own > 0) circular_ = true;
        return longest + own;
    }

    std::vector<std::size_t> reach(std::size_t entry) const {
        std::vector<bool> seen(out_.size());
        std::vector<std::size_t> found{entry};
        seen[entry] = true;
        for (std::size_t at = 0; at < found.size(); ++at)
            for (const auto to : out_[found[at]])
                if (!seen[to]) {
                    seen[to] = true;
                    found.push_back(to);
                }
        return found;
    }

    static constexpr std::size_t max_groups_deep = 8;
    const Dialog& dialog_;
    const Graph& graph_;
    Adjacency out_;
    Components found_;
    std::map<std::size_t, std::size_t> known_;
    bool circular_ = false;
};
}  // namespace

void check_circles(const Dialog& dialog, const Graph& graph, Findings& findings) {
    automatic_circles(dialog, graph, findings);
    ways_without_end(dialog, graph, findings);
}

}  // namespace pbx::dialog::checking

namespace pbx::dialog {

Extent extent(const Dialog& dialog) {
    const checking::Graph graph(dialog);
    return checking::Longest(dialog, graph).whole();
}

}  // namespace pbx::dialog
