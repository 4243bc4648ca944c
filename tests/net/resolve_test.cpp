#include "net/resolve.hpp"

#include "net/listener.hpp"
#include "net/loop.hpp"
#include "net/socket.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::net;
using namespace std::chrono_literals;

namespace {

Task<void> hang_up(std::unique_ptr<Stream> stream) {
    stream->close();
    co_return;
}

Task<Result<std::string>> peer_of(std::string host, std::uint16_t port) {
    auto stream = co_await connect_host(std::move(host), port, 10s);
    if (!stream) co_return tl::unexpected(stream.error());
    co_return (*stream)->peer();
}

}  // namespace

TEST_CASE("resolve: an address is its own answer, and no thread is asked") {
    Loop loop;
    for (const std::string address : {"192.0.2.7", "2001:db8::1", "fe80::1%lo"}) {
        auto found = loop.run_to_end(resolve(address, 0ms));
        REQUIRE(found);
        REQUIRE(*found);
        CHECK(**found == std::vector<std::string>{address});
    }
}

TEST_CASE("resolve: a name of the hosts file has addresses") {
    Loop loop;
    auto found = loop.run_to_end(resolve("localhost", 10s));
    REQUIRE(found);
    REQUIRE(*found);
    CHECK(std::count((**found).begin(), (**found).end(), "127.0.0.1") +
              std::count((**found).begin(), (**found).end(), "::1") >=
          1);
}

TEST_CASE("resolve: a link-local address keeps its link, which must be there") {
    Loop loop;
    auto found = loop.run_to_end(resolve("fe80::1%1", 0ms));  // of getaddrinfo(3) it comes as a number, too
    REQUIRE(found);
    CHECK(*found == std::vector<std::string>{"fe80::1%1"});
    auto address = numeric_address("fe80::1%lo", 80);
    REQUIRE(address);
    CHECK(address_text(*address) == "[fe80::1%lo]:80");
    for (const auto* wrong : {"fe80::1%", "fe80::1%no-such-link", "fe80::1%0", "%lo"})
        CHECK_FALSE(numeric_address(wrong, 80));
}

TEST_CASE("resolve: a name that cannot be is an error that names it") {
    Loop loop;
    auto found = loop.run_to_end(resolve("no..such..name", 10s));
    REQUIRE(found);
    REQUIRE_FALSE(*found);
    CHECK(found->error().where == "no..such..name");
}

TEST_CASE("resolve: at the deadline the loop goes on and the question is left behind") {
    Loop loop;
    auto found = loop.run_to_end(resolve("name.invalid", 0ms));
    REQUIRE(found);
    REQUIRE_FALSE(*found);
    CHECK((found->error().code == Code::try_again || found->error().code == Code::unavailable));
}

TEST_CASE("connect_host: of a name's addresses the one that answers is taken") {
    Loop loop;
    auto listener = Listener::open(loop.executor(), {.address = "127.0.0.1"}, hang_up);
    REQUIRE(listener);
    const auto port = (*listener)->port();
    auto peer = loop.run_to_end(peer_of("localhost", port));  // ::1 first on most machines: nobody there
    REQUIRE(peer);
    REQUIRE(*peer);
    CHECK(**peer == "127.0.0.1:" + std::to_string(port));
}

TEST_CASE("connect_host: where nobody listens the error names the address") {
    Loop loop;
    std::uint16_t port = 0;
    {
        auto listener = Listener::open(loop.executor(), {.address = "127.0.0.1"}, hang_up);
        REQUIRE(listener);
        port = (*listener)->port();
    }
    auto peer = loop.run_to_end(peer_of("127.0.0.1", port));
    REQUIRE(peer);
    REQUIRE_FALSE(*peer);
    CHECK(peer->error().code == Code::unavailable);
    CHECK(peer->error().where == "127.0.0.1:" + std::to_string(port));
}
