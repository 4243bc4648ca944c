// Inside mqtt only: one connection to one broker, from its first byte to its last.
#pragma once

#include "mqtt/client.hpp"
#include "mqtt/mosquitto_driver.h"
#include "net/bell.hpp"

#include <map>

#include <boost/asio/posix/stream_descriptor.hpp>

namespace pbx::mqtt {

// libmosquitto's client; connecting it may outlive all else on a thread of its own.
struct Session {
    const pbx_mqtt_table* driver = nullptr;
    void* handle = nullptr;

    Session(const pbx_mqtt_table* its_driver, void* its_handle) : driver(its_driver), handle(its_handle) {}
    ~Session() { driver->close(handle); }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
};

struct Connection : std::enable_shared_from_this<Connection> {
    Connection(const net::Executor& executor, const ClientEvents* whom, std::string its_broker)
        : descriptor(executor), events(whom), broker(std::move(its_broker)), changed(executor) {}

    using Self = std::shared_ptr<Connection>;
    [[nodiscard]] Result<void> open(const pbx_mqtt_table* driver, const ClientOptions& options,
                                    bool version_5, const std::string& client_id);
    struct Limits {
        std::chrono::milliseconds connect, answer;
    };
    // Until it ends; why it did.
    static net::Task<Error> live(Self self, BrokerAddress address, Limits limits);
    static net::Task<void> tick(Self self, std::chrono::milliseconds limit);
    void flush();  // what is to be written, now or when the socket takes it
    void end(Error why);
    void end(int code);

    std::optional<int> publish(const std::string& topic, std::string_view payload, Publication how,
                               std::size_t max_queue);

    std::shared_ptr<Session> session{};
    boost::asio::posix::stream_descriptor descriptor;  // a copy of libmosquitto's
    const ClientEvents* events;                        // nothing: nobody wants to hear any more
    std::string broker;
    std::size_t max_message = 0;
    std::uint64_t dropped = 0;             // messages over it
    std::map<int, std::size_t> waiting{};  // publications by their token, and their sizes
    std::size_t queued = 0;
    std::map<int, bool> early{};  // published before publish() had returned their token
    bool publishing = false;
    net::Bell changed;
    Error why{};
    bool connected = false;  // TCP is
    bool up = false, was_up = false, answered = false, wrong_version = false;
    bool over = false, watching = false;
};

}  // namespace pbx::mqtt
