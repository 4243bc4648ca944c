#include "devstate/peers.hpp"

#include "net/bell.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::devstate;
using namespace std::chrono_literals;

namespace {

RelaySettings listening(std::uint16_t port) {
    RelaySettings out;
    out.links.listen = net::ListenOptions{.port = port};
    out.links.token = Secret("a token of the test's own");
    return out;
}

net::Task<void> nothing(std::unique_ptr<net::Stream> /*stream*/) {
    co_return;
}

net::Task<bool> is_listened_on(std::uint16_t port) {
    auto stream = co_await net::connect_tcp("127.0.0.1", port, 10s);
    co_return stream.has_value();
}

// A hub and its links, as the relay joins them.
struct Side {
    Side(net::Loop& loop, const std::string& server, std::uint64_t instance)
        : hub({.server = server, .instance = instance}),
          peers(loop.executor(), hub, [this](HubEvent event) { on(std::move(event)); }) {}
    void on(HubEvent event) { act(hub.on(std::move(event), std::chrono::steady_clock::now())); }
    void act(const std::vector<HubAction>& actions) {
        for (const auto& action : actions) {
            if (const auto* wake = std::get_if<Wake>(&action)) peers.wake(wake->link);
            shown += std::holds_alternative<Show>(action) ? 1 : 0;
        }
    }
    void tick() {
        const auto now = std::chrono::steady_clock::now();
        if (hub.wake_at() && *hub.wake_at() <= now) act(hub.tick(now));
    }
    Hub hub;
    Peers peers;
    int shown = 0;
};

net::Task<bool> until_shown(Side& one, Side& other, int wanted) {
    for (int turn = 0; turn < 10'000 && other.shown < wanted; ++turn) {
        one.tick();
        other.tick();
        co_await net::sleep_for(1ms);
    }
    co_return other.shown == wanted;
}

std::uint64_t frames_out(const Side& side) {
    return side.peers.links().at(0).frames_out;
}

OwnItem lamp(int number, State state) {
    return {{.name = std::to_string(number), .state = state}};
}

}  // namespace

TEST_CASE("peers: what changes at once goes in one frame, and what changed twice its newest value only") {
    net::Loop loop;
    Side one(loop, "a", 1), other(loop, "b", 2);
    REQUIRE(other.peers.open("b", 2, listening(0)));
    RelaySettings dialling;
    dialling.links.token = Secret("a token of the test's own");
    dialling.links.heartbeat = 1min;
    auto url = PeerAddress::parse("ws://127.0.0.1:" + std::to_string(other.peers.port()), false);
    REQUIRE(url);
    dialling.links.peers.push_back(*url);
    REQUIRE(one.peers.open("a", 1, dialling));
    one.on(OwnTable{});
    other.on(OwnTable{});
    one.on(lamp(1, State::inuse));
    REQUIRE(loop.run_to_end(until_shown(one, other, 1)) == true);

    const auto before = frames_out(one);
    for (const auto state : {State::ringing, State::inuse})
        for (int number = 100; number < 400; ++number)
            one.on(lamp(number, state));
    CHECK_FALSE(one.peers.is_drained());
    REQUIRE(loop.run_to_end(until_shown(one, other, 301)) == true);
    CHECK(frames_out(one) == before + 1);
    CHECK(one.peers.is_drained());
}

TEST_CASE("peers: a reload that fails leaves the links as they were") {
    net::Loop loop;
    Hub hub({.server = "a", .instance = 1});
    Peers peers(loop.executor(), hub, [](HubEvent) {});
    REQUIRE(peers.open("a", 1, listening(0)));
    auto settings = listening(peers.port());
    REQUIRE(peers.open("a", 1, settings));  // where it listens already

    auto other = net::Listener::open(loop.executor(), {}, nothing);
    REQUIRE(other);
    auto taken = peers.open("a", 1, listening((*other)->port()));
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == Code::unavailable);
    CHECK(peers.port() == settings.links.listen->port);
    CHECK(loop.run_to_end(is_listened_on(settings.links.listen->port)) == true);

    auto wrong = listening(0);
    wrong.broker = BrokerOptions{.prefix = "#"};
    REQUIRE_FALSE(peers.open("a", 1, wrong));
    CHECK(peers.port() == settings.links.listen->port);
    CHECK_FALSE(peers.broker());
}
