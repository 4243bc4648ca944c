#include "net/listener.hpp"

#include "net/bell.hpp"
#include "net/loop.hpp"

#include <array>
#include <vector>

#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::net;
using namespace std::chrono_literals;

namespace {

Task<void> echo(std::unique_ptr<Stream> stream) {
    std::array<char, 100> part{};
    while (true) {
        auto got = co_await stream->read_some(part, 10s);
        if (!got || *got == 0) co_return;
        std::string bytes(part.data(), *got);
        auto written = co_await stream->write_all(std::move(bytes), 10s);
        if (!written) co_return;
    }
}

Task<Result<std::string>> ask(std::string host, std::uint16_t port, std::string text) {
    auto stream = co_await connect_tcp(std::move(host), port, 10s);
    if (!stream) co_return tl::unexpected(stream.error());
    const auto size = text.size();
    auto written = co_await (*stream)->write_all(std::move(text), 10s);
    if (!written) co_return tl::unexpected(written.error());
    std::string out;
    std::array<char, 100> part{};
    while (out.size() < size) {
        auto got = co_await (*stream)->read_some(part, 10s);
        if (!got) co_return tl::unexpected(got.error());
        if (*got == 0) break;
        out.append(part.data(), *got);
    }
    co_return out;
}

Task<Result<std::string>> ask_third(std::uint16_t port) {
    auto first = co_await connect_tcp("127.0.0.1", port, 10s);
    auto second = co_await connect_tcp("127.0.0.1", port, 10s);
    auto third = co_await ask("127.0.0.1", port, "too many");
    if (!first || !second) co_return fail(Code::bug, "not connected");
    co_return third;
}

}  // namespace

TEST_CASE("connections are served, on IPv4 and IPv6") {
    for (const std::string host : {"127.0.0.1", "::1"}) {
        Loop loop;
        auto listener = Listener::open(loop.executor(), {.address = host}, echo);
        REQUIRE(listener);
        REQUIRE((*listener)->port() != 0);
        for (int i = 0; i < 3; ++i) {
            auto answer = loop.run_to_end(ask(host, (*listener)->port(), "hello"));
            REQUIRE(answer);
            REQUIRE(*answer);
            CHECK(**answer == "hello");
        }
        CHECK((*listener)->refused() == 0);
    }
}

TEST_CASE("connections over the limit are closed and counted") {
    Loop loop;
    auto listener = Listener::open(loop.executor(), {.max_connections = 2}, echo);
    REQUIRE(listener);
    auto answer = loop.run_to_end(ask_third((*listener)->port()));
    REQUIRE(answer);
    CHECK((!*answer || (**answer).empty()));  // reset or closed, as the kernel likes
    CHECK((*listener)->refused() == 1);
}

namespace {

// On a port of the kernel's choice.
int bound_socket() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    return fd;
}

int connected_socket(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
    return fd;
}

}  // namespace

TEST_CASE("a socket passed from outside is listened on, and again after a reload") {
    const int fd = bound_socket();
    REQUIRE(::listen(fd, 5) == 0);
    Loop loop;
    for (int i = 0; i < 2; ++i) {
        auto listener = Listener::open(loop.executor(), {.inherited = fd}, echo);
        REQUIRE(listener);
        auto answer = loop.run_to_end(ask("localhost", (*listener)->port(), "hello"));
        REQUIRE(answer);
        REQUIRE(*answer);
        CHECK(**answer == "hello");
    }
    ::close(fd);
}

TEST_CASE("a socket passed from outside that doesn't listen is refused") {
    Loop loop;
    const int fd = bound_socket();
    for (const int given : {fd, 12'345}) {
        auto listener = Listener::open(loop.executor(), {.inherited = given}, echo);
        REQUIRE_FALSE(listener);
        CHECK(listener.error().code == Code::config);
    }
    ::close(fd);
}

TEST_CASE("a flood of connections leaves the loop to others in between") {
    Loop loop;
    auto listener = Listener::open(loop.executor(), {.max_connections = 1}, echo);
    REQUIRE(listener);
    std::vector<int> flood;
    for (int i = 0; i < 300; ++i)
        flood.push_back(connected_socket((*listener)->port()));
    std::uint64_t refused = 0;
    loop.post([&] {
        refused = (*listener)->refused();
        loop.stop();
    });
    loop.run();
    CHECK(refused < 100);
    for (const int fd : flood)
        ::close(fd);
}

TEST_CASE("a port in use is an error, and so is a name") {
    Loop loop;
    auto first = Listener::open(loop.executor(), {}, echo);
    REQUIRE(first);
    auto second = Listener::open(loop.executor(), {.port = (*first)->port()}, echo);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Code::unavailable);
    auto named = Listener::open(loop.executor(), {.address = "pbx.example"}, echo);
    REQUIRE_FALSE(named);
    CHECK(named.error().code == Code::config);
}

TEST_CASE("nobody there is an error at once") {
    Loop loop;
    std::uint16_t port = 0;
    {
        auto listener = Listener::open(loop.executor(), {}, echo);
        REQUIRE(listener);
        port = (*listener)->port();
    }
    auto answer = loop.run_to_end(ask("127.0.0.1", port, "hello"));
    REQUIRE(answer);
    REQUIRE_FALSE(*answer);
    CHECK(answer->error().code == Code::unavailable);
}
