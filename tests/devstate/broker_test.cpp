#include "devstate/broker_server.hpp"
#include "support/mqtt_broker.hpp"

#include <filesystem>

using namespace pbx;
using namespace pbx::devstate;
using namespace pbx::devstate::at_broker;
using namespace std::chrono_literals;
using test::Mosquitto;
using test::NatsCluster;
using test::TempFolder;

TEST_CASE("broker: lamps and presence of each server are seen by the others, and by who comes late") {
    TempFolder folder;
    Mosquitto mosquitto(folder);
    net::Loop loop;
    Server a(loop, "a.example.com"), b(loop, "b"), c(loop, "c");
    for (auto* server : {&a, &b})
        server->open(mosquitto.url());
    Item presence;
    presence.kind = Kind::presence;
    presence.name = "102";
    presence.presence = "dnd,,обед";
    a.table({lamp("101", State::inuse), presence});
    b.table({lamp("201", State::ringing)});
    REQUIRE(comes(b, [&] { return b.sees("a.example.com/101") == "INUSE" && a.sees("b/201") == "RINGING"; }));
    CHECK(b.sees("a.example.com/102") == "dnd,,обед");
    a.set("101", State::not_inuse);
    a.set("103", State::busy);
    REQUIRE(comes(b, [&] {
        return b.sees("a.example.com/101") == "NOT_INUSE" && b.sees("a.example.com/103") == "BUSY";
    }));
    c.open(mosquitto.url());
    c.table({});
    REQUIRE(comes(c, [&] { return c.sees("a.example.com/103") == "BUSY" && c.sees("b/201") == "RINGING"; }));
    CHECK(c.sees("a.example.com/101") == "NOT_INUSE");
    a.table({lamp("101", State::onhold)});  // the others are gone
    REQUIRE(comes(
        b, [&] { return b.sees("a.example.com/103") == "dark" && b.sees("a.example.com/101") == "ONHOLD"; }));
    REQUIRE(comes(c, [&] { return c.sees("a.example.com/102") == "dark"; }));
    CHECK(retained(loop, mosquitto.url(), "pbxctl/a~2Eexample~2Ecom/#") ==
          std::set<std::string>{"pbxctl/a~2Eexample~2Ecom/ds/101", "pbxctl/a~2Eexample~2Ecom/status"});
    CHECK(b.broker->status().nonsense == 0);
    CHECK(b.broker->status().servers == 2);
    REQUIRE(comes(b, [&] { return b.broker->status().round_trip.has_value(); }));
}

TEST_CASE(
    "broker: the lamps of a server that is killed, or whose Asterisk is down, turn dark and come back") {
    TempFolder folder;
    Mosquitto mosquitto(folder);
    net::Loop loop;
    Server a(loop, "a"), b(loop, "b");
    for (auto* server : {&a, &b})
        server->open(mosquitto.url());
    a.table({lamp("101", State::inuse)});
    b.table({});
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "INUSE"; }));
    a.apply(OwnDown{});
    a.pump();
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "dark"; }));
    a.table({lamp("101", State::busy)});
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "BUSY"; }));
    a.kill();
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "dark"; }));
    a.open(mosquitto.url());
    a.table({lamp("101", State::ringing)});
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "RINGING"; }));
}

TEST_CASE("broker: a server that stands still is gone after the dead time, though its connection stays") {
    TempFolder folder;
    Mosquitto mosquitto(folder);
    net::Loop loop, other;
    Server a(other, "a"), b(loop, "b");
    a.open(mosquitto.url());
    a.table({lamp("101", State::inuse)});
    REQUIRE(comes(a, [&] { return a.broker->status().up && a.broker->status().published > 2; }));
    b.open(mosquitto.url());
    b.table({});
    for (int i = 0; i < 500 && b.sees("a/101") != "INUSE"; ++i) {  // both loops in turn
        static_cast<void>(comes(a, [n = 0]() mutable { return ++n > 2; }));
        static_cast<void>(comes(b, [n = 0]() mutable { return ++n > 2; }));
    }
    REQUIRE(b.sees("a/101") == "INUSE");
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "dark"; }));  // a's loop does not run
}

TEST_CASE("broker: what a server left behind in an earlier life is deleted") {
    TempFolder folder;
    Mosquitto mosquitto(folder);
    net::Loop loop;
    Server a(loop, "a");
    a.open(mosquitto.url());
    std::vector<Item> items;
    for (int i = 100; i < 300; ++i)
        items.push_back(lamp(std::to_string(i), State::inuse));
    a.table(items);
    REQUIRE(comes(a, [&] { return a.broker->status().published >= 200 && a.broker->status().queued == 0; }));
    a.kill();
    a.open(mosquitto.url());
    items.resize(3);
    a.table(items);
    REQUIRE(comes(a, [&] { return a.broker->status().deleted == 197 && a.broker->status().queued == 0; }));
    CHECK(retained(loop, mosquitto.url(), "pbxctl/#") ==
          std::set<std::string>{"pbxctl/a/ds/100", "pbxctl/a/ds/101", "pbxctl/a/ds/102", "pbxctl/a/status"});
}

TEST_CASE("broker: an item that a server does not have any more after its restart turns dark") {
    TempFolder folder;
    Mosquitto mosquitto(folder);
    net::Loop loop;
    Server a(loop, "a"), b(loop, "b");
    for (auto* server : {&a, &b})
        server->open(mosquitto.url());
    a.table({lamp("101", State::inuse), lamp("103", State::inuse)});
    b.table({});
    REQUIRE(comes(b, [&] { return b.sees("a/103") == "INUSE"; }));
    a.set("103", State::busy);  // b hears of it after the table was whole
    REQUIRE(comes(b, [&] { return b.sees("a/103") == "BUSY"; }));
    a.kill();
    a.open(mosquitto.url());
    a.table({lamp("101", State::ringing)});
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "RINGING" && b.sees("a/103") == "dark"; }));
}

TEST_CASE("broker: one that lost all in a restart is given all again, and nobody's lamp is wrong after it") {
    TempFolder folder;
    Mosquitto mosquitto(folder);
    net::Loop loop;
    Server a(loop, "a"), b(loop, "b");
    for (auto* server : {&a, &b})
        server->open(mosquitto.url());
    a.table({lamp("101", State::inuse), lamp("102", State::busy)});
    b.table({});
    REQUIRE(comes(b, [&] { return b.sees("a/102") == "BUSY"; }));
    mosquitto.child->kill(SIGKILL);
    a.set("101", State::ringing);
    a.set("102", State::not_inuse);
    mosquitto.child->start();
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "RINGING" && b.sees("a/102") == "NOT_INUSE"; }));
    CHECK(a.ups == 2);
    a.set("101", State::onhold);
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "ONHOLD"; }));
}

TEST_CASE("broker: to one that kept all over a restart only what has changed is published") {
    TempFolder folder;
    Mosquitto mosquitto(folder,
                        "allow_anonymous true\npersistence true\npersistence_location " + folder / "" + "\n");
    net::Loop loop;
    Server a(loop, "a"), b(loop, "b");
    for (auto* server : {&a, &b})
        server->open(mosquitto.url());
    a.table({lamp("101", State::inuse), lamp("102", State::busy)});
    b.table({});
    REQUIRE(comes(b, [&] { return b.sees("a/102") == "BUSY" && a.broker->status().queued == 0; }));
    const Spy spy(loop, mosquitto.url(), "pbxctl/a/status");
    REQUIRE(comes(b, [&] { return spy.heard.size() == 1; }));
    const auto before = a.broker->status().published;
    mosquitto.child->save();
    REQUIRE(comes(b, [&] { return std::filesystem::exists(folder / "mosquitto.db"); }));
    mosquitto.child->kill(SIGKILL);  // nobody is left who would publish a last will
    REQUIRE(comes(a, [&] { return !a.broker->status().up; }));
    a.set("101", State::ringing);
    mosquitto.child->start();
    REQUIRE(
        comes(b, [&] { return a.ups == 2 && b.sees("a/101") == "RINGING" && b.sees("a/102") == "BUSY"; }));
    REQUIRE(comes(b, [&] { return a.broker->status().queued == 0 && spy.heard.size() == 2; }));
    CHECK(a.broker->status().published == before + 1);
    CHECK(spy.heard[0] == spy.heard[1]);
}

TEST_CASE(
    "broker: a cluster that was left and found again is told at once what changed, and holds it later") {
    TempFolder folder;
    Mosquitto mosquitto(folder,
                        "allow_anonymous true\npersistence true\npersistence_location " + folder / "" + "\n");
    const auto cluster = mosquitto.url() + ",127.0.0.1:" + std::to_string(mosquitto.port);
    net::Loop loop;
    Server a(loop, "a"), b(loop, "b"), late(loop, "late");
    a.settling = 1500ms;
    a.open(cluster);
    b.open(mosquitto.url());
    a.table({lamp("101", State::inuse)});
    b.table({});
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "INUSE" && a.broker->status().queued == 0; }));
    mosquitto.child->save();
    REQUIRE(comes(b, [&] { return std::filesystem::exists(folder / "mosquitto.db"); }));
    mosquitto.child->kill(SIGKILL);
    REQUIRE(comes(a, [&] { return !a.broker->status().up; }));
    a.set("101", State::ringing);
    mosquitto.child->start();
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "RINGING"; }));
    const auto held = [&] {
        const Spy spy(loop, mosquitto.url(), "pbxctl/a/ds/101");
        REQUIRE(comes(b, [&] { return !spy.heard.empty(); }));
        return *decode_published({.kind = TopicKind::lamp, .server = "a", .name = "101"}, spy.heard[0]);
    };
    CHECK(held().item.item.state == State::inuse);
    late.open(mosquitto.url());
    late.table({});
    REQUIRE(comes(late, [&] { return late.sees("a/101") == "RINGING"; }));
    CHECK(held().item.item.state == State::inuse);
    for (int i = 0; i < 1'000 && held().item.item.state == State::inuse; ++i) {
    }
    CHECK(held().item.item.state == State::ringing);
}

TEST_CASE("broker: a relay that ends says so, and its items stay for its return") {
    TempFolder folder;
    Mosquitto mosquitto(folder);
    net::Loop loop;
    Server a(loop, "a"), b(loop, "b");
    for (auto* server : {&a, &b})
        server->open(mosquitto.url());
    a.table({lamp("101", State::inuse)});
    b.table({});
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "INUSE"; }));
    bool closed = false;
    loop.spawn([](Server* server, bool* done) -> net::Task<void> {
        co_await server->broker->close(10s);
        *done = true;
    }(&a, &closed));
    REQUIRE(comes(b, [&] { return closed && b.sees("a/101") == "dark"; }));
    CHECK(retained(loop, mosquitto.url(), "pbxctl/a/ds/#").size() == 1);
}

TEST_CASE("broker: a cluster of three nats-servers carries the lamps, and goes on when one is killed",
          "[.][cluster]") {
    TempFolder folder;
    NatsCluster cluster(folder);
    net::Loop loop;
    Server a(loop, "a"), b(loop, "b"), c(loop, "c");
    const auto tell = [](const Server& server) {
        std::string out = server.name + ": " + server.broker->status().trouble;
        for (const auto& reason : server.downs)
            out += "\n  " + reason;
        for (const auto& [what, value] : server.shown)
            out += "\n  " + what + "=" + value;
        return out;
    };
    const auto lamps = [&](std::function<bool()> are_so) {
        const bool came = comes(c, std::move(are_so), 40s);
        if (!came) UNSCOPED_INFO(tell(a) << "\n" << tell(b) << "\n" << tell(c));
        return came;
    };
    a.open(cluster.url(0), 200ms, 3000ms);
    b.open(cluster.url(1), 200ms, 3000ms);
    c.open(cluster.url(2), 200ms, 3000ms);
    a.table({lamp("101", State::inuse)});
    b.table({lamp("201", State::busy)});
    c.table({});
    REQUIRE(lamps([&] {
        return c.sees("a/101") == "INUSE" && c.sees("b/201") == "BUSY" && a.sees("b/201") == "BUSY";
    }));
    a.set("101", State::ringing);
    REQUIRE(lamps([&] { return c.sees("a/101") == "RINGING" && b.sees("a/101") == "RINGING"; }));
    cluster.nodes[0]->kill(SIGKILL);
    a.set("101", State::onhold);
    REQUIRE(lamps([&] { return c.sees("a/101") == "ONHOLD" && b.sees("a/101") == "ONHOLD"; }));
    b.set("201", State::not_inuse);
    REQUIRE(lamps([&] { return a.sees("b/201") == "NOT_INUSE" && c.sees("b/201") == "NOT_INUSE"; }));
}
