// The table of who shows what: own items go out, other servers' come in, each once and in order, by whatever
// graph of links there is. Pure: events in, actions out, time is given. No socket, no AMI, no rules.
//
// A link is anything that carries frames to another relay in order (devstate/link), or a broker all servers
// meet at (devstate/broker, `bus`). Frames are not pushed: Wake says that next() has some for a link, and the
// owner asks for them as long as the link takes more. So a stalled link holds no queue: when it takes again
// it gets the newest value of each item that changed meanwhile.
#pragma once

#include "devstate/frame.hpp"
#include "devstate/tally.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pbx::devstate {

using LinkId = std::uint32_t;

struct HubSettings {
    std::string server{};
    std::uint64_t instance = 0;  // wall-clock µs of the start, and the first epoch
    // Between a server's being out of reach, or its Asterisk down, and its lamps' turning dark.
    std::chrono::milliseconds grace{1000};
    std::chrono::milliseconds settle{100};  // the graph is left to settle before work is shared out anew
    bool stays = false;                     // our lamps stay as they are on others when we are gone
    std::size_t most_items = 100'000;       // of one origin
};

// The own Asterisk's side.
struct OwnTable {  // a snapshot: what isn't in it is gone; the own Asterisk is up from here on
    std::vector<Item> items{};
};
struct OwnItem {
    Item item{};
};
struct OwnDown {};  // AMI cut
// Of our life before, as it is remembered where nobody answers for it (retained at a broker): ours goes
// above.
struct OwnEpoch {
    std::uint64_t epoch = 0;
};

// The links' side. A second link with the same server takes over from the first, which stays as reserve.
struct LinkUp {
    LinkId link = 0;
    std::string server{};  // of the other side; a bus: a name for logs
    bool bus = false;
};
struct LinkDown {
    LinkId link = 0;
};
struct Received {  // a frame of a link that is no bus
    LinkId link = 0;
    Frame frame{};
};
// From a bus. Items come in any order; only those of the server's present epoch count.
struct BusServer {
    LinkId link = 0;
    std::string server{};
    bool up = false;  // its relay and its Asterisk
    std::uint64_t epoch = 0;
};
struct BusItem {
    LinkId link = 0;
    std::string server{};
    std::uint64_t epoch = 0;
    Numbered item{};
};
struct BusDown {  // cut: every server on it is out of sight
    LinkId link = 0;
};
// All the bus has of this server comes from the first (begin) to the second, among whatever changes
// meanwhile: what wasn't given, or learned otherwise, between them is gone.
struct BusTable {
    LinkId link = 0;
    std::string server{};
    bool begin = false;
};
struct Leaving {};  // we are to end: tell everybody

using HubEvent = std::variant<OwnTable, OwnItem, OwnDown, LinkUp, LinkDown, Received, BusServer, BusItem,
                              BusTable, Leaving, OwnEpoch>;

// What of another server is to be shown here. Dark: nothing is known of it (its server is out of reach, or
// has it no more).
struct Show {
    std::string origin{};
    Item item{};
    bool dark = false;
};
struct Wake {
    LinkId link = 0;
};
struct Refuse {  // close this link with this reason (Bye)
    LinkId link = 0;
    std::string reason{};
};
struct Tell {  // for the log
    bool warning = false;
    std::string text{};
};

using HubAction = std::variant<Show, Wake, Refuse, Tell>;

struct ServerView {  // of another server, for metrics, `top` and status lines
    std::string server{};
    bool known_up = false;  // its lamps are shown as it says
    bool dark = false;      // they were turned dark
    unsigned distance = 0;  // links between; 0: out of reach
    std::size_t items = 0;
    friend bool operator==(const ServerView&, const ServerView&) = default;
};

struct HubCounts {
    std::uint64_t taken = 0;     // items of others that were news
    std::uint64_t stale = 0;     // that were known already
    std::uint64_t echoes = 0;    // our own that came back
    std::uint64_t nonsense = 0;  // over a limit, or against the rules of frame.hpp
};

class Hub {
  public:
    explicit Hub(HubSettings settings);
    ~Hub();
    Hub(Hub&&) noexcept;
    Hub& operator=(Hub&&) noexcept;

    [[nodiscard]] std::vector<HubAction> on(HubEvent event, Moment now);

    // The next frame for a link; nothing when it was given everything. On a bus: Items of this server alone,
    // and Nodes with its record.
    [[nodiscard]] std::optional<Frame> next(LinkId link);

    // When tick() has something to do; nothing: not before the next event.
    [[nodiscard]] std::optional<Moment> wake_at() const;
    [[nodiscard]] std::vector<HubAction> tick(Moment now);

    [[nodiscard]] std::uint64_t epoch() const;
    // Without those that said goodbye and have nothing to show.
    [[nodiscard]] std::vector<ServerView> servers() const;
    // What a server's lamps say, dark or not; our own with our name. Looks at each: not for every second of a
    // large mesh unless somebody asks.
    [[nodiscard]] Tally tally(const std::string& server) const;
    [[nodiscard]] const HubCounts& counts() const;
    [[nodiscard]] std::size_t own_items() const;
    // What is wrong here: another relay has our name. Empty: nothing.
    [[nodiscard]] std::string trouble() const;
    // Everything another server shows here now, dark or not: for a writer that starts anew.
    [[nodiscard]] std::vector<Show> shown() const;

  private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace pbx::devstate
