#include "dialog/check_graph.hpp"

#include <algorithm>

namespace pbx::dialog::checking {

Graph::Graph(const Dialog& dialog) : nodes_(dialog.steps.size()) {
    for (std::size_t at = 0; at < nodes_.size(); ++at) {
        add_lines(at, dialog.steps[at]);
        add_end(at, dialog.steps[at], dialog);
    }
    const auto root = [&](const Target& target) {
        if (target.kind == Target::Kind::step &&
            std::find(roots_.begin(), roots_.end(), target.step) == roots_.end())
            roots_.push_back(target.step);
    };
    root(dialog.start);
    if (dialog.fail) root(*dialog.fail);
    for (const auto& interrupt : dialog.interrupts)
        root(interrupt.arrow.to);
    for (const auto& node : nodes_)
        for (const auto group : node.asks)
            if (group != none && std::find(asked_.begin(), asked_.end(), group) == asked_.end())
                asked_.push_back(group);
    find_returning(returns_, false);
    find_returning(silent_, true);
    find_reached();
}

void Graph::add(std::size_t from, const Target& to, By by, std::size_t lines, const Hear* hear,
                const Keys* keys) {
    auto& node = nodes_[from];
    if (to.kind == Target::Kind::step)
        node.out.push_back({from, to.step, by, node.asks.size(), lines, hear, keys});
    else if (to.kind == Target::Kind::back)
        node.back.push_back({node.asks.size(), lines, by, to.place, hear, keys});
    else
        node.ends = true;  // an unknown step is a finding of its own
}

void Graph::add_lines(std::size_t at, const Step& step) {
    auto& node = nodes_[at];
    for (std::size_t line = 0; line < step.lines.size(); ++line) {
        const auto& what = step.lines[line].what;
        if (const auto* branch = std::get_if<line::If>(&what)) add(at, branch->arrow.to, By::itself, line);
        if (const auto* ask = std::get_if<line::Ask>(&what)) {
            const auto& to = ask->group.to;
            if (to.kind == Target::Kind::step) add(at, to, By::group, line);
            node.asks.push_back(to.kind == Target::Kind::step ? to.step : none);
            node.ask_places.push_back(to.place);
        }
    }
}

void Graph::add_end(std::size_t at, const Step& step, const Dialog& dialog) {
    auto& node = nodes_[at];
    const auto lines = step.lines.size();
    if (const auto* question = std::get_if<Question>(&step.end.what)) {
        for (const auto& hear : question->hears)
            add(at, hear.arrow.to, By::caller, lines, &hear);
        for (const auto& keys : question->keys)
            add(at, keys.arrow.to, By::caller, lines, nullptr, &keys);
        if (dialog.fail && dialog.fail->kind == Target::Kind::step && dialog.fail->step != at)
            add(at, *dialog.fail, By::failing, lines);
    } else if (const auto* arrow = std::get_if<Arrow>(&step.end.what)) {
        add(at, arrow->to, By::itself, lines);
    } else if (const auto* transfer = std::get_if<end::Transfer>(&step.end.what)) {
        for (const auto* outcome : {&transfer->busy, &transfer->noanswer, &transfer->failed})
            if (*outcome) add(at, (*outcome)->to, By::itself, lines);
        node.ends = true;
    } else {
        node.ends = true;
    }
}

bool Graph::come_back(std::size_t step, std::size_t asks) const {
    const auto& before = nodes_[step].asks;
    return std::all_of(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(asks),
                       [&](std::size_t group) { return group == none || returns_[group]; });
}

bool Graph::is_automatic(const Edge& edge) const {
    if (edge.by != By::itself) return false;
    const auto& before = nodes_[edge.from].asks;
    return std::all_of(before.begin(), before.begin() + static_cast<std::ptrdiff_t>(edge.asks),
                       [&](std::size_t group) { return group != none && silent_[group]; });
}

// A group returns when `=> back` is reached from its first step; whether an inner group lets it, is known
// when that one is: repeated until nothing changes.
void Graph::find_returning(std::vector<bool>& result, bool silently) {
    result.assign(nodes_.size(), false);
    for (bool changed = true; changed;) {
        changed = false;
        for (const auto group : asked_)
            if (!result[group] && reaches_back(group, result, silently)) changed = result[group] = true;
    }
}

bool Graph::reaches_back(std::size_t group, const std::vector<bool>& result, bool silently) const {
    const auto passes = [&](const Node& node, std::size_t asks) {
        return std::all_of(node.asks.begin(), node.asks.begin() + static_cast<std::ptrdiff_t>(asks),
                           [&](std::size_t inner) { return inner != none && result[inner]; });
    };
    std::vector<bool> seen(nodes_.size());
    std::vector<std::size_t> open{group};
    seen[group] = true;
    while (!open.empty()) {
        const auto& node = nodes_[open.back()];
        open.pop_back();
        for (const auto& back : node.back)
            if ((!silently || back.by == By::itself) && passes(node, back.asks)) return true;
        for (const auto& edge : node.out) {
            if (edge.by == By::group || edge.by == By::failing || seen[edge.to]) continue;
            if ((silently && edge.by != By::itself) || !passes(node, edge.asks)) continue;
            seen[edge.to] = true;
            open.push_back(edge.to);
        }
    }
    return false;
}

std::vector<std::size_t> Graph::body(std::span<const std::size_t> entries) const {
    std::vector<bool> seen(nodes_.size());
    std::vector<std::size_t> found;
    for (const auto entry : entries)
        if (!seen[entry]) {
            seen[entry] = true;
            found.push_back(entry);
        }
    for (std::size_t at = 0; at < found.size(); ++at)
        for (const auto& edge : nodes_[found[at]].out) {
            // `fail` leaves all groups and is a root of its own
            if (edge.by == By::group || edge.by == By::failing || seen[edge.to] || !is_open(edge)) continue;
            seen[edge.to] = true;
            found.push_back(edge.to);
        }
    return found;
}

void Graph::find_reached() {
    reached_.assign(nodes_.size(), false);
    std::vector<std::size_t> frontier = roots_;
    const auto go = [&](std::span<const std::size_t> entries) {
        for (const auto step : body(entries)) {
            reached_[step] = true;
            for (const auto& edge : nodes_[step].out)
                if (edge.by == By::group && is_open(edge) &&
                    std::find(groups_.begin(), groups_.end(), edge.to) == groups_.end())
                    groups_.push_back(edge.to);
        }
    };
    go(frontier);
    for (std::size_t at = 0; at < groups_.size(); ++at) {
        const auto group = groups_[at];
        go({&group, 1});
    }
}

}  // namespace pbx::dialog::checking
