#include "devstate/peers.hpp"

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

}  // namespace

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
