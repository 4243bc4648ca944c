// The hub's inner parts, shared by its files: what is known of each origin and of each link.
#pragma once

#include "devstate/graph.hpp"
#include "devstate/hub.hpp"
#include "devstate/replica.hpp"

#include <map>
#include <set>
#include <string>

namespace pbx::devstate {

// Of our own: the year 2112. What is believed of others is less, see latest_epoch().
constexpr std::uint64_t max_epoch = 1ULL << 52;

struct Hub::Inside {
    struct Origin {
        explicit Origin(std::size_t most_items) : table(most_items) {}
        Replica table;
        bool reached = false;             // in reach when it was last looked at
        bool dark = true;                 // what it shows isn't shown
        std::optional<Moment> darkens{};  // it isn't known to be true since `grace` before this
        std::optional<Moment> asks{};     // when it is asked for anew, as it should be true and isn't
        LinkId bus = 0;                   // where it is heard by a bus; 0: not
        bool bus_up = false;
        std::uint64_t bus_epoch = 0;
        bool bus_whole = false;                    // its table came whole, of the table's present epoch
        Replica::Seen bus_seen{};                  // what a table from it has named so far
        std::optional<std::uint64_t> bus_begun{};  // stamp when that table began
        bool told_full = false;
        Moment seen{};  // when it was last in reach, or heard of
    };
    struct Feed {  // what a link was given of an origin
        bool begun = false;
        std::uint64_t cursor = 0;             // stamp of the last
        std::optional<std::uint64_t> told{};  // its `upto`
    };
    struct TableIn {  // what a link gave of an origin
        std::uint64_t epoch = 0;
        bool open = false;  // begun and not ended
        Replica::Seen seen{};
    };
    struct Link {
        std::string server{};
        bool bus = false;
        bool heard = false;  // its server's record came over it
        bool woken = false;
        std::uint64_t instance = 0;
        std::map<std::string, Feed> feeds{};
        std::map<std::string, TableIn> tables{};
        std::set<std::string> due{};    // origins it has to be given something of
        std::set<std::string> nodes{};  // records
        std::set<std::string> asks{};   // origins the other side shall begin anew
        std::string last{};             // whose turn it was
    };

    explicit Inside(HubSettings given)
        : settings(std::move(given)), graph(settings.server), own(settings.most_items) {}

    HubSettings settings;
    Graph graph;
    Replica own;
    std::uint64_t epoch = 0, seq = 0, revision = 0, stamp = 0;
    bool own_up = false, leaving = false;
    bool told_full = false;  // that not all of our own are told
    std::map<std::string, Origin> origins;
    std::map<LinkId, Link> links;
    std::map<std::string, std::vector<LinkId>> by_server;  // the last is the one in use
    bool graph_changed = false;
    std::optional<Moment> share_out;           // when feeds are looked at anew
    std::map<std::uint64_t, unsigned> rivals;  // instances that raised our epoch, and how often
    std::optional<Moment> renews{};            // when it is raised for those over the limit of them,
    std::uint64_t renews_to = 0;               // to this
    std::optional<Moment> says_again{};        // when our record is said once more
    std::optional<Moment> begun{};             // the first event
    std::optional<Moment> told_crowd{};        // when it was told that there are too many servers
    bool told_future = false;                  // that an epoch isn't believed
    std::optional<Moment> silent_until{};      // another relay has our name
    HubCounts counts;
    std::vector<HubAction> actions;
    Moment now{};

    // hub.cpp: the own side, links, time
    void handle(OwnTable&& event);
    void handle(OwnItem&& event);
    void handle(OwnDown&& event);
    void handle(LinkUp&& event);
    void handle(LinkDown&& event);
    void handle(Received&& event);
    void handle(Leaving&& event);
    void handle(OwnEpoch&& event);
    void own_take(const Item& item);
    void forget_gone();
    void say_own();  // our record has changed
    void renew_epoch(std::uint64_t at_least);
    void pass(Moment at);  // time
    void finish();
    void tell(bool warning, std::string text) { actions.emplace_back(Tell{warning, std::move(text)}); }
    [[nodiscard]] bool silent() const { return silent_until && now < *silent_until; }
    [[nodiscard]] std::string name_taken() const;

    // hub_limits.cpp: what of others is believed and kept
    [[nodiscard]] std::uint64_t latest_epoch() const;
    [[nodiscard]] bool believes(const std::string& server, std::uint64_t its_epoch);
    Origin* origin_of(const std::string& server);
    [[nodiscard]] bool make_room();
    void forget(const std::string& server);
    void tell_crowd(const std::string& text);

    // hub_in.cpp: what comes from others
    void take(LinkId id, Nodes&& nodes);
    void take(LinkId id, Items&& items);
    void take(LinkId id, Again&& again);
    void learn(LinkId id, Link& link, const Node& node);
    void learn_own(const Node& node);
    void raise(const std::string& name, Origin& origin, std::uint64_t to);
    void lower(const std::string& name, Origin& origin, std::uint64_t to);
    void take_item(Origin& origin, const std::string& name, const Numbered& item, std::uint64_t item_epoch,
                   Replica::Seen* seen);
    void end_table(Origin& origin, const std::string& name, TableIn& in, std::uint64_t upto);
    void show(const std::string& name, const Replica::Row& row, bool dark);
    void show_all(const std::string& name, const Origin& origin, bool dark);

    // hub_bus.cpp: what comes by a broker
    void handle(BusServer&& event);
    void handle(BusItem&& event);
    void handle(BusTable&& event);
    void handle(BusDown&& event);

    // hub_out.cpp: what others are given, and who is true
    void spread_node(const std::string& server, LinkId but);
    void due(const std::string& origin, LinkId but = 0);
    void begin_anew(const std::string& origin);
    void share();  // who is fed what, by the graph
    void judge(const std::string& name, Origin& origin);
    [[nodiscard]] bool is_true(const std::string& name, const Origin& origin) const;
    [[nodiscard]] const Replica* table_of(const std::string& origin) const;
    [[nodiscard]] std::optional<Frame> next_nodes(Link& link);
    [[nodiscard]] std::optional<Frame> next_ask(Link& link);
    [[nodiscard]] std::optional<Frame> next_items(Link& link);
    [[nodiscard]] static bool fill(Items& out, const Replica& table, Feed& feed);
};

}  // namespace pbx::devstate
