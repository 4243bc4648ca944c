// Who is linked with whom, as all servers say it of themselves, and what follows from it: who is in reach,
// and who hands whose items on to whom. Every relay works it out alike from the same records, so that each
// server gets each origin's items from exactly one of those next to it. Links and items are not known here.
#pragma once

#include "devstate/frame.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace pbx::devstate {

class Graph {
  public:
    explicit Graph(std::string me) : me_(std::move(me)) {}

    // True when it is newer than what was known. A server nobody knew is not taken over max_servers.
    bool learn(const Node& node);
    [[nodiscard]] const Node* find(const std::string& server) const;
    [[nodiscard]] const std::map<std::string, Node>& nodes() const { return nodes_; }
    void forget(const std::string& server) { nodes_.erase(server); }

    // Those we hold a link to: it counts whatever the other side's record says.
    void set_links(std::set<std::string> servers) { mine_ = std::move(servers); }

    void work_out();  // after learn() and set_links(), before the questions below

    // Links on the shortest way; 0: out of reach, or ourselves.
    [[nodiscard]] unsigned distance(const std::string& server) const;
    // Whether we are the one to hand the items of `origin` on to `peer`, which we hold a link to: it is one
    // link farther from the origin, and of those it has at our distance our name comes first.
    [[nodiscard]] bool feeds(const std::string& peer, const std::string& origin) const;

  private:
    using Index = std::uint16_t;
    static constexpr std::uint16_t nowhere = 0xffff;
    [[nodiscard]] Index index_of(const std::string& server) const;
    [[nodiscard]] bool says(const std::string& server, const std::string& other) const;
    void measure(Index origin);

    std::string me_;
    std::map<std::string, Node> nodes_;
    std::set<std::string> mine_;

    std::vector<std::string> names_;  // sorted
    std::vector<std::vector<Index>> next_to_;
    std::vector<std::vector<std::uint16_t>> distance_;  // [origin][server]
};

}  // namespace pbx::devstate
