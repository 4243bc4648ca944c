// Device states by an MQTT broker, for many servers: one retained topic per item, PREFIX/SERVER/ds/NAME (ps
// for presence), written by its owner alone; PREFIX/SERVER/status (retained, with a last will) and a beat
// each second say who is there. Knows topics and their JSON, not what the hub thinks of the values.
#pragma once

#include "mqtt/client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace pbx::devstate {

enum class BrokerKind : std::uint8_t { lamp, presence };

// An owner's item as its topic has it.
struct BrokerItem {
    BrokerKind kind = BrokerKind::lamp;
    std::string_view server{}, name{}, value{};
    std::uint64_t epoch = 0, seq = 0;
};

struct BrokerServer {
    std::string server{};
    bool alive = false;     // its relay: status says so and its beat is heard
    bool asterisk = false;  // its Asterisk, as it says
    std::uint64_t epoch = 0;
};

// Tried on nats-server 2.9.10: a topic with a dot ends the connection, so dots of servers and names are escaped
// too (~2E), and version 5 is refused by closing, so 3.1.1 is tried after it.
struct BrokerOptions {
    mqtt::ClientOptions client{};  // its will and client_id are set here
    std::string server{};          // own name
    std::string prefix = "pbxctl";
    std::uint64_t epoch = 0;
    std::chrono::milliseconds heartbeat{1'000};
    std::chrono::milliseconds dead{3'000};  // a beat not heard for so long: gone
    std::size_t max_items = 200'000;        // of one server: more are not taken, and counted
};

// On the loop, never from inside a function of Broker.
struct BrokerEvents {
    std::function<void(const std::string& broker)> on_up;  // connected; items follow
    std::function<void(const Error& why)> on_down;         // every server is out of sight
    std::function<void(const BrokerServer&)> on_server;    // news of one: there, gone, its Asterisk
    std::function<void(const BrokerItem&)> on_item;        // not our own; a value again after on_up
    std::function<void(const std::string& server, BrokerKind kind, std::string_view name)> on_removed;
    // All that `server` had published when we came has been given: what wasn't in it is gone.
    std::function<void(const std::string& server)> on_table;
};

struct BrokerStatus {
    bool up = false;
    std::string broker{}, trouble{};
    std::size_t servers = 0, own_items = 0, waiting = 0;
    std::uint64_t published = 0, received = 0, nonsense = 0, removed_stale = 0;
    std::chrono::microseconds round_trip{};  // of our own beat
};

class Broker {
  public:
    [[nodiscard]] static Result<std::unique_ptr<Broker>> open(net::Executor executor, BrokerOptions options,
                                                              BrokerEvents events);
    ~Broker();
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;

    // Publishes when connected, and again what a broker lost. Newest value wins while one waits. Our own
    // topics that aren't set once own_table_is_whole() was called are deleted at the broker.
    void set(BrokerKind kind, std::string_view name, std::string_view value, std::uint64_t seq);
    void remove(BrokerKind kind, std::string_view name);
    void own_table_is_whole();
    void set_asterisk(bool up);
    void set_epoch(std::uint64_t epoch);

    [[nodiscard]] BrokerStatus status() const;
    // Status "gone" and goodbye, within `limit`; the items stay at the broker.
    [[nodiscard]] net::Task<void> close(std::chrono::milliseconds limit);

    struct Inside;

  private:
    explicit Broker(std::shared_ptr<Inside> inside);
    std::shared_ptr<Inside> inside_;
};

}  // namespace pbx::devstate
