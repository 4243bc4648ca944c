#include "mqtt/ear.hpp"
#include "support/mqtt_broker.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::mqtt;
using namespace pbx::mqtt::ears;
using namespace std::chrono_literals;
using test::Mosquitto;
using test::TempFolder;

namespace {

// Listens on a port of ::1 or 127.0.0.1 and accepts nothing.
struct Silent {
    explicit Silent(std::uint16_t its_port = 0, bool six = false) : port(its_port) {
        fd = ::socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_storage address{};
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        socklen_t size = six ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
        address.ss_family = six ? AF_INET6 : AF_INET;
        if (six)
            reinterpret_cast<sockaddr_in6*>(&address)->sin6_addr = in6addr_loopback;
        else
            reinterpret_cast<sockaddr_in*>(&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        reinterpret_cast<sockaddr_in*>(&address)->sin_port = htons(port);  // in the same place for both
        REQUIRE(::bind(fd, generic, size) == 0);
        REQUIRE(::listen(fd, 1) == 0);
        REQUIRE(::getsockname(fd, generic, &size) == 0);
        port = ntohs(reinterpret_cast<sockaddr_in*>(&address)->sin_port);
        reach = address;
        reach_size = size;
    }
    ~Silent() {
        for (const int one : callers)
            ::close(one);
        ::close(fd);
    }
    Silent(const Silent&) = delete;
    Silent& operator=(const Silent&) = delete;
    // From now on it doesn't even answer a SYN: its queue of connections is full.
    void fill() {
        for (int i = 0; i < 4; ++i) {
            callers.push_back(::socket(reach.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
            const int begun = ::connect(callers.back(), reinterpret_cast<sockaddr*>(&reach), reach_size);
            static_cast<void>(begun);
        }
    }

    int fd = -1;
    std::uint16_t port;
    sockaddr_storage reach{};
    socklen_t reach_size = 0;
    std::vector<int> callers;
};

std::string address_of(std::uint16_t port, const std::string& host = "127.0.0.1") {
    return host + ":" + std::to_string(port);
}

}  // namespace

TEST_CASE("mqtt: a broker that does not answer is given up at the deadline") {
    net::Loop loop;
    const Silent silent;
    Ear a(loop);
    auto options = settings("mqtt://" + address_of(silent.port), "a");
    options.connect = 200ms;
    a.open(options);
    REQUIRE(comes(a, [&] { return !a.downs.empty(); }));
    CHECK(a.downs[0].code == Code::try_again);
}

TEST_CASE("mqtt: of several brokers one that does not answer is given up soon") {
    TempFolder folder;
    Mosquitto broker(folder);
    net::Loop loop;
    Ear first(loop), a(loop);
    first.open(settings(broker.url(), "first"));
    REQUIRE(comes(first, [&] { return first.ups == 1; }));  // the broker is up
    const Silent silent;
    auto options = settings("mqtt://" + address_of(silent.port) + "," + address_of(broker.port), "a");
    options.connect = 60s;
    options.answer = 200ms;
    a.open(options);
    REQUIRE(comes(a, [&] { return a.ups == 1; }));
    CHECK(a.downs.size() == 1);
}

TEST_CASE("mqtt: the broker to begin with can be chosen") {
    TempFolder folder;
    Mosquitto one(folder), other(folder);
    net::Loop loop;
    Ear a(loop), b(loop), c(loop);
    a.open(settings(one.url(), "a"));
    b.open(settings(other.url(), "b"));
    REQUIRE(comes(a, [&] { return a.ups == 1 && b.ups == 1; }));
    auto options = settings("mqtt://" + address_of(one.port) + "," + address_of(other.port), "c");
    options.first = 3;
    c.open(options);
    REQUIRE(comes(c, [&] { return c.ups == 1; }));
    CHECK(c.at == address_of(other.port));
}

TEST_CASE("mqtt: of a name's addresses one that does not answer leaves time for the next") {
    TempFolder folder;
    Mosquitto broker(folder);
    net::Loop loop;
    Ear first(loop), a(loop);
    first.open(settings(broker.url(), "first"));
    REQUIRE(comes(first, [&] { return first.ups == 1; }));
    Silent silent(broker.port, true);  // ::1 is localhost's first address as a rule
    silent.fill();
    auto options = settings("mqtt://" + address_of(broker.port, "localhost"), "a");
    options.connect = 2s;
    a.open(options);
    REQUIRE(comes(a, [&] { return a.ups == 1; }));
    CHECK(a.downs.empty());
}
