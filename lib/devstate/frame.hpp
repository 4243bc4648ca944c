// What hubs say to each other, one JSON object a message, and its codec; hello and heartbeat are the link's.
// Hostile input: whatever is over a limit or not of this shape is an error, never cut or guessed. How a
// message travels (WebSocket, MQTT) and what it means (hub) is not known here.
#pragma once

#include "core/result.hpp"
#include "devstate/item.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pbx::devstate {

constexpr std::size_t max_frame = 256 * 1024;   // bytes of one message
constexpr std::size_t max_frame_items = 3'000;  // items in one; less when they would not fit max_frame
constexpr std::size_t max_servers = 256;        // in one mesh
constexpr std::size_t max_server_name = 40;
constexpr unsigned max_hop = 16;
constexpr std::uint64_t max_number = (1ULL << 53) - 1;  // every language's JSON has these exactly

// "I am": what a server says of itself, handed on to everybody. The newest (epoch, revision) counts.
struct Node {
    std::string server{};
    std::uint64_t epoch = 0;     // of its table; raised above whatever is remembered of it
    std::uint64_t revision = 0;  // of this record
    std::uint64_t instance = 0;  // wall-clock µs of the relay's start: two relays of one name differ here
    std::uint64_t seq = 0;       // `up` counts for a table that is complete up to here
    bool up = false;             // its relay speaks with its Asterisk
    bool stays = false;          // its lamps stay as they are when it is out of reach: it comes by cron
    bool leaving = false;        // it says goodbye: nothing is to be waited for
    std::vector<std::string> links{};
    friend bool operator==(const Node&, const Node&) = default;
};

struct Nodes {
    std::vector<Node> nodes{};
    friend bool operator==(const Nodes&, const Nodes&) = default;
};

struct Numbered {
    std::uint64_t seq = 0;
    Item item{};
    friend bool operator==(const Numbered&, const Numbered&) = default;
};

// Items of one origin. A whole table is a frame with `begin`, any number more, and the first with `upto`:
// what was not among them is gone.
struct Items {
    std::string origin{};
    std::uint64_t epoch = 0;
    unsigned hop = 1;                     // links gone over
    bool begin = false;                   // a whole table starts here
    std::optional<std::uint64_t> upto{};  // the receiver now has everything of the origin up to this seq
    std::vector<Numbered> items{};
    friend bool operator==(const Items&, const Items&) = default;
};

// "Give me this origin's whole table anew."
struct Again {
    std::string origin{};
    friend bool operator==(const Again&, const Again&) = default;
};

using Frame = std::variant<Nodes, Items, Again>;

// At most max_frame bytes when the limits above are kept and Items fill no more than encoded_size() says.
[[nodiscard]] std::string encode(const Frame& frame);
// Errors: protocol.
[[nodiscard]] Result<Frame> decode(std::string_view text);

// Upper bounds of the bytes these take in a frame; the rest of it is less than frame_overhead.
[[nodiscard]] std::size_t encoded_size(const Item& item);
[[nodiscard]] std::size_t encoded_size(const Node& node);
constexpr std::size_t frame_overhead = 256;

// [A-Za-z0-9._-], 1 to max_server_name
[[nodiscard]] bool is_server_name(std::string_view name);

}  // namespace pbx::devstate
