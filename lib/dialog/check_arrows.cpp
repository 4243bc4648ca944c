// Arrows that lead nowhere, steps that nothing leads to or that lead nowhere, groups that don't come back.
#include "core/text.hpp"
#include "dialog/check_parts.hpp"
#include "dialog/targets.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::dialog::checking {

namespace {
void unknown_steps(const Dialog& dialog, Findings& findings) {
    std::vector<std::string> names;
    each_target(dialog, [&](const Target& target) {
        if (target.kind != Target::Kind::nowhere || target.name.empty()) return;
        if (names.empty())
            for (const auto& step : dialog.steps)
                names.push_back(step.name);
        const auto near = text::suggestions(target.name, names);
        findings.add(Fault::unknown_step, target.place, fmt::format("no step {}", quoted(target.name)),
                     near.empty() ? fmt::format("write a section [{}]", target.name)
                                  : fmt::format("did you mean {}?", text::join(near, " or ")));
    });
}

void unreachable_steps(const Dialog& dialog, const Graph& graph, Findings& findings) {
    if (dialog.start.kind != Target::Kind::step) return;  // then it is the start that is wrong
    for (std::size_t at = 0; at < dialog.steps.size(); ++at) {
        const bool last =
            dialog.hangup && dialog.hangup->kind == Target::Kind::step && dialog.hangup->step == at;
        if (!last && !graph.reached()[at])
            findings.add(Fault::unreachable_step, dialog.steps[at].place,
                         fmt::format("nothing leads to step {}", quoted(dialog.steps[at].name)),
                         fmt::format("write an arrow => {}, or remove the step", dialog.steps[at].name));
    }
}

void dead_ends(const Dialog& dialog, const Graph& graph, Findings& findings) {
    for (std::size_t at = 0; at < dialog.steps.size(); ++at) {
        const auto& step = dialog.steps[at];
        if (!std::holds_alternative<std::monostate>(step.end.what)) continue;
        const bool last =
            dialog.hangup && dialog.hangup->kind == Target::Kind::step && dialog.hangup->step == at;
        if (last && !graph.reached()[at]) continue;
        findings.add(Fault::dead_end, step.place,
                     last ? fmt::format("step {} is for callers who hung up, but an arrow leads there",
                                        quoted(step.name))
                          : fmt::format("step {} falls off its end", quoted(step.name)),
                     "end it with a question, => step, transfer = … or hangup");
    }
}

// A step that some way reaches at the outermost level, where nobody asked for a group.
void stray_backs(const Graph& graph, Findings& findings) {
    for (const auto step : graph.body(graph.roots()))
        for (const auto& back : graph.node(step).back)
            if (graph.come_back(step, back.asks))
                findings.add(Fault::stray_back, back.place, "=> back, but a way leads here without an ask",
                             "point the arrow at a step, or reach this one by ask = … only");
}

void silent_groups(const Dialog& dialog, const Graph& graph, Findings& findings) {
    for (std::size_t at = 0; at < graph.size(); ++at) {
        const auto& node = graph.node(at);
        for (std::size_t ask = 0; ask < node.asks.size(); ++ask)
            if (node.asks[ask] != none && graph.reached()[at] && !graph.returns(node.asks[ask]))
                findings.add(
                    Fault::stray_back, node.ask_places[ask],
                    fmt::format("the group {} never comes back", quoted(dialog.steps[node.asks[ask]].name)),
                    "write => back where it is done, or use => instead of ask");
    }
}

// Groups that ask each other in a circle would never all come back.
class Recursion {
  public:
    Recursion(const Dialog& dialog, const Graph& graph, Findings& findings)
        : dialog_(dialog), graph_(graph), findings_(findings), state_(graph.size()) {}
    void from(std::size_t group) {
        if (state_[group] == State::done) return;
        state_[group] = State::open;
        for (const auto step : graph_.body({&group, 1})) {
            const auto& node = graph_.node(step);
            for (std::size_t ask = 0; ask < node.asks.size(); ++ask) {
                const auto inner = node.asks[ask];
                if (inner == none) continue;
                if (state_[inner] == State::open)
                    findings_.add(Fault::stray_back, node.ask_places[ask],
                                  fmt::format("the group {} asks itself", quoted(dialog_.steps[inner].name)),
                                  "point an arrow at the step instead of ask");
                else
                    from(inner);
            }
        }
        state_[group] = State::done;
    }

  private:
    enum class State : std::uint8_t { fresh, open, done };
    const Dialog& dialog_;
    const Graph& graph_;
    Findings& findings_;
    std::vector<State> state_;
};
}  // namespace

void check_arrows(const Dialog& dialog, const Graph& graph, Findings& findings) {
    unknown_steps(dialog, findings);
    unreachable_steps(dialog, graph, findings);
    dead_ends(dialog, graph, findings);
    stray_backs(graph, findings);
    silent_groups(dialog, graph, findings);
    Recursion recursion(dialog, graph, findings);
    for (const auto group : graph.groups())
        recursion.from(group);
}

}  // namespace pbx::dialog::checking
