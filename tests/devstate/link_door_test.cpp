#include "devstate/link_relay.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::devstate;
using namespace pbx::devstate::linked;
using namespace std::chrono_literals;

namespace {

// Sends these bytes and gives all that comes until the end.
net::Task<std::string> say(std::uint16_t port, std::string bytes) {
    auto stream = co_await net::connect_host("127.0.0.1", port, 10s);
    if (!stream) co_return stream.error().text();
    auto written = co_await (*stream)->write_all(std::move(bytes), 10s);
    static_cast<void>(written);
    std::string out;
    std::array<char, 1000> part;
    while (true) {
        auto got = co_await (*stream)->read_some(part, 10s);
        if (!got || *got == 0) co_return out;
        out.append(part.data(), *got);
    }
}

std::string request(const std::string& more, const std::string& path = "/devstate") {
    return "GET " + path +
           " HTTP/1.1\r\nHost: b\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: "
           "13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           more + "\r\n";
}

}  // namespace

TEST_CASE("link: whoever is not a relay with the token is answered in one line and let go") {
    net::Loop loop;
    Relay b(loop);
    b.open(listening("b"));
    const auto first = [&](const std::string& bytes) {
        const auto out = loop.run_to_end(say(b.links->port(), bytes)).value_or("");
        return out.substr(0, out.find("\r\n"));
    };
    const std::string good = std::string("Authorization: Bearer ") + token + "\r\n";
    const std::string name = "Pbxctl-Server: peer\r\nPbxctl-Instance: 0123456789abcdef0123456789abcdef\r\n";
    const std::string protocol = "Sec-WebSocket-Protocol: pbxctl-devstate.1\r\n";
    CHECK(first(request(name + protocol)) == "HTTP/1.1 401 Unauthorized");
    CHECK(first(request("Authorization: Bearer \r\n" + name + protocol)) == "HTTP/1.1 401 Unauthorized");
    CHECK(first(request("Authorization: Basic YTpi\r\n" + name + protocol)) == "HTTP/1.1 401 Unauthorized");
    CHECK(first(request(name + protocol, "/other")) == "HTTP/1.1 401 Unauthorized");
    CHECK(first(request(good + name + protocol, "/other")) == "HTTP/1.1 404 Not Found");
    CHECK(first(request(good + name)) == "HTTP/1.1 426 Upgrade Required");
    CHECK(first(request(good + protocol)) == "HTTP/1.1 400 Bad Request");
    CHECK(first(request(good + protocol + "Pbxctl-Server: a/b\r\nPbxctl-Instance: 0\r\n")) ==
          "HTTP/1.1 400 Bad Request");
    CHECK(first("\x16\x03\x01\x02\r\n\r\n") == "HTTP/1.1 400 Bad Request");
    CHECK(b.ups == 0);
    CHECK(b.links->totals().refused == 9);
}

namespace {

// A blocking connection of a stranger.
struct Stranger {
    explicit Stranger(std::uint16_t port, const std::string& says = {})
        : fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        REQUIRE(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0);
        REQUIRE(::send(fd, says.data(), says.size(), 0) == static_cast<ssize_t>(says.size()));
    }
    ~Stranger() { ::close(fd); }
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;
    void reset_at_close() const {
        const linger none{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
    }
    int fd;
};

}  // namespace

TEST_CASE("link: who holds many silent connections leaves places to others") {
    net::Loop loop;
    Relay b(loop);
    auto options = listening("b");
    options.listen->max_connections = 40;
    b.open(options);
    std::vector<std::unique_ptr<Stranger>> silent;
    for (int i = 0; i < 40; ++i)
        silent.push_back(std::make_unique<Stranger>(b.links->port()));
    REQUIRE(comes(loop, b, [&] { return b.links->totals().refused == 24; }));
    silent.clear();
    Relay a(loop);
    auto dialling = settings("a");
    dialling.peers = {at(b.links->port())};
    a.open(dialling);
    REQUIRE(comes(loop, a, [&] { return a.up.count("b") && b.up.count("a"); }));
}

TEST_CASE("link: a connection that breaks in the handshake leaves no second link of its name behind") {
    net::Loop loop;
    Relay b(loop);
    auto options = listening("b");
    options.dead = 60s;
    b.open(options);
    const auto hello =
        request(std::string("Authorization: Bearer ") + token +
                "\r\nPbxctl-Server: peer\r\nPbxctl-Instance: 0123456789abcdef0123456789abcdef\r\n"
                "Sec-WebSocket-Protocol: pbxctl-devstate.1\r\n");
    const Stranger first(b.links->port(), hello);
    REQUIRE(comes(loop, b, [&] { return b.ups == 1; }));
    {
        const Stranger second(b.links->port(), hello);
        second.reset_at_close();  // so that the answer cannot be written
    }
    REQUIRE(comes(loop, b, [&] { return b.links->totals().refused == 1; }));
    CHECK(comes(loop, b, [&] { return b.downs.size() == 1; }));
    CHECK(b.up.empty());
    const Stranger third(b.links->port(), hello);
    REQUIRE(comes(loop, b, [&] { return b.ups == 2; }));
}

TEST_CASE("link: who guesses tokens is soon not listened to") {
    net::Loop loop;
    Relay b(loop);
    b.open(listening("b"));
    int answered = 0;
    for (int i = 0; i < 150; ++i)
        if (!loop.run_to_end(say(b.links->port(), request("Authorization: Bearer guess\r\n")))
                 .value_or("")
                 .empty())
            ++answered;
    CHECK(answered == 100);
    CHECK(b.links->totals().refused == 150);
}

TEST_CASE("link: a peer that breaks the protocol or a limit is cut, and the links of others stay") {
    net::Loop loop;
    Relay a(loop), b(loop);
    b.open(listening("b"));
    auto options = settings("a");
    options.peers = {at(b.links->port())};
    a.open(options);
    REQUIRE(comes(loop, a, [&] { return a.up.count("b") && b.up.count("a"); }));
    const auto hello =
        request(std::string("Authorization: Bearer ") + token +
                "\r\nPbxctl-Server: peer\r\nPbxctl-Instance: 0123456789abcdef0123456789abcdef\r\n"
                "Sec-WebSocket-Protocol: pbxctl-devstate.1\r\n");
    const std::string oversize("\x81\xff\x00\x00\x00\x00\x00\x10\x00\x00\x00\x00\x00\x00", 14);
    for (const auto& bytes : {std::string("\x81\x05Hello"), oversize, std::string(5'000, '\xff')}) {
        const auto out = loop.run_to_end(say(b.links->port(), hello + bytes)).value_or("");
        CHECK(out.find("HTTP/1.1 101") == 0);
        CHECK(out.find("bad WebSocket frame") != std::string::npos);
    }
    REQUIRE(b.downs.size() == 3);
    CHECK(b.downs[1].find("too big") != std::string::npos);
    CHECK(b.up.count("a") == 1);
    REQUIRE(b.links->send(b.up["a"].id, "still there"));
    REQUIRE(comes(loop, a, [&] { return a.frames.size() == 1; }));
}

TEST_CASE("link: who is slow with the handshake is let go at the deadline") {
    net::Loop loop;
    Relay b(loop);
    auto options = listening("b");
    options.connect = 20ms;
    b.open(options);
    const auto out = loop.run_to_end(say(b.links->port(), "GET /devstate HTTP/1.1\r\nA: "));
    CHECK(out == "");
    CHECK(b.links->totals().refused == 1);
}
