#include "mqtt/ear.hpp"
#include "net/listener.hpp"
#include "support/certificates.hpp"
#include "support/mqtt_broker.hpp"

#include <array>
#include <cstdlib>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::mqtt;
using namespace pbx::mqtt::ears;
using namespace std::chrono_literals;
using test::Mosquitto;
using test::TempFolder;

TEST_CASE("mqtt url: brokers, ports and a user, but no password") {
    auto one = BrokerUrl::parse("mqtt://b.example.com");
    REQUIRE(one);
    CHECK_FALSE(one->tls);
    CHECK(one->brokers.at(0).host == "b.example.com");
    CHECK(one->brokers.at(0).port == 1883);
    auto many = BrokerUrl::parse("MQTTS://relay@n1,n2:99, [2001:db8::1]:77/");
    REQUIRE(many);
    CHECK(many->tls);
    CHECK(many->user == "relay");
    REQUIRE(many->brokers.size() == 3);
    CHECK(many->brokers[0].port == 8883);
    CHECK(many->brokers[1].port == 99);
    CHECK(many->brokers[2].host == "2001:db8::1");
    for (const auto* wrong : {"b", "http://b", "mqtt://", "mqtt://u:secret@b", "mqtt://b:0", "mqtt://b:x",
                              "mqtt://::1", "mqtt://a,,b", "mqtt://[::1", "mqtt://a b"}) {
        INFO(wrong);
        auto parsed = BrokerUrl::parse(wrong);
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().text().find("secret@") == std::string::npos);
    }
}

TEST_CASE(
    "mqtt: what one publishes the other hears, in MQTT 5 and 3.1.1, and retained it waits for who comes "
    "late") {
    TempFolder folder;
    Mosquitto broker(folder);
    for (const bool version_5 : {true, false}) {
        net::Loop loop;
        Ear a(loop), b(loop), late(loop);
        a.filters = {"t/#"};
        auto options = settings(broker.url(), "a");
        options.version_5 = version_5;
        a.open(options);
        options.client_id = "b";
        b.open(options);
        REQUIRE(comes(a, [&] { return a.subscribed == 1 && b.ups == 1; }));
        REQUIRE(b.client->publish("t/1", "one", {.qos = 1, .retain = true}));
        REQUIRE(b.client->publish("t/2", "", {.qos = 0}));
        REQUIRE(b.client->publish("t/3", std::string(60'000, 'x'), {.qos = 1}));
        CHECK_FALSE(b.client->publish("t/#", "x", {}));
        CHECK_FALSE(b.client->publish("", "x", {}));
        REQUIRE(comes(a, [&] { return a.heard.size() == 3 && b.client->queued() == 0; }));
        CHECK(a.heard[0] == "t/1=one");
        CHECK(a.heard[1] == "t/2=");
        CHECK(a.heard[2].size() == 60'004);
        late.filters = {"t/+"};
        options.client_id = "late";
        late.open(options);
        REQUIRE(comes(late, [&] { return late.heard.size() == 1; }));
        CHECK(late.heard[0] == "t/1!one");
        REQUIRE(b.client->publish("t/1", "", {.qos = 1, .retain = true}));
        REQUIRE(comes(b, [&] { return b.client->queued() == 0; }));
    }
}

TEST_CASE("mqtt: a burst of thousands is published and heard in order") {
    TempFolder folder;
    Mosquitto broker(folder, "allow_anonymous true\nmax_queued_messages 0\n");
    net::Loop loop;
    Ear a(loop), b(loop);
    a.filters = {"t"};
    a.open(settings(broker.url(), "a"));
    b.open(settings(broker.url(), "b"));
    REQUIRE(comes(a, [&] { return a.subscribed == 1 && b.ups == 1; }));
    for (int i = 0; i < 5'000; ++i)
        REQUIRE(b.client->publish("t", std::to_string(i), {.qos = 1}));
    REQUIRE(comes(a, [&] { return a.heard.size() == 5'000 && b.published == 5'000; }));
    for (int i = 0; i < 5'000; ++i)
        CHECK(a.heard[static_cast<std::size_t>(i)] == "t=" + std::to_string(i));
}

TEST_CASE("mqtt: the last will is published when a client is cut, and not after its goodbye") {
    TempFolder folder;
    Mosquitto broker(folder);
    net::Loop loop;
    Ear a(loop), b(loop);
    a.filters = {"will/+"};
    a.open(settings(broker.url(), "a"));
    auto options = settings(broker.url(), "b");
    options.will = Will{.topic = "will/b", .payload = "gone"};
    b.open(options);
    REQUIRE(comes(a, [&] { return a.subscribed == 1 && b.ups == 1; }));
    b.client.reset();
    REQUIRE(comes(a, [&] { return a.heard == Log{"will/b=gone"}; }));

    options.client_id = "c";
    options.will->topic = "will/c";
    Ear c(loop);
    c.open(options);
    REQUIRE(comes(c, [&] { return c.ups == 1; }));
    REQUIRE(c.client->publish("will/last", "word", {.qos = 1}));
    bool closed = false;
    loop.spawn([](Ear* ear, bool* done) -> net::Task<void> {
        co_await ear->client->close(10s);
        *done = true;
    }(&c, &closed));
    REQUIRE(comes(a, [&] { return closed && a.heard.size() == 2; }));
    CHECK(a.heard.back() == "will/last=word");
}

TEST_CASE("mqtt: after the broker's restart the client comes back, and meanwhile it takes nothing") {
    TempFolder folder;
    Mosquitto broker(folder);
    net::Loop loop;
    Ear a(loop);
    a.open(settings(broker.url(), "a"));
    REQUIRE(comes(a, [&] { return a.ups == 1; }));
    const auto tries = a.downs.size();
    broker.child->kill(SIGKILL);
    REQUIRE(comes(a, [&] { return a.downs.size() >= tries + 2; }));
    CHECK_FALSE(a.client->is_up());
    CHECK_FALSE(a.client->publish("t", "x", {}));
    CHECK(a.downs.back().where == "127.0.0.1:" + std::to_string(broker.port));
    broker.child->start();
    REQUIRE(comes(a, [&] { return a.ups == 2; }));
}

TEST_CASE("mqtt: of several brokers one that is there is taken, without a pause") {
    TempFolder folder;
    Mosquitto broker(folder);
    net::Loop loop;
    Ear first(loop);
    first.open(settings(broker.url(), "first"));
    REQUIRE(comes(first, [&] { return first.ups == 1; }));  // the broker is up
    Ear a(loop);
    auto options = settings(
        "mqtt://127.0.0.1:" + std::to_string(test::free_port()) + ",127.0.0.1:" + std::to_string(broker.port),
        "a");
    options.first_retry = options.last_retry = 60s;
    a.open(options);
    REQUIRE(comes(a, [&] { return a.ups == 1; }));
    CHECK(a.downs.size() == 1);
}

TEST_CASE("mqtt: a wrong password is told as such") {
    TempFolder folder;
    const auto passwords = folder / "passwords";
    REQUIRE(std::system(("mosquitto_passwd -b -c " + passwords + " relay right 2>/dev/null").c_str()) == 0);
    Mosquitto broker(folder, "allow_anonymous false\npassword_file " + passwords + "\n");
    for (const bool version_5 : {true, false}) {
        net::Loop loop;
        Ear good(loop), bad(loop);
        auto options = settings("mqtt://relay@127.0.0.1:" + std::to_string(broker.port), "a");
        options.version_5 = version_5;
        options.password = Secret("right");
        good.open(options);
        REQUIRE(comes(good, [&] { return good.ups == 1; }));
        options.password = Secret("wrong");
        options.client_id = "b";
        bad.open(options);
        REQUIRE(comes(bad, [&] { return !bad.downs.empty(); }));
        CHECK(bad.downs[0].code == Code::refused);
        CHECK(bad.downs[0].what.find("it refused: ") == 0);
        CHECK(bad.ups == 0);
    }
}

TEST_CASE(
    "mqtt: TLS with certificates on both sides; without, or of a stranger's CA, there is no connection") {
    TempFolder folder;
    test::Authority ca(folder), other(folder, "other");
    ca.sign("broker", "IP:127.0.0.1");
    ca.sign("a", "DNS:a");
    Mosquitto broker(folder, "allow_anonymous true\nrequire_certificate true\ncafile " + ca.file() +
                                 "\ncertfile " + folder / "broker.pem" + "\nkeyfile " +
                                 folder / "broker.key" + "\n");
    const auto url = "mqtts://127.0.0.1:" + std::to_string(broker.port);
    net::Loop loop;
    Ear a(loop);
    auto options = settings(url, "a");
    options.ca_file = ca.file();
    options.certificate = folder / "a.pem";
    options.key = folder / "a.key";
    a.filters = {"t"};
    a.open(options);
    REQUIRE(comes(a, [&] { return a.subscribed == 1; }));
    for (int i = 0; i < 500; ++i)
        REQUIRE(a.client->publish("t", std::string(1'000, 'x'), {.qos = 1}));
    REQUIRE(comes(a, [&] { return a.heard.size() == 500 && a.published == 500; }));

    Ear stranger(loop), naked(loop);
    auto wrong = options;
    wrong.client_id = "stranger";
    wrong.ca_file = other.file();
    stranger.open(wrong);
    REQUIRE(comes(stranger, [&] { return !stranger.downs.empty(); }));
    INFO(stranger.downs[0].text());
    CHECK(stranger.downs[0].code == Code::refused);
    CHECK(stranger.downs[0].hint.find("ca_file") != std::string::npos);
    auto none = settings(url, "n");
    none.ca_file = ca.file();
    naked.open(none);
    REQUIRE(comes(naked, [&] { return !naked.downs.empty(); }));
    CHECK(naked.ups + stranger.ups == 0);
}

namespace {

// A broker of MQTT 5 that takes a client in and at once ends it (139: it shuts down), but is slow to close.
net::Task<void> take_and_end(std::unique_ptr<net::Stream> stream) {
    std::array<char, 1'000> connect{};
    auto got = co_await stream->read_some(connect, 10s);
    if (!got) co_return;
    std::string answer("\x20\x03\x00\x00\x00\xe0\x01\x8b", 8);
    auto written = co_await stream->write_all(std::move(answer), 10s);
    if (!written) co_return;
    auto end = co_await stream->read_some(connect, 10s);
    static_cast<void>(end);
}

}  // namespace

TEST_CASE("mqtt: a broker that ends the connection with a reason is left at once, and the reason told") {
    net::Loop loop;
    auto broker = net::Listener::open(loop.executor(), {}, take_and_end);
    REQUIRE(broker);
    Ear a(loop);
    const auto since = std::chrono::steady_clock::now();
    a.open(settings("mqtt://127.0.0.1:" + std::to_string((*broker)->port()), "a"));
    REQUIRE(comes(a, [&] { return !a.downs.empty(); }));
    CHECK(std::chrono::steady_clock::now() - since < 900ms);  // libmosquitto notices each second
    CHECK(a.ups == 1);
    CHECK(a.downs[0].what == "it ended the connection: server shutting down");
}

TEST_CASE("mqtt: what is published from inside on_published is counted, and so is what was under way") {
    TempFolder folder;
    Mosquitto broker(folder);
    net::Loop loop;
    Ear a(loop);
    a.open(settings(broker.url(), "a"));
    REQUIRE(comes(a, [&] { return a.ups == 1; }));
    broker.child->pause();
    const std::string large(50'000, 'x');
    while (a.client->queued() < 2'000'000)
        REQUIRE(a.client->publish("t", large, {.qos = 0}));
    a.echo = true;
    broker.child->go_on();
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (a.echoes == 0 && std::chrono::steady_clock::now() < end)  // one of these sends what is queued
        static_cast<void>(a.client->publish("t", "x", {.qos = 0}));
    CHECK(a.echoes > 0);
    CHECK(comes(a, [&] { return a.client->queued() == 0; }));
}

TEST_CASE("mqtt: a message over the limit is not even sent by a broker of MQTT 5, and dropped of an older") {
    TempFolder folder;
    Mosquitto broker(folder);
    net::Loop loop;
    Ear sender(loop), old(loop);
    auto options = settings(broker.url(), "sender");
    options.max_queue = 8'000'000;
    sender.open(options);
    auto three = settings(broker.url(), "old");
    three.version_5 = false;
    old.filters = {"t"};
    old.open(three);
    REQUIRE(comes(old, [&] { return old.subscribed == 1 && sender.ups == 1; }));
    REQUIRE(sender.client->publish("t", std::string(1'000'000, 'x'), {.qos = 1, .retain = true}));
    REQUIRE(sender.client->publish("t", "small", {.qos = 1}));
    REQUIRE(comes(old, [&] { return old.heard.size() == 1; }));
    CHECK(old.heard[0] == "t=small");

    Ear a(loop);
    a.filters = {"t"};
    a.open(settings(broker.url(), "a"));
    REQUIRE(comes(a, [&] { return a.subscribed == 1; }));
    REQUIRE(sender.client->publish("t", "small", {.qos = 1}));
    REQUIRE(comes(a, [&] { return a.heard.size() == 1; }));
    CHECK(a.client->dropped() == 0);
    CHECK(old.client->dropped() == 1);
}

TEST_CASE("mqtt: files that are missing are told at the start") {
    net::Loop loop;
    auto options = settings("mqtts://127.0.0.1", "a");
    options.ca_file = "/dev/null/x";
    auto opened = Client::open(loop.executor(), options, {});
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Code::config);
}
TEST_CASE("mqtt: to a broker that stands still no more than the limit is queued") {
    TempFolder folder;
    Mosquitto broker(folder);
    net::Loop loop;
    Ear a(loop);
    auto options = settings(broker.url(), "a");
    options.max_queue = 500'000;
    a.open(options);
    REQUIRE(comes(a, [&] { return a.ups == 1; }));
    broker.child->pause();
    int taken = 0;
    while (taken < 100'000 && a.client->publish("t", std::string(1'000, 'x'), {.qos = 1}))
        ++taken;
    CHECK(taken < 1'000);
    CHECK(a.client->queued() <= 500'000);
    broker.child->go_on();
    REQUIRE(comes(a, [&] { return a.published == taken && a.client->queued() == 0; }));
}
