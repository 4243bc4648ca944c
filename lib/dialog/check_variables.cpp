// Variables that a way leads to before they are set. What must be set on every way to a step is the
// intersection over all arrows into it, iterated until nothing changes; a group (ask) adds what it sets on
// all its ways back.
#include "core/text.hpp"
#include "dialog/check_parts.hpp"
#include "dialog/check_slots.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include <fmt/format.h>

namespace pbx::dialog::checking {

namespace {
constexpr std::size_t forever = static_cast<std::size_t>(-1);

class Flow {
  public:
    Flow(const Dialog& dialog, const Graph& graph, Findings& findings)
        : dialog_(dialog), graph_(graph), findings_(findings), names_(dialog) {
        for (const auto group : graph.groups())
            summarise(group, 0);
        walk();
    }

    void report() {
        for (std::size_t at = 0; at < graph_.size(); ++at)
            if (graph_.reached()[at]) report_step(at);
        if (const auto& last = dialog_.hangup; last && last->kind == Target::Kind::step)
            report_kept(dialog_.steps[last->step]);
    }

  private:
    // What is set for sure when the first `lines` lines of a step are done.
    Set after_lines(std::size_t step, Set set, std::size_t lines) const {
        std::size_t ask = 0;
        const auto& all = dialog_.steps[step].lines;
        for (std::size_t at = 0; at < lines; ++at) {
            if (std::holds_alternative<line::Ask>(all[at].what)) {
                const auto group = graph_.node(step).asks[ask++];
                if (const auto sets = summaries_.find(group); sets != summaries_.end()) set |= sets->second;
            }
            names_.after(all[at], set);
        }
        return set;
    }
    Set along(const Edge& edge, const Set& before) const {
        auto set = after_lines(edge.from, before, edge.lines);
        if (edge.hear != nullptr) names_.after(*edge.hear, set);
        if (edge.keys != nullptr) names_.after(*edge.keys, set);
        return set;
    }

    // What a group sets on every way from its first step to `=> back`.
    void summarise(std::size_t group, std::size_t depth) {
        if (summaries_.contains(group) || depth > max_depth) return;
        summaries_.emplace(group, names_.nothing());  // a circle of groups adds nothing
        for (const auto step : graph_.body({&group, 1}))
            for (const auto inner : graph_.node(step).asks)
                if (inner != none) summarise(inner, depth + 1);
        const auto entry = iterate({{group, names_.nothing()}}, false);
        std::optional<Set> sets;
        for (const auto& [step, set] : entry)
            for (const auto& back : graph_.node(step).back) {
                auto here = after_lines(step, set, back.lines);
                if (back.hear != nullptr) names_.after(*back.hear, here);
                if (back.keys != nullptr) names_.after(*back.keys, here);
                if (sets)
                    *sets &= here;
                else
                    sets = here;
            }
        summaries_[group] = sets.value_or(names_.nothing());
    }

    using Entries = std::map<std::size_t, Set>;
    // What is set at the entry of each step that is reached from `start`; only ever shrinks.
    Entries iterate(const Entries& start, bool everywhere) const {
        Entries entry = start;
        std::deque<std::size_t> open;
        for (const auto& [step, set] : start)
            open.push_back(step);
        while (!open.empty()) {
            const auto step = open.front();
            open.pop_front();
            for (const auto& edge : graph_.node(step).out) {
                if (!graph_.is_open(edge)) continue;
                if (!everywhere && (edge.by == By::group || edge.by == By::failing)) continue;
                auto set = along(edge, entry.at(step));
                const auto found = entry.find(edge.to);
                if (found == entry.end()) {
                    entry.emplace(edge.to, std::move(set));
                    open.push_back(edge.to);
                } else if ((set &= found->second) != found->second) {
                    found->second = std::move(set);
                    open.push_back(edge.to);
                }
            }
        }
        return entry;
    }

    void walk() {
        Entries start;
        const auto begin = [&](const Target& target) {
            if (target.kind == Target::Kind::step) start.insert_or_assign(target.step, names_.from_outside());
        };
        begin(dialog_.start);
        for (const auto& interrupt : dialog_.interrupts)
            begin(interrupt.arrow.to);
        entry_ = iterate(start, true);
    }

    void report_step(std::size_t at) {
        const auto found = entry_.find(at);
        if (found == entry_.end()) return;
        const auto& step = dialog_.steps[at];
        for (std::size_t line = 0; line < step.lines.size(); ++line) {
            const auto set = after_lines(at, found->second, line);
            names_.each_use(step.lines[line], [&](const Use& use) { report_use(use, set, at, line); });
        }
        const auto set = after_lines(at, found->second, step.lines.size());
        names_.each_use(step.end, [&](const Use& use) { report_use(use, set, at, step.lines.size()); });
    }

    // After the caller hung up anything may be missing; but nothing can be there that is set nowhere.
    void report_kept(const Step& step) {
        for (const auto& line : step.lines)
            names_.each_use(line, [&](const Use& use) {
                if (!names_.set_anywhere(use.name)) report_nowhere(use);
            });
    }

    void report_use(const Use& use, const Set& set, std::size_t step, std::size_t line) {
        if (!names_.set_anywhere(use.name)) return report_nowhere(use);
        const auto bit = names_.bit(use.name);
        if (use.may_be_unset || set.has(bit)) return;
        findings_.add(Fault::unset_variable, use.place,
                      fmt::format("${{{}}} is not set on the way {}", use.name,
                                  way(dialog_, unset_way(bit, step, line))),
                      "fill it on that way, too, e.g. by a set line");
    }

    void report_nowhere(const Use& use) {
        const auto near = text::suggestions(use.name, names_.known());
        findings_.add(Fault::unset_variable, use.place, fmt::format("${{{}}} is set nowhere", use.name),
                      near.empty() ? "write set = name: text, or import = NAME for a channel variable"
                                   : fmt::format("did you mean {}?", text::join(near, " or ")));
    }

    // The shortest way on which `bit` is unset.
    std::vector<std::size_t> unset_way(std::size_t bit, std::size_t to, std::size_t line) const {
        std::vector<std::size_t> came(graph_.size(), forever);
        std::deque<std::size_t> open;
        const auto begin = [&](const Target& target) {
            if (target.kind != Target::Kind::step || came[target.step] != forever) return;
            came[target.step] = target.step;
            open.push_back(target.step);
        };
        begin(dialog_.start);
        for (const auto& interrupt : dialog_.interrupts)
            begin(interrupt.arrow.to);
        while (!open.empty() && !(came[to] != forever && !after_lines(to, names_.nothing(), line).has(bit))) {
            const auto step = open.front();
            open.pop_front();
            for (const auto& edge : graph_.node(step).out) {
                if (!graph_.is_open(edge) || came[edge.to] != forever) continue;
                if (along(edge, names_.nothing()).has(bit)) continue;
                came[edge.to] = step;
                open.push_back(edge.to);
            }
        }
        std::vector<std::size_t> steps{to};
        while (came[steps.back()] != forever && came[steps.back()] != steps.back())
            steps.push_back(came[steps.back()]);
        std::reverse(steps.begin(), steps.end());
        return steps;
    }

    static constexpr std::size_t max_depth = 64;
    const Dialog& dialog_;
    const Graph& graph_;
    Findings& findings_;
    Names names_;
    std::map<std::size_t, Set> summaries_;
    Entries entry_;
};
}  // namespace

void check_variables(const Dialog& dialog, const Graph& graph, Findings& findings) {
    Flow(dialog, graph, findings).report();
}

}  // namespace pbx::dialog::checking
