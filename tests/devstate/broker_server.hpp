// A server at a broker, as a relay ties hub and broker together, without Asterisk; and clients that look on.
#pragma once

#include "devstate/broker.hpp"
#include "devstate/broker_codec.hpp"
#include "net/bell.hpp"
#include "net/loop.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace pbx::devstate::at_broker {

using namespace std::chrono_literals;

inline constexpr LinkId bus = 1;
inline std::uint64_t last_instance = 1;

inline mqtt::ClientOptions client_settings(const std::string& url) {
    mqtt::ClientOptions out;
    auto parsed = mqtt::BrokerUrl::parse(url);
    REQUIRE(parsed);
    out.url = *parsed;
    out.first_retry = 5ms;
    out.last_retry = 50ms;
    return out;
}

inline Item lamp(const std::string& name, State state) {
    Item out;
    out.name = name;
    out.state = state;
    return out;
}

// A server: a hub and its broker, as a relay ties them together, without Asterisk.
struct Server {
    Server(net::Loop& its_loop, std::string its_name)
        : loop(its_loop), news(loop.executor()), name(std::move(its_name)) {}

    void open(const std::string& url, std::chrono::milliseconds beat = 20ms,
              std::chrono::milliseconds dead = 500ms, std::size_t most_items = 100'000) {
        const auto instance = ++last_instance;
        hub = std::make_unique<Hub>(HubSettings{.server = name, .instance = instance, .grace = 50ms});
        BrokerOptions options;
        options.client = client_settings(url);
        options.client.version_5 = version_5;
        options.server = name;
        options.instance = instance;
        options.heartbeat = beat;
        options.dead = dead;
        options.most_items = most_items;
        options.settling = settling;
        options.link = bus;
        BrokerEvents events;
        events.on_up = [this](const std::string& at) {
            ++ups;
            apply(LinkUp{.link = bus, .server = at, .bus = true});
            pump();
        };
        events.on_down = [this](const std::string& reason) {
            downs.push_back(reason);
            if (ups != 0) apply(LinkDown{.link = bus});
            news.ring();
        };
        events.on_news = [this](HubEvent event) { apply(std::move(event)); };
        events.on_room = [this] { pump(); };
        auto opened = Broker::open(loop.executor(), std::move(options), std::move(events));
        if (!opened) FAIL(opened.error().text());
        broker = std::move(*opened);
        alive = std::make_shared<bool>(true);
        loop.spawn(tick(this, alive));
    }
    void kill() {  // as kill -9 would
        broker.reset();
        *alive = false;
    }
    ~Server() {
        if (alive) *alive = false;
    }
    static net::Task<void> tick(Server* self, std::shared_ptr<bool> on) {
        while (true) {
            co_await net::sleep_for(10ms);
            if (!*on) co_return;
            self->take(self->hub->tick(std::chrono::steady_clock::now()));
            self->pump();
        }
    }
    void apply(HubEvent event) { take(hub->on(std::move(event), std::chrono::steady_clock::now())); }
    void take(const std::vector<HubAction>& actions) {
        bool wake = false;
        for (const auto& action : actions) {
            if (const auto* show = std::get_if<Show>(&action)) {
                auto& value = shown[show->origin + "/" + show->item.name];
                value = show->dark                      ? "dark"
                        : show->item.kind == Kind::lamp ? std::string(name_of(show->item.state))
                                                        : show->item.presence;
            }
            wake = wake || std::holds_alternative<Wake>(action);
        }
        if (wake) pump();
        news.ring();
    }
    void pump() {
        while (broker && broker->has_room()) {
            const auto frame = hub->next(bus);
            if (!frame || !broker->send(*frame)) return;
        }
    }
    void table(const std::vector<Item>& items) { apply(OwnTable{items}), pump(); }
    void set(const std::string& item, State state) { apply(OwnItem{lamp(item, state)}), pump(); }
    [[nodiscard]] std::string sees(const std::string& what) const {
        const auto found = shown.find(what);
        return found == shown.end() ? "nothing" : found->second;
    }

    net::Loop& loop;
    net::Bell news;
    std::string name;
    std::unique_ptr<Hub> hub;
    std::unique_ptr<Broker> broker;
    std::shared_ptr<bool> alive;
    std::map<std::string, std::string> shown;
    std::vector<std::string> downs;
    int ups = 0;
    bool version_5 = true;
    std::chrono::milliseconds settling{12'000};
};

inline net::Task<bool> until(Server* server, std::function<bool()> is_so, std::chrono::seconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > end) co_return false;
        bool rung = co_await server->news.wait(10ms);
        static_cast<void>(rung);
    }
    co_return true;
}

inline bool comes(Server& server, std::function<bool()> is_so, std::chrono::seconds limit = 20s) {
    return server.loop.run_to_end(until(&server, std::move(is_so), limit)).value_or(false);
}

// All retained topics there, by a client of its own.
inline std::set<std::string> retained(net::Loop& loop, const std::string& url, const std::string& filter) {
    std::set<std::string> out;
    bool whole = false;
    mqtt::ClientEvents events;
    std::unique_ptr<mqtt::Client> client;
    events.on_up = [&](const std::string&) {
        static_cast<void>(client->subscribe("done", 0));
        static_cast<void>(client->subscribe(filter, 0));
        static_cast<void>(client->publish("done", "", {.qos = 0}));
    };
    events.on_message = [&](const mqtt::Message& message) {
        if (message.topic == "done")
            whole = true;
        else if (message.retained)
            out.insert(std::string(message.topic));
    };
    auto options = client_settings(url);
    options.client_id = "spy";
    auto opened = mqtt::Client::open(loop.executor(), options, events);
    REQUIRE(opened);
    client = std::move(*opened);
    Server waiting(loop, "spy");
    REQUIRE(comes(waiting, [&] { return whole; }));
    return out;
}

// Hears what is published on a topic.
struct Spy {
    Spy(net::Loop& loop, const std::string& url, const std::string& filter, const std::string& user = {}) {
        mqtt::ClientEvents events;
        events.on_up = [this, filter](const std::string&) {
            static_cast<void>(client->subscribe(filter, 1));
        };
        events.on_message = [this](const mqtt::Message& message) { heard.emplace_back(message.payload); };
        auto options = client_settings(url);
        options.url.user = user;
        options.client_id = "listener" + user;
        auto opened = mqtt::Client::open(loop.executor(), options, events);
        REQUIRE(opened);
        client = std::move(*opened);
    }
    std::unique_ptr<mqtt::Client> client;
    std::vector<std::string> heard;
};

}  // namespace pbx::devstate::at_broker
