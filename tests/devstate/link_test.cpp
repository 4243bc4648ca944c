#include "core/log.hpp"
#include "devstate/link_relay.hpp"
#include "net/resolve.hpp"
#include "net/websocket.hpp"
#include "support/certificates.hpp"

#include <array>

#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::devstate;
using namespace pbx::devstate::linked;
using namespace std::chrono_literals;

TEST_CASE("link: an address says where to dial, and ws:// goes no further than loopback") {
    CHECK(PeerAddress::parse("wss://b.example.com", false)->text() == "wss://b.example.com:8977/devstate");
    CHECK(PeerAddress::parse("wss://b.example.com:1234/x/y", false)->text() ==
          "wss://b.example.com:1234/x/y");
    CHECK(PeerAddress::parse("WSS://[2001:db8::1]", false)->text() == "wss://[2001:db8::1]:8977/devstate");
    CHECK(PeerAddress::parse("ws://[::1]:99/", false)->text() == "ws://[::1]:99/devstate");
    CHECK(PeerAddress::parse("ws://127.3.2.1", false));
    CHECK(PeerAddress::parse("ws://localhost", false));
    CHECK(PeerAddress::parse("ws://192.0.2.7", true));
    for (const auto* wrong : {"ws://192.0.2.7", "ws://127.evil.example.com", "http://b", "wss://",
                              "wss://b:0", "wss://b:65536", "wss://b:x", "wss://user:secret@b", "wss://::1",
                              "wss://[::1", "wss://b c", "wss://b/a b", "wss://b/?q", "b"}) {
        INFO(wrong);
        auto parsed = PeerAddress::parse(wrong, false);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().code == Code::config);
        CHECK(parsed.error().text().find("secret") == std::string::npos);
    }
}

TEST_CASE("link: what would let anybody in, or send in the clear, is refused at the start") {
    net::Loop loop;
    const auto why = [&](LinkOptions options) {
        auto opened = Links::open(loop.executor(), std::move(options), {});
        REQUIRE_FALSE(opened);
        CHECK(opened.error().code == Code::config);
        return opened.error().what;
    };
    auto open = listening("a");
    open.token = Secret();
    CHECK(why(open) == "anybody could link");
    auto network = listening("a");
    network.listen->address = "0.0.0.0";
    CHECK(why(network) == "listening without TLS");
    auto shorter = listening("a");
    shorter.token = Secret("0123456789abcde");
    CHECK(why(shorter) == "the token is too short");
    CHECK(why(listening("a b")) == "no server name");
}

TEST_CASE("link: frames go both ways in order, and each side knows who the other is") {
    net::Loop loop;
    Relay a(loop), b(loop);
    b.open(listening("b.example.com"));
    auto options = settings("a");
    options.peers = {at(b.links->port())};
    a.open(options);
    REQUIRE(comes(loop, a, [&] { return a.up.count("b.example.com") && b.up.count("a"); }));
    CHECK(a.up["b.example.com"].dialled);
    CHECK_FALSE(b.up["a"].dialled);
    Log wanted;
    for (int i = 0; i < 200; ++i) {
        const auto text = std::to_string(i) + std::string(static_cast<std::size_t>(i * 50), 'x');
        REQUIRE(a.links->send(a.up["b.example.com"].id, text));
        REQUIRE(b.links->send(b.up["a"].id, text));
        wanted.push_back(text);
    }
    REQUIRE(comes(loop, a, [&] { return a.frames.size() == 200 && b.frames.size() == 200; }));
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        CHECK(a.frames[i] == "b.example.com:" + wanted[i]);
        CHECK(b.frames[i] == "a:" + wanted[i]);
    }
    REQUIRE(comes(loop, a, [&] { return a.links->status().at(0).round_trip.has_value(); }));
    CHECK(a.links->status().at(0).frames_out == 200);
    CHECK_FALSE(a.links->send(4711, "x"));
}

TEST_CASE("link: two that dial each other end with one link, dialled by the same side on both") {
    for (int round = 0; round < 20; ++round) {
        net::Loop loop;
        Relay a(loop), b(loop), hold(loop);
        b.open(listening("b"));
        const auto port = b.links->port();
        auto options = listening("a");
        options.peers = {at(port)};
        a.open(options);
        auto back = listening("b", port);  // again, now with a's port: both dial
        back.peers = {at(a.links->port())};
        b.links.reset();
        b.open(back);
        const auto stands = [&] {
            return a.links->status().size() == 1 && b.links->status().size() == 1 && a.up.count("b") &&
                   b.up.count("a") && a.links->status()[0].peer.id == a.up["b"].id &&
                   b.links->status()[0].peer.id == b.up["a"].id;
        };
        REQUIRE(comes(loop, a, stands));
        CHECK(a.up["b"].dialled != b.up["a"].dialled);
        a.frames.clear();
        REQUIRE(b.links->send(b.up["a"].id, "still there"));
        REQUIRE(comes(loop, a, [&] { return !a.frames.empty(); }));
    }
}

TEST_CASE("link: without the right token there is no link, and nothing is learnt") {
    net::Loop loop;
    Relay a(loop), b(loop);
    b.open(listening("b"));
    auto options = settings("a");
    options.token = Secret("a token of somebody else");
    options.peers = {at(b.links->port())};
    a.open(options);
    REQUIRE(comes(loop, a, [&] { return b.links->totals().refused >= 3; }));
    REQUIRE(comes(loop, a, [&] { return trouble(a).find("401") != std::string::npos; }));
    CHECK(trouble(a).find("secret_file") != std::string::npos);
    CHECK(a.ups == 0);
    CHECK(b.ups == 0);
}

TEST_CASE("link: with certificates on both sides no token is needed, and a stranger's is not taken") {
    test::TempFolder folder;
    test::Authority ca(folder), other(folder, "other");
    for (const auto* name : {"a", "b"})
        ca.sign(name, "DNS:" + std::string(name) + ",IP:127.0.0.1");
    other.sign("x", "DNS:a,IP:127.0.0.1");
    const auto files = [&](const std::string& who) {
        return net::TlsFiles{
            .ca_file = ca.file(), .certificate = folder / (who + ".pem"), .key = folder / (who + ".key")};
    };
    net::Loop loop;
    Relay a(loop), b(loop), x(loop);
    auto b_options = listening("b");
    b_options.token = Secret();
    b_options.certificates = true;
    b_options.as_server = *net::TlsSide::server(files("b"));
    b.open(b_options);
    auto a_options = settings("a");
    a_options.token = Secret();
    a_options.as_client = *net::TlsSide::client(files("a"));
    a_options.peers = {at(b.links->port(), true)};
    a.open(a_options);
    REQUIRE(comes(loop, a, [&] { return a.up.count("b") && b.up.count("a"); }));
    REQUIRE(a.links->send(a.up["b"].id, std::string(100'000, 'x')));
    REQUIRE(comes(loop, b, [&] { return b.frames.size() == 1; }));
    CHECK(b.frames[0].size() == 100'002);

    auto x_options = settings("x");
    x_options.as_client = *net::TlsSide::client(files("x"));
    x_options.peers = {at(b.links->port(), true)};
    x.open(x_options);
    REQUIRE(comes(loop, x,
                  [&] { return trouble(x).find("does not accept our certificate") != std::string::npos; }));
    CHECK(x.ups == 0);
    CHECK(b.ups == 1);
}

TEST_CASE("link: of two servers of one name one is linked, and the other is told") {
    net::Loop loop;
    Relay a(loop), b1(loop), b2(loop);
    a.open(listening("a"));
    auto options = settings("b");
    options.peers = {at(a.links->port())};
    b1.open(options);
    REQUIRE(comes(loop, a, [&] { return a.up.count("b"); }));
    b2.open(options);
    REQUIRE(comes(loop, b2,
                  [&] { return trouble(b2).find("two servers that call themselves") != std::string::npos; }));
    CHECK((b2.ups == 0 && b2.links->status().at(0).name_taken && !b1.links->status().at(0).name_taken));
    b1.links.reset();  // now the name is free
    REQUIRE(comes(loop, b2, [&] { return b2.up.count("a"); }));
}

TEST_CASE("link: a relay that dials itself says so") {
    net::Loop loop;
    Relay a(loop);
    a.open(listening("a"));
    const auto port = a.links->port();
    a.links.reset();
    auto options = listening("a", port);
    options.peers = {at(port)};
    a.open(options);
    REQUIRE(comes(loop, a, [&] { return trouble(a).find("this relay itself") != std::string::npos; }));
    CHECK(a.ups == 0);
}

TEST_CASE("link: after a cut, and after the peer's restart, it comes back by itself") {
    net::Loop loop;
    Relay a(loop), b(loop);
    b.open(listening("b"));
    const auto port = b.links->port();
    auto options = settings("a");
    options.peers = {at(port)};
    a.open(options);
    REQUIRE(comes(loop, a, [&] { return a.up.count("b") && b.up.count("a"); }));
    b.links->cut(b.up["a"].id, "a frame that is nonsense");
    REQUIRE(comes(loop, a, [&] { return a.ups == 2 && b.ups == 2; }));
    CHECK(b.downs == Log{"a frame that is nonsense"});
    b.links.reset();
    b.up.clear();
    REQUIRE(comes(loop, a, [&] { return a.downs.size() == 2; }));
    b.open(listening("b", port));
    REQUIRE(comes(loop, a, [&] { return a.up.count("b") && b.up.count("a"); }));
}

TEST_CASE("link: a relay that ends sends what is queued, and its peers know at once why") {
    net::Loop loop;
    Relay a(loop), b(loop);
    b.open(listening("b"));
    auto options = settings("a");
    options.peers = {at(b.links->port())};
    a.open(options);
    REQUIRE(comes(loop, a, [&] { return a.up.count("b") && b.up.count("a"); }));
    REQUIRE(b.links->send(b.up["a"].id, std::string(200'000, 'x')));
    bool closed = false;
    loop.spawn([](Relay* relay, bool* done) -> net::Task<void> {
        co_await relay->links->close(10s);
        *done = true;
    }(&b, &closed));
    REQUIRE(comes(loop, a, [&] { return closed && !a.downs.empty(); }));
    CHECK(a.frames.size() == 1);
    CHECK(a.downs[0] == "the relay ends");
    CHECK(b.downs[0] == "the relay ends");
}

namespace {

net::WebSocketAsk asking(const std::string& path = "/devstate") {
    return {.host = "b",
            .path = path,
            .protocol = "pbxctl-devstate.1",
            .headers = {{"Authorization", std::string("Bearer ") + token},
                        {"Pbxctl-Server", "peer"},
                        {"Pbxctl-Instance", "0123456789abcdef0123456789abcdef"}}};
}

using Opened = Result<std::unique_ptr<net::WebSocket>>;

net::Task<void> dial(std::uint16_t port, net::WebSocketAsk ask, Opened* out) {
    auto stream = co_await net::connect_host("127.0.0.1", port, 10s);
    if (!stream) {
        *out = tl::unexpected(stream.error());
        co_return;
    }
    Opened socket = co_await net::websocket_connect(std::move(*stream), std::move(ask), 10s);
    *out = std::move(socket);
}

}  // namespace

TEST_CASE("link: a peer of which nothing is heard is gone after the dead time") {
    net::Loop loop;
    Relay b(loop);
    auto options = listening("b");
    options.dead = 50ms;
    b.open(options);
    Opened peer = fail(Code::bug, "not yet");
    loop.spawn(dial(b.links->port(), asking(), &peer));  // and never reads or writes again
    REQUIRE(comes(loop, b, [&] { return b.downs.size() == 1; }));
    CHECK(peer);
    CHECK(b.downs[0] == "nothing was heard for 50 ms");
}

TEST_CASE("link: a peer that reads nothing costs no more memory than the limit, then it is cut") {
    net::Loop loop;
    Relay b(loop);
    auto options = listening("b");
    options.max_queue = 1'000'000;
    b.open(options);
    Opened peer = fail(Code::bug, "not yet");
    loop.spawn(dial(b.links->port(), asking(), &peer));
    REQUIRE(comes(loop, b, [&] { return b.up.count("peer") && peer; }));
    const auto id = b.up["peer"].id;
    const std::string frame(50'000, 'x');
    std::size_t most = 0;
    int sent = 0;
    while (sent < 10'000 && b.links->send(id, frame)) {
        most = std::max(most, b.links->queued(id));
        if (++sent % 10 == 0)
            static_cast<void>(comes(loop, b, [turns = 0]() mutable { return ++turns > 1; }));
    }
    CHECK(sent < 10'000);
    CHECK(most <= 1'000'000);
    CHECK(most > Links::queue_enough);
    REQUIRE(comes(loop, b, [&] { return b.downs.size() == 1; }));
    CHECK(b.downs[0] == "it reads too slowly");
    CHECK(b.links->totals().overflows == 1);
}

TEST_CASE("link: a queue that empties again says that there is room") {
    net::Loop loop;
    Relay a(loop), b(loop);
    b.open(listening("b"));
    auto options = settings("a");
    options.peers = {at(b.links->port())};
    a.open(options);
    REQUIRE(comes(loop, a, [&] { return a.up.count("b") && b.up.count("a"); }));
    for (int i = 0; i < 20; ++i)
        REQUIRE(a.links->send(a.up["b"].id, std::string(100'000, 'x')));
    CHECK(a.links->queued(a.up["b"].id) > Links::queue_enough);
    REQUIRE(comes(loop, a, [&] { return a.rooms > 0 && b.frames.size() == 20; }));
    CHECK(a.rooms == 1);
}
