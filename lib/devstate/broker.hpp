// Device states by an MQTT broker, for many servers: one retained topic per item, PREFIX/SERVER/ds/NAME (ps
// for presence), written by its owner alone; PREFIX/SERVER/status (retained, with a last will) and a beat
// each second say who is there. It is the hub's bus: takes the hub's frames, gives the hub's events. Topics
// and payloads are broker_codec's.
#pragma once

#include "devstate/hub.hpp"
#include "mqtt/client.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace pbx::devstate {

struct BrokerOptions {
    mqtt::ClientOptions client{};   // its will and client_id are set here
    std::string server{};           // own name
    std::string prefix = "pbxctl";  // [A-Za-z0-9_-], several parts with '/' between
    std::uint64_t instance = 0;  // wall-clock µs of the start (HubSettings): of two relays of one name, the
                                 // newer is silent as long as it hears the older
    std::chrono::milliseconds heartbeat{1'000};
    std::chrono::milliseconds dead{3'000};  // no beat for so long: gone
    // of several brokers, after a cut: what changes is told, and only then given to be held; an election of
    // nats-servers takes 4 to 9 s
    std::chrono::milliseconds settling{12'000};
    std::size_t most_items = 100'000;  // of ours at the broker, as in HubSettings
    LinkId link = 0;                   // put into the events
};

// On the loop, never from inside a function of Broker; all may call those functions.
struct BrokerEvents {
    // Connected, and it is known what of ours the broker has: give LinkUp{bus} to the hub, and its frames to
    // send().
    std::function<void(const std::string& broker)> on_up;
    // Once per on_up, when the connection was not back within `dead`: LinkDown. Or a try in vain, when it
    // wasn't up; the same reason only once.
    std::function<void(const std::string& reason)> on_down;
    // OwnEpoch before on_up; BusServer, BusItem, BusTable of others, in an order that never shows a table
    // before it is whole.
    std::function<void(HubEvent event)> on_news;
    std::function<void()> on_room;  // has_room() again: Hub::next() is asked on
};

struct BrokerStatus {
    bool up = false;
    std::string broker{};   // "127.0.0.1:1883"
    std::string trouble{};  // why it isn't up
    std::size_t servers = 0, own_items = 0, queued = 0;
    std::uint64_t published = 0, received = 0, nonsense = 0, deleted = 0, resyncs = 0;
    std::optional<std::chrono::microseconds> round_trip{};  // of our own beat
};

class Broker {
  public:
    // config: a prefix or file that can't be; unavailable: no driver.
    [[nodiscard]] static Result<std::unique_ptr<Broker>> open(net::Executor executor, BrokerOptions options,
                                                              BrokerEvents events);
    ~Broker();
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;

    // A frame of Hub::next(): own Items are published where the broker has another value, and at the end of a
    // whole table what it has beyond it is deleted; the own Node becomes the status. false: not up, nothing
    // was taken (LinkUp follows and the hub begins anew).
    bool send(const Frame& frame);
    [[nodiscard]] bool has_room() const;

    [[nodiscard]] BrokerStatus status() const;
    // Another relay has our name there, and is older: we are silent.
    [[nodiscard]] bool is_name_taken() const;
    // What is queued, the status "gone" and the goodbye, within `limit`; the items stay at the broker.
    [[nodiscard]] net::Task<void> close(std::chrono::milliseconds limit);

    struct Inside;

  private:
    explicit Broker(std::shared_ptr<Inside> inside);
    std::shared_ptr<Inside> inside_;
};

}  // namespace pbx::devstate
