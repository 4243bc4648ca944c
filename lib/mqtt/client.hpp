// An MQTT client (5 and 3.1.1) by the mosquitto driver on the loop, without a thread: connects to the first
// of several brokers that takes it, comes back by itself, and says what it hears. What topics mean is not
// known here. Nothing is kept over a cut but the options: the caller subscribes and publishes anew in on_up.
#pragma once

#include "core/secret.hpp"
#include "net/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::mqtt {

struct BrokerAddress {
    std::string host{};
    std::uint16_t port = 1883;
};

// mqtt://[user@]host[:port][,host[:port]...] or mqtts://…; a password in it is refused (secret_file).
struct BrokerUrl {
    bool tls = false;
    std::string user{};
    std::vector<BrokerAddress> brokers{};

    [[nodiscard]] static Result<BrokerUrl> parse(std::string_view url);
};

struct Will {
    std::string topic{}, payload{};
    int qos = 1;
    bool retain = true;
};

struct ClientOptions {
    BrokerUrl url{};
    Secret password{};
    std::string ca_file{};             // with mqtts://; empty: the system's
    std::string certificate{}, key{};  // own, PEM
    bool version_5 = true;             // else 3.1.1
    std::string client_id{};           // unique at the broker; of several, "-N" is added, anew each time
    std::optional<Will> will{};
    std::chrono::seconds keep_alive{5};  // libmosquitto takes no less
    std::chrono::milliseconds connect{
        5'000};  // name and TCP; and for the broker's answer, when it is the only
    // for its answer when there are others to try, and the longest pause then; both double each 4 rounds, up
    // to `connect`
    std::chrono::milliseconds answer{700};
    std::size_t first = 0;                                          // of the brokers, to try
    std::chrono::milliseconds first_retry{200}, last_retry{2'000};  // lamps are dark meanwhile
    std::size_t max_queue = 4 * 1024 * 1024;  // bytes handed over and not yet acknowledged or sent
    std::size_t max_message = 64 * 1024;      // a longer one is dropped and counted; 5 doesn't send it at all
    std::function<double()> chance{};         // [0, 1), for the back-off's jitter; the system's when empty
};

struct Message {
    std::string_view topic, payload;
    bool retained = false;  // was there before we subscribed
};

// On the loop; all may call the client's functions.
struct ClientEvents {
    std::function<void(const std::string& broker)> on_up;  // "127.0.0.1:1883"
    std::function<void(const Error& why)> on_down;         // also each try in vain; the next one follows
    std::function<void(const Message&)> on_message;
    std::function<void(int token, bool granted)> on_subscribed;
    std::function<void(int token)> on_published;  // qos 1: acknowledged; qos 0: sent
};

struct Publication {
    int qos = 1;
    bool retain = false;
};

class Client {
  public:
    // unavailable: no driver; config: a file is missing or unfit.
    [[nodiscard]] static Result<std::unique_ptr<Client>> open(net::Executor executor, ClientOptions options,
                                                              ClientEvents events);
    ~Client();  // cuts: the broker publishes the will; no event is called any more
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    [[nodiscard]] bool is_up() const;
    // Its token (for on_published); nothing: not connected, over max_queue, or a topic MQTT doesn't have.
    std::optional<int> publish(const std::string& topic, std::string_view payload, Publication how);
    std::optional<int> subscribe(const std::string& filter, int qos);
    std::optional<int> unsubscribe(const std::string& filter);
    void reconnect(std::string reason);  // cuts and goes on with the next broker
    [[nodiscard]] std::size_t queued() const;
    [[nodiscard]] std::uint64_t dropped() const;  // over max_message
    // Says goodbye, so that no will is published.
    [[nodiscard]] net::Task<void> close(std::chrono::milliseconds limit);

    struct Inside;

  private:
    explicit Client(std::shared_ptr<Inside> inside);
    std::shared_ptr<Inside> inside_;
};

}  // namespace pbx::mqtt
