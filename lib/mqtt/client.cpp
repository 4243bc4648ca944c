#include "mqtt/client.hpp"

#include "core/backoff.hpp"
#include "core/driver.hpp"
#include "core/text.hpp"
#include "mqtt/connection.hpp"
#include "net/loop.hpp"
#include "net/resolve.hpp"

#include <algorithm>

#include <sys/random.h>

namespace pbx::mqtt {

struct Client::Inside : std::enable_shared_from_this<Client::Inside> {
    Inside(net::Executor its_executor, ClientOptions its_options, ClientEvents its_events,
           const pbx_mqtt_table* its_driver)
        : executor(std::move(its_executor)),
          options(std::move(its_options)),
          events(std::move(its_events)),
          driver(its_driver),
          version_5(options.version_5),
          stopped(executor) {}

    using Self = std::shared_ptr<Inside>;
    static net::Task<void> live(Self self);
    static net::Task<Error> one(Self self, BrokerAddress address, std::chrono::milliseconds answer);
    static net::Task<Error> attempt(Self self, BrokerAddress address, std::string name,
                                    Connection::Limits limits);
    [[nodiscard]] std::chrono::milliseconds patience(std::size_t rounds) const;
    [[nodiscard]] std::string next_id();
    static net::Task<void> close(Self self, std::chrono::milliseconds limit);
    [[nodiscard]] double chance() const;
    void after(const Connection& it);
    void stop();

    net::Executor executor;
    ClientOptions options;
    ClientEvents events;
    const pbx_mqtt_table* driver;
    bool version_5;
    std::shared_ptr<Connection> connection{};
    std::uint64_t dropped = 0;  // of earlier connections
    net::Bell stopped;
    std::uint64_t attempts = 0;
    bool stopping = false, gone = false;
};

namespace {

constexpr std::size_t most_doublings = 10;  // of the patience with a cluster

std::string name_of(const BrokerAddress& address) {
    const bool six = address.host.find(':') != std::string::npos;
    return (six ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

bool is_topic(const std::string& topic) {
    return !topic.empty() && topic.size() < 65'536 && text::is_utf8(topic) &&
           topic.find_first_of(std::string_view("+#\0", 3)) == std::string::npos;
}

}  // namespace

double Client::Inside::chance() const {
    if (options.chance) return options.chance();
    std::uint32_t number = 0;
    const auto got = ::getrandom(&number, sizeof number, 0);
    static_cast<void>(got);  // of 4 bytes it gives all (getrandom(2))
    return static_cast<double>(number) / 4294967296.0;
}

void Client::Inside::stop() {
    stopping = true;
    if (connection) connection->end(Error{.code = Code::try_again, .what = "stopped"});
    stopped.ring();
}

// A broker without MQTT 5 refuses it, or hangs up; the other version is next.
void Client::Inside::after(const Connection& it) {
    const bool hung_up = it.connected && !it.answered && it.why.code == Code::unavailable;
    if (options.version_5 && (it.wrong_version || hung_up)) version_5 = !version_5;
}

// A node of a cluster that is electing leaders does not answer: another may, and each is asked again soon.
std::chrono::milliseconds Client::Inside::patience(std::size_t rounds) const {
    auto out = options.connect;
    if (options.url.brokers.size() > 1)
        out = std::min(out, options.answer * (1 << std::min(rounds / 4, most_doublings)));
    return out;
}

// nats-server lets a client in only when its own earlier CONNECT of the same id is through, 4 s later.
std::string Client::Inside::next_id() {
    if (options.url.brokers.size() == 1) return options.client_id;
    return options.client_id + "-" + std::to_string(++attempts);
}

net::Task<Error> Client::Inside::attempt(Self self, BrokerAddress address, std::string name,
                                         Connection::Limits limits) {
    auto it = std::make_shared<Connection>(self->executor, &self->events, std::move(name));
    auto opened = it->open(self->driver, self->options, self->version_5, self->next_id());
    if (!opened) co_return opened.error();
    self->connection = it;
    Error why = co_await Connection::live(it, std::move(address), limits);
    it->end(why);
    it->events = nullptr;
    it->session.reset();  // here and not when the last timer lets go: the broker sees the end at once
    self->after(*it);
    self->dropped += it->dropped;
    co_return why;
}

net::Task<Error> Client::Inside::one(Self self, BrokerAddress address, std::chrono::milliseconds answer) {
    const auto until = std::chrono::steady_clock::now() + self->options.connect;
    const auto name = name_of(address);
    std::vector<std::string> hosts{address.host};
    if (!self->options.url.tls) {  // else the certificate's name is needed, and libmosquitto looks it up
        Result<std::vector<std::string>> found = co_await net::resolve(address.host, self->options.connect);
        if (!found) co_return found.error();
        hosts = std::move(*found);
    }
    Error why;
    for (std::size_t i = 0; i < hosts.size() && !self->stopping; ++i) {
        address.host = hosts[i];
        // one that does not answer leaves time for the others
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        const auto share = std::max(left, std::chrono::milliseconds{0}) / static_cast<long>(hosts.size() - i);
        why = co_await attempt(self, address, name, {.connect = share, .answer = answer});
        if (self->connection && self->connection->connected) break;
    }
    co_return why;
}

net::Task<void> Client::Inside::live(Self self) {
    Backoff backoff(self->options.first_retry, self->options.last_retry);
    const auto& brokers = self->options.url.brokers;
    std::size_t next = self->options.first, tries = 0;
    while (!self->stopping) {
        const bool was_5 = self->version_5;
        const auto patience = self->patience(tries / brokers.size());
        Error why = co_await one(self, brokers[next % brokers.size()], patience);
        const bool was_up = self->connection && self->connection->was_up;
        self->connection.reset();
        if (self->stopping) break;
        if (was_up) {
            backoff.reset();
            tries = 0;
        }
        if (!self->gone && self->events.on_down) self->events.on_down(why);
        const bool same_again = was_5 && !self->version_5;
        if (same_again) continue;
        ++next;
        if (++tries % brokers.size() != 0) continue;  // each of a cluster is tried once between two pauses
        auto pause = backoff.next(self->chance());
        if (brokers.size() > 1) pause = std::min(pause, patience);
        bool rung = co_await self->stopped.wait(pause);
        static_cast<void>(rung);
    }
}

net::Task<void> Client::Inside::close(Self self, std::chrono::milliseconds limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    auto it = self->connection;
    const auto left = [until] {
        const auto time =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        return std::max(time, std::chrono::milliseconds{0});
    };
    while (it && it->up && it->queued > 0 && left().count() > 0) {
        bool rung = co_await it->changed.wait(left());
        static_cast<void>(rung);
    }
    if (it && it->up) {
        it->session->driver->disconnect(it->session->handle);
        it->flush();
        while (!it->over && it->watching && left().count() > 0)
            co_await net::sleep_for(std::min(left(), std::chrono::milliseconds{1}));
    }
    self->stop();
}

Client::Client(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}

Result<std::unique_ptr<Client>> Client::open(net::Executor executor, ClientOptions options,
                                             ClientEvents events) {
    if (options.url.brokers.empty()) return fail(Code::config, "no broker", "mqtt");
    auto driver = load_driver_as<pbx_mqtt_table>("mosquitto", "libmosquitto1");
    if (!driver) return tl::unexpected(driver.error());
    auto inside =
        std::make_shared<Inside>(std::move(executor), std::move(options), std::move(events), *driver);
    Connection trial(inside->executor, nullptr, "broker");  // what cannot be is said now
    if (auto opened = trial.open(*driver, inside->options, inside->version_5, inside->options.client_id);
        !opened)
        return tl::unexpected(opened.error());
    net::spawn(inside->executor, Inside::live(inside));
    return std::unique_ptr<Client>(new Client(std::move(inside)));
}

Client::~Client() {
    inside_->gone = true;
    if (inside_->connection) inside_->connection->events = nullptr;
    inside_->stop();
}

bool Client::is_up() const {
    return inside_->connection && inside_->connection->up;
}

std::optional<int> Client::publish(const std::string& topic, std::string_view payload, Publication how) {
    if (!is_up() || !is_topic(topic)) return std::nullopt;
    return inside_->connection->publish(topic, payload, how, inside_->options.max_queue);
}

std::optional<int> Client::subscribe(const std::string& filter, int qos) {
    if (!is_up()) return std::nullopt;
    auto& it = *inside_->connection;
    int token = 0;
    if (inside_->driver->subscribe(it.session->handle, &token, filter.c_str(), qos) != 0) return std::nullopt;
    it.flush();
    return token;
}

std::optional<int> Client::unsubscribe(const std::string& filter) {
    if (!is_up()) return std::nullopt;
    auto& it = *inside_->connection;
    int token = 0;
    if (inside_->driver->unsubscribe(it.session->handle, &token, filter.c_str()) != 0) return std::nullopt;
    it.flush();
    return token;
}

void Client::reconnect(std::string reason) {
    if (!inside_->connection) return;
    inside_->connection->end(
        Error{.code = Code::unavailable, .what = std::move(reason), .where = inside_->connection->broker});
}

std::size_t Client::queued() const {
    return inside_->connection ? inside_->connection->queued : 0;
}

std::uint64_t Client::dropped() const {
    return inside_->dropped + (inside_->connection ? inside_->connection->dropped : 0);
}

net::Task<void> Client::close(std::chrono::milliseconds limit) {
    return Inside::close(inside_, limit);
}

}  // namespace pbx::mqtt
