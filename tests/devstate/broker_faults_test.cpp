#include "devstate/broker_server.hpp"
#include "support/mqtt_broker.hpp"
#include "support/odd_broker.hpp"

#include <fstream>

using namespace pbx;
using namespace pbx::devstate;
using namespace pbx::devstate::at_broker;
using namespace std::chrono_literals;
using test::Mosquitto;
using test::OddBroker;
using test::TempFolder;

TEST_CASE("broker: what is wrong at our own status is put right, though nobody told us") {
    TempFolder folder;
    Mosquitto mosquitto(folder);
    net::Loop loop;
    Server a(loop, "a");
    a.open(mosquitto.url());
    a.table({});
    const Spy spy(loop, mosquitto.url(), "pbxctl/a/status");
    const auto said = [&](std::size_t i) {
        const auto standing = i < spy.heard.size() ? decode_standing(spy.heard[i]) : std::nullopt;
        return standing.value_or(Standing{});
    };
    REQUIRE(comes(a, [&] { return !spy.heard.empty() && said(spy.heard.size() - 1).asterisk; }));
    const auto heard = spy.heard.size();
    auto wrong = said(heard - 1);
    wrong.asterisk = false;  // taken for our own words when it comes
    REQUIRE(spy.client->publish("pbxctl/a/status", encode(wrong), {.qos = 1, .retain = true}));
    REQUIRE(comes(a, [&] { return spy.heard.size() == heard + 2; }));
    CHECK(said(heard) == wrong);
    CHECK(said(heard + 1).asterisk);
}

TEST_CASE(
    "broker: one of several that stands still is left before its silence makes others believe us dead") {
    TempFolder folder;
    Mosquitto mosquitto(folder);
    net::Loop loop;
    Server a(loop, "a");
    a.open(mosquitto.url() + ",127.0.0.1:" + std::to_string(mosquitto.port), 200ms, 10s);
    a.table({lamp("101", State::inuse)});
    REQUIRE(comes(a, [&] { return a.broker->status().round_trip.has_value(); }));
    mosquitto.child->pause();
    const auto since = std::chrono::steady_clock::now();
    REQUIRE(comes(a, [&] { return !a.broker->status().up; }));
    CHECK(std::chrono::steady_clock::now() - since < 5s);
    CHECK(a.broker->status().trouble.find("nothing is heard of it") != std::string::npos);
    mosquitto.child->go_on();
    REQUIRE(comes(a, [&] { return a.broker->status().up; }));
    CHECK(a.downs.back() == "connected anew");  // it was not told as lost
}

TEST_CASE("broker: of two relays of one name the newer is silent until the older is gone") {
    TempFolder folder;
    Mosquitto mosquitto(folder);
    net::Loop loop;
    Server a(loop, "a"), twin(loop, "a"), b(loop, "b");
    a.open(mosquitto.url());
    b.open(mosquitto.url());
    a.table({lamp("101", State::inuse)});
    b.table({});
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "INUSE"; }));
    twin.open(mosquitto.url());
    twin.table({lamp("101", State::busy)});
    REQUIRE(
        comes(twin, [&] { return twin.broker->status().trouble.find("another relay calls itself a") == 0; }));
    CHECK(twin.broker->is_name_taken());
    CHECK(twin.broker->status().published == 0);
    CHECK(b.sees("a/101") == "INUSE");
    a.kill();
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "BUSY"; }));
}

TEST_CASE("broker: a last will that comes late is not the last word on a relay that lives") {
    TempFolder folder;
    Mosquitto mosquitto(folder);
    net::Loop loop;
    Server a(loop, "a"), twin(loop, "a"), b(loop, "b");
    a.open(mosquitto.url());
    b.open(mosquitto.url());
    a.table({lamp("101", State::inuse)});
    b.table({});
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "INUSE"; }));
    const Spy spy(loop, mosquitto.url(), "pbxctl/a/status");
    REQUIRE(comes(b, [&] { return spy.heard.size() == 1; }));

    twin.open(mosquitto.url());  // by mistake: it is silent, but it has a will, on the same topic
    REQUIRE(
        comes(twin, [&] { return twin.broker->status().trouble.find("another relay calls itself a") == 0; }));
    twin.kill();
    REQUIRE(comes(b, [&] { return spy.heard.size() >= 3; }));
    const auto will = decode_standing(spy.heard[1]);
    REQUIRE(will);
    CHECK_FALSE(will->relay);
    CHECK(spy.heard[2] == spy.heard[0]);
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "INUSE" && b.broker->status().servers == 1; }));
}

TEST_CASE("broker: one that keeps our own mark from us is asked again, told of and left") {
    TempFolder folder;
    const auto rights = folder / "rights";
    std::ofstream(rights) << "topic write pbxctl/#\ntopic read pbxctl/+/status\n"
                          << "user spy\ntopic readwrite pbxctl/#\n";
    Mosquitto mosquitto(folder, "allow_anonymous true\nacl_file " + rights + "\n");
    net::Loop loop;
    Server a(loop, "a");
    const Spy spy(loop, mosquitto.url(), "pbxctl/a/mark", "spy");
    REQUIRE(comes(a, [&] { return spy.client->is_up(); }));
    a.open(mosquitto.url());
    REQUIRE(comes(a, [&] { return a.broker->status().trouble.find("check its ACL") != std::string::npos; }));
    CHECK(spy.heard.size() > 10);  // 1.5 s, one each 20 ms
    CHECK(a.ups == 0);
}

TEST_CASE("broker: one that holds more under our name than we could ever have said is not listened to") {
    TempFolder folder;
    Mosquitto mosquitto(folder);
    net::Loop loop;
    Server a(loop, "a");
    a.open(mosquitto.url());
    a.table({lamp("101", State::inuse), lamp("102", State::inuse), lamp("103", State::inuse)});
    REQUIRE(comes(a, [&] { return a.broker->status().published >= 3 && a.broker->status().queued == 0; }));
    a.kill();
    a.open(mosquitto.url(), 20ms, 500ms, 2);
    REQUIRE(
        comes(a, [&] { return a.broker->status().trouble.find("more than 2 items") != std::string::npos; }));
    CHECK(a.ups == 1);
}

TEST_CASE("broker: of one that sends what it holds late, nothing is dark or left over for long") {
    net::Loop loop;
    OddBroker odd(loop);
    odd.lateness = 30ms;
    Server a(loop, "a"), b(loop, "b");
    a.version_5 = b.version_5 = false;
    a.open(odd.url());
    a.table({lamp("101", State::inuse), lamp("102", State::busy), lamp("103", State::onhold)});
    REQUIRE(comes(a, [&] { return a.broker->status().published >= 4 && a.broker->status().queued == 0; }));
    b.open(odd.url());
    b.table({});
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "INUSE" && b.sees("a/103") == "ONHOLD"; }));
    a.kill();
    a.open(odd.url());  // it is told of its own items after the mark, comes anew and waits
    a.table({lamp("101", State::inuse)});
    REQUIRE(comes(a, [&] { return a.broker->status().deleted == 2; }));
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "INUSE" && b.sees("a/103") == "dark"; }));
}

TEST_CASE(
    "broker: one that loses marks is asked until they come, and read again for what was lost with them") {
    net::Loop loop;
    OddBroker odd(loop);
    int marks = 0;
    odd.is_lost = [&marks](const std::string& topic) { return topic == "pbxctl/b/mark" && ++marks % 2 == 1; };
    Server a(loop, "a"), b(loop, "b");
    a.version_5 = b.version_5 = false;
    a.open(odd.url());
    a.table({lamp("101", State::inuse)});
    b.open(odd.url());
    b.table({});
    REQUIRE(comes(b, [&] { return b.sees("a/101") == "INUSE"; }));
    CHECK(b.broker->status().resyncs == 3);  // as often as it is worth while
    CHECK(b.downs.empty());
}

TEST_CASE("broker: what strangers publish harms nobody, and a publication that was missed is fetched") {
    TempFolder folder;
    Mosquitto mosquitto(folder);
    net::Loop loop;
    Server b(loop, "b");
    b.open(mosquitto.url());
    b.table({});
    REQUIRE(comes(b, [&] { return b.broker->status().up; }));
    mqtt::ClientEvents events;
    bool up = false;
    events.on_up = [&](const std::string&) { up = true; };
    auto options = client_settings(mosquitto.url());
    options.client_id = "stranger";
    auto stranger = mqtt::Client::open(loop.executor(), options, events);
    REQUIRE(stranger);
    REQUIRE(comes(b, [&] { return up; }));
    const auto say = [&](const std::string& topic, const std::string& payload, bool retain = true) {
        REQUIRE((*stranger)->publish(topic, payload, {.qos = 1, .retain = retain}));
    };
    for (const auto* topic :
         {"pbxctl/c/status", "pbxctl/c/beat", "pbxctl/c/ds/1", "pbxctl/b/mark", "pbxctl/b/status"})
        for (const auto* payload : {"", "x", "{}", "[]", "-1", "99999999999999999999"})
            say(topic, payload, false);
    for (int i = 0; i < 300; ++i)
        say("pbxctl/s" + std::to_string(i) + "/status", encode(Standing{.relay = true}));

    say("pbxctl/s1/status", encode(Standing{.relay = true, .asterisk = true, .epoch = 5, .instance = 9}));
    Published value{.epoch = 5, .count = 1, .item = {.seq = 1, .item = lamp("7", State::inuse)}};
    say("pbxctl/s1/ds/7", encode(value));
    Beat beat{.epoch = 5, .instance = 9, .count = 1};
    say("pbxctl/s1/beat", encode(beat), false);
    REQUIRE(comes(b, [&] {
        say("pbxctl/s1/beat", encode(beat), false);
        return b.sees("s1/7") == "INUSE";
    }));
    const auto before = b.broker->status().resyncs;
    beat.count = 2;  // one more was published, and nobody heard it
    say("pbxctl/s1/beat", encode(beat), false);
    REQUIRE(comes(b, [&] { return b.broker->status().resyncs > before; }));
    CHECK(b.broker->status().nonsense > 0);
    CHECK(b.sees("s1/7") == "INUSE");
}
