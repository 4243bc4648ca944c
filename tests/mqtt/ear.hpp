// An MQTT client of a test and all that it was told.
#pragma once

#include "mqtt/client.hpp"
#include "net/bell.hpp"
#include "net/loop.hpp"

#include <functional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace pbx::mqtt::ears {

using namespace std::chrono_literals;

using Log = std::vector<std::string>;

// A client and all that it was told.
struct Ear {
    explicit Ear(net::Loop& its_loop) : loop(its_loop), news(loop.executor()) {}

    void open(ClientOptions options) {
        ClientEvents events;
        events.on_up = [this](const std::string& broker) {
            at = broker;
            ++ups;
            for (const auto& filter : filters)
                static_cast<void>(client->subscribe(filter, 1));
            news.ring();
        };
        events.on_down = [this](const Error& why) {
            downs.push_back(why);
            news.ring();
        };
        events.on_message = [this](const Message& message) {
            heard.push_back(std::string(message.topic) + (message.retained ? "!" : "=") +
                            std::string(message.payload));
            news.ring();
        };
        events.on_subscribed = [this](int, bool granted) {
            if (granted) ++subscribed;
            news.ring();
        };
        events.on_published = [this](int) {
            ++published;
            if (echo && ++echoes < 20) static_cast<void>(client->publish("echo", "x", {.qos = 0}));
            news.ring();
        };
        auto opened = Client::open(loop.executor(), std::move(options), std::move(events));
        if (!opened) FAIL(opened.error().text());
        client = std::move(*opened);
    }

    net::Loop& loop;
    net::Bell news;
    std::unique_ptr<Client> client;
    Log filters, heard;
    std::vector<Error> downs;
    int ups = 0, subscribed = 0, published = 0, echoes = 0;
    bool echo = false;  // on_published publishes
    std::string at;     // the broker
};

inline ClientOptions settings(const std::string& url, const std::string& id) {
    ClientOptions out;
    auto parsed = BrokerUrl::parse(url);
    REQUIRE(parsed);
    out.url = *parsed;
    out.client_id = id;
    out.first_retry = 5ms;
    out.last_retry = 50ms;
    return out;
}

inline net::Task<bool> until(Ear* ear, std::function<bool()> is_so) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > end) co_return false;
        bool rung = co_await ear->news.wait(20ms);
        static_cast<void>(rung);
    }
    co_return true;
}

inline bool comes(Ear& ear, std::function<bool()> is_so) {
    return ear.loop.run_to_end(until(&ear, std::move(is_so))).value_or(false);
}

}  // namespace pbx::mqtt::ears
