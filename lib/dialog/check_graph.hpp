// The steps of a dialog as a graph, with groups (`ask`) that come back to where they were asked. Not for
// others to include.
#pragma once

#include "dialog/dialog.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pbx::dialog::checking {

// Who makes the call go along an edge.
enum class By : std::uint8_t {
    itself,   // an arrow, an if, the outcome of a transfer
    caller,   // an answer
    failing,  // tries run out: to the step of `fail`
    group,    // ask: into the group
};

struct Edge {
    std::size_t from = 0, to = 0;
    By by = By::itself;
    std::size_t asks = 0;        // how many `ask` lines of the step are done before
    std::size_t lines = 0;       // how many lines of the step are done before
    const Hear* hear = nullptr;  // the branch taken, for what it sets
    const Keys* keys = nullptr;
};

struct Node {
    std::vector<Edge> out;
    std::vector<std::size_t> asks;  // the groups' first steps; `none` when unknown
    std::vector<Place> ask_places;
    struct Back {
        std::size_t asks = 0, lines = 0;
        By by = By::itself;
        Place place;
        const Hear* hear = nullptr;
        const Keys* keys = nullptr;
    };
    std::vector<Back> back;  // arrows `=> back`
    bool ends = false;       // a hang-up or a transfer; or an end that is a fault of its own
};

constexpr std::size_t none = static_cast<std::size_t>(-1);

class Graph {
  public:
    explicit Graph(const Dialog& dialog);

    [[nodiscard]] const Node& node(std::size_t step) const { return nodes_[step]; }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }
    // Is this edge ever taken? Not when a group that is asked before never comes back.
    [[nodiscard]] bool is_open(const Edge& edge) const { return come_back(edge.from, edge.asks); }
    [[nodiscard]] bool come_back(std::size_t step, std::size_t asks) const;
    // Taken without a word of the caller?
    [[nodiscard]] bool is_automatic(const Edge& edge) const;

    // Where a call may begin anew at the outermost level: start, fail, steps of [interrupt].
    [[nodiscard]] std::span<const std::size_t> roots() const { return roots_; }
    // First steps of all groups that are asked somewhere in reach.
    [[nodiscard]] std::span<const std::size_t> groups() const { return groups_; }
    [[nodiscard]] bool returns(std::size_t group) const { return returns_[group]; }
    // Steps that are reached from `entries` without going into groups, in the order they are found.
    [[nodiscard]] std::vector<std::size_t> body(std::span<const std::size_t> entries) const;
    [[nodiscard]] const std::vector<bool>& reached() const { return reached_; }

  private:
    void add_lines(std::size_t at, const Step& step);
    void add_end(std::size_t at, const Step& step, const Dialog& dialog);
    void add(std::size_t from, const Target& to, By by, std::size_t lines, const Hear* hear = nullptr,
             const Keys* keys = nullptr);
    void find_returning(std::vector<bool>& result, bool silently);
    [[nodiscard]] bool reaches_back(std::size_t group, const std::vector<bool>& result, bool silently) const;
    void find_reached();

    std::vector<Node> nodes_;
    std::vector<std::size_t> roots_, groups_, asked_;
    std::vector<bool> returns_, silent_, reached_;
};

}  // namespace pbx::dialog::checking
