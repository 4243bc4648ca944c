// Inside devstate's broker only: what hearing, publishing and watching share.
#pragma once

#include "devstate/broker.hpp"
#include "devstate/broker_codec.hpp"
#include "net/bell.hpp"

#include <map>
#include <optional>
#include <unordered_map>

namespace pbx::devstate {

struct Broker::Inside : std::enable_shared_from_this<Broker::Inside> {
    using Self = std::shared_ptr<Inside>;

    enum class TableState : std::uint8_t { none, coming, whole };

    struct Other {  // another server
        Standing standing{};
        std::optional<Moment> heard{};  // its last beat
        std::uint64_t epoch = 0;        // as the hub was told
        bool up = false;                // the same
        TableState table = TableState::none;
        // comes back when its table is whole; sent again each heartbeat under the next number
        std::uint64_t first_mark = 0, mark = 0;
        Moment marked{};  // when that was sent
        bool mark_came = false;
        Moment came{};                 // the mark or an item, last
        unsigned rereads = 0;          // a mark was lost on the way, and so may items be
        std::uint64_t count = 0;       // of its publications: the last one seen
        std::uint64_t beat_count = 0;  // as its last beat says
    };

    struct Own {                  // a topic of ours as the broker has it
        std::uint64_t value = 0;  // a hash of it
        std::uint32_t table = 0;  // the last whole table it was in
    };

    enum class Phase : std::uint8_t {
        down,       // not connected
        listing,    // what of ours is there is coming
        listening,  // it says that a relay of our name is there: is it?
        silent,     // one is, and it is older
        up,
    };

    Inside(net::Executor its_executor, BrokerOptions its_options, BrokerEvents its_events)
        : executor(std::move(its_executor)),
          options(std::move(its_options)),
          events(std::move(its_events)),
          stopped(executor) {}

    // broker.cpp
    void on_connected(const std::string& broker);
    void on_lost(const Error& why);
    void go_up();
    void go_down(const std::string& reason);
    static net::Task<void> watch(Self self);
    void tick(Moment now);
    void tick_up(Moment now);
    [[nodiscard]] bool has_others() const { return options.client.url.brokers.size() > 1; }
    void send_beat();
    // broker_send.cpp
    [[nodiscard]] bool publish(const Items& items);
    [[nodiscard]] bool publish(std::uint64_t epoch, const Numbered& item);
    [[nodiscard]] bool publish_standing();
    [[nodiscard]] bool take_node(const Node& its_node);
    [[nodiscard]] bool put(const std::string& topic, std::string_view payload, mqtt::Publication how);
    void delete_stale();
    [[nodiscard]] bool keep(const Topic& topic, const std::string& tail, const Published& value);
    void tick_settling(Moment now);
    void settle();
    // broker_table.cpp: what the broker holds, of ours and of others
    void ask(const std::string& filter);
    void hear_granted(int token, bool granted);
    void mark(std::uint64_t number);
    void note_late();
    void tick_listing(Moment now);
    void end_listing();
    void ask_table(const std::string& name, Other& it);
    void mark_table(Other& it);
    void tick_table(const std::string& name, Other& it, Moment now);
    void end_table(const std::string& name, Other& it);
    void hear_mark(std::string_view payload);
    // broker_hear.cpp
    void hear(const mqtt::Message& message);
    void hear_own(const Topic& topic, const mqtt::Message& message);
    void hear_own_standing(const mqtt::Message& message);
    void hear_own_beat(const Beat& beat);
    void hear_standing(const std::string& name, const mqtt::Message& message);
    void hear_beat(const std::string& name, const mqtt::Message& message);
    void hear_item(const Topic& topic, const mqtt::Message& message);
    void hear_deleted(const Topic& topic);
    [[nodiscard]] Other* other(const std::string& name);
    void judge(const std::string& name, Other& it, Moment now);
    void tell(const std::string& name, Other& it, bool up);

    net::Executor executor;
    BrokerOptions options;
    BrokerEvents events;
    std::unique_ptr<mqtt::Client> client{};
    std::map<std::string, Other> others{};
    std::unordered_map<std::string, Own> own{};  // by topic below our subtree: "ds/101"
    BrokerStatus counts{};
    Phase phase = Phase::down;
    bool mark_came = false;            // while listing
    bool is_late = false;              // the broker sends what it holds after what came later
    bool told_up = false;              // on_up was called and on_down not yet
    std::optional<Moment> lost{};      // the connection, while told_up
    std::optional<Moment> own_beat{};  // when ours came back last
    std::optional<Moment> rival{};     // an older relay of our name was heard, or may be there
    Moment next_beat{};
    std::optional<Moment> settles{};            // a cluster may still be electing leaders until then
    Moment retold{};                            // `unkept`, last
    std::map<std::string, Published> unkept{};  // told, but not held by the broker yet, by topic as in `own`
    Moment next_look{};                         // at our own status, whether it is what we said
    Moment ticked{}, news{};                    // the last tick, the last message of whomever
    Moment listed{}, marked{};           // while listing: something of ours came last, and the mark was sent
    std::map<int, std::string> asked{};  // filters the broker has not answered yet, by token
    std::optional<Node> node{};          // what we are to say of ourselves
    std::optional<Standing> said{};
    std::optional<Standing> left_there{};  // our status as the broker had it when we came
    std::uint64_t left_epoch = 0;          // the highest of what of ours it had then
    std::uint64_t own_upto = 0, count = 0, marks = 0;
    std::uint32_t table = 0;  // the number of the whole table that is coming from the hub
    bool in_table = false, table_whole = false, full = false;
    net::Bell stopped;
    bool gone = false;
};

[[nodiscard]] Moment broker_now();
[[nodiscard]] std::uint64_t broker_microseconds(Moment moment);

}  // namespace pbx::devstate
