#include "devstate/broker.hpp"

#include "devstate/broker_codec.hpp"
#include "net/bell.hpp"
#include "net/loop.hpp"
#include "support/mqtt_broker.hpp"
#include "support/odd_broker.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::devstate;
using namespace std::chrono_literals;
using test::Mosquitto;
using test::NatsCluster;
using test::OddBroker;
using test::TempFolder;

namespace {

constexpr LinkId bus = 1;
std::uint64_t last_instance = 1;

mqtt::ClientOptions client_settings(const std::string& url) {
    mqtt::ClientOptions out;
    auto parsed = mqtt::BrokerUrl::parse(url);
    REQUIRE(parsed);
    out.url = *parsed;
    out.first_retry = 5ms;
    out.last_retry = 50ms;
    return out;
}

Item lamp(const std::string& name, State state) {
    Item out;
    out.name = name;
    out.state = state;
    return out;
}

// A server: a hub and its broker, as a relay ties them together, without Asterisk.
struct Server {
    Server(net::Loop& its_loop, std::string its_name)
        : loop(its_loop), news(loop.executor()), name(std::move(its_name)) {}

    void open(const std::string& url, std::chrono::milliseconds beat = 20ms,
              std::chrono::milliseconds dead = 500ms, std::size_t most_items = 100'000) {
        const auto instance = ++last_instance;
        hub = std::make_unique<Hub>(HubSettings{.server = name, .instance = instance, .grace = 50ms});
        BrokerOptions options;
        options.client = client_settings(url);
        options.client.version_5 = version_5;
        options.server = name;
        options.instance = instance;
        options.heartbeat = beat;
        options.dead = dead;
        options.most_items = most_items;
        options.link = bus;
        BrokerEvents events;
        events.on_up = [this](const std::string& at) {
            ++ups;
            apply(LinkUp{.link = bus, .server = at, .bus = true});
            pump();
        };
        events.on_down = [this](const std::string& reason) {
            downs.push_back(reason);
            if (ups != 0) apply(LinkDown{.link = bus});
            news.ring();
        };
        events.on_news = [this](HubEvent event) { apply(std::move(event)); };
        events.on_room = [this] { pump(); };
        auto opened = Broker::open(loop.executor(), std::move(options), std::move(events));
        if (!opened) FAIL(opened.error().text());
        broker = std::move(*opened);
        alive = std::make_shared<bool>(true);
        loop.spawn(tick(this, alive));
    }
    void kill() {  // as kill -9 would
        broker.reset();
        *alive = false;
    }
    ~Server() {
        if (alive) *alive = false;
    }
    static net::Task<void> tick(Server* self, std::shared_ptr<bool> on) {
        while (true) {
            co_await net::sleep_for(10ms);
            if (!*on) co_return;
            self->take(self->hub->tick(std::chrono::steady_clock::now()));
            self->pump();
        }
    }
    void apply(HubEvent event) { take(hub->on(std::move(event), std::chrono::steady_clock::now())); }
    void take(const std::vector<HubAction>& actions) {
        bool wake = false;
        for (const auto& action : actions) {
            if (const auto* show = std::get_if<Show>(&action)) {
                auto& value = shown[show->origin + "/" + show->item.name];
                value = show->dark                      ? "dark"
                        : show->item.kind == Kind::lamp ? std::string(name_of(show->item.state))
                                                        : show->item.presence;
            }
            wake = wake || std::holds_alternative<Wake>(action);
        }
        if (wake) pump();
        news.ring();
    }
    void pump() {
        while (broker && broker->has_room()) {
            const auto frame = hub->next(bus);
            if (!frame || !broker->send(*frame)) return;
        }
    }
    void table(const std::vector<Item>& items) { apply(OwnTable{items}), pump(); }
    void set(const std::string& item, State state) { apply(OwnItem{lamp(item, state)}), pump(); }
    [[nodiscard]] std::string sees(const std::string& what) const {
        const auto found = shown.find(what);
        return found == shown.end() ? "nothing" : found->second;
    }

    net::Loop& loop;
    net::Bell news;
    std::string name;
    std::unique_ptr<Hub> hub;
    std::unique_ptr<Broker> broker;
    std::shared_ptr<bool> alive;
    std::map<std::string, std::string> shown;
    std::vector<std::string> downs;
    int ups = 0;
    bool version_5 = true;
};

net::Task<bool> until(Server* server, std::function<bool()> is_so, std::chrono::seconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > end) co_return false;
        bool rung = co_await server->news.wait(10ms);
        static_cast<void>(rung);
    }
    co_return true;
}

bool comes(Server& server, std::function<bool()> is_so, std::chrono::seconds limit = 20s) {
    return server.loop.run_to_end(until(&server, std::move(is_so), limit)).value_or(false);
}

// All retained topics there, by a client of its own.
std::set<std::string> retained(net::Loop& loop, const std::string& url, const std::string& filter) {
    std::set<std::string> out;
    bool whole = false;
    mqtt::ClientEvents events;
    std::unique_ptr<mqtt::Client> client;
    events.on_up = [&](const std::string&) {
        static_cast<void>(client->subscribe("done", 0));
        static_cast<void>(client->subscribe(filter, 0));
        static_cast<void>(client->publish("done", "", {.qos = 0}));
    };
    events.on_message = [&](const mqtt::Message& message) {
        if (message.topic == "done")
            whole = true;
        else if (message.retained)
            out.insert(std::string(message.topic));
    };
    auto options = client_settings(url);
    options.client_id = "spy";
    auto opened = mqtt::Client::open(loop.executor(), options, events);
    REQUIRE(opened);
    client = std::move(*opened);
    Server waiting(loop, "spy");
    REQUIRE(comes(waiting, [&] { return whole; }));
    return out;
}

// Hears what is published on a topic.
struct Spy {
    Spy(net::Loop& loop, const std::string& url, const std::string& filter, const std::string& user = {}) {
        mqtt::ClientEvents events;
        events.on_up = [this, filter](const std::string&) {
            static_cast<void>(client->subscribe(filter, 1));
        };
        events.on_message = [this](const mqtt::Message& message) { heard.emplace_back(message.payload); };
        auto options = client_settings(url);
        options.url.user = user;
        options.client_id = "listener";
        auto opened = mqtt::Client::open(loop.executor(), options, events);
        REQUIRE(opened);
        client = std::move(*opened);
    }
    std::unique_ptr<mqtt::Client> client;
    std::vector<std::string> heard;
};

}  // namespace

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
