// The relay's side to its own Asterisk, on a manager of the test's own.
#include "devstate/own_side.hpp"

#include "ami/fake_ami.hpp"
#include "net/loop.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::devstate;
using ami::test::FakeAmi;
using ami::test::list_event;
using ami::test::response;

namespace {

// The system's, put forward when nobody wants to wait.
struct Forward final : Clock {
    std::chrono::seconds by{0};
    [[nodiscard]] std::chrono::steady_clock::time_point now() const override {
        return SystemClock{}.now() + by;
    }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override {
        return SystemClock{}.wall() + by;
    }
};

std::string device(std::string_view name, std::string_view state) {
    return "Device: " + std::string(name) + "\r\nState: " + std::string(state) + "\r\n";
}
std::string told(std::string_view name, std::string_view state) {
    return "Event: DeviceStateChange\r\n" + device(name, state) + "\r\n";
}

// An Asterisk 22 with these devices. `between`: what it tells right behind the next DeviceStateList.
struct Asterisk {
    std::map<std::string, std::string> devices;
    std::string between{};
    std::set<std::string, std::less<>> unknown{};  // actions
    std::vector<std::string> writes{};             // "Custom:101*b INUSE"

    std::string operator()(const ami::Message& action) {
        const auto name = action.get("Action");
        if (unknown.contains(name))
            return response(action, "Error", "Message: Invalid/unknown command: x\r\n");
        if (name == "Setvar") {
            const auto variable = std::string(action.get("Variable"));
            const auto from = variable.find('(') + 1;
            const auto which = variable.substr(from, variable.size() - from - 1);
            writes.push_back(which + " " + std::string(action.get("Value")));
            devices[which] = std::string(action.get("Value"));
            return response(action, "Success") + told(which, devices[which]);
        }
        auto out = response(action, "Success", "EventList: start\r\n");
        if (name == "DeviceStateList")
            for (const auto& [which, state] : devices)
                out += list_event(action, "DeviceStateChange", device(which, state));
        out += list_event(action, "Complete", "EventList: Complete\r\n");
        if (name == "DeviceStateList") out += std::exchange(between, {});
        return out;
    }
};

RelaySettings settings_for(std::uint16_t port) {
    RelaySettings out{.server = "a"};
    out.ami.port = port;
    out.ami.user = "relay";
    out.ami.secret = Secret("opensesame");
    out.ami.dead_after = std::chrono::hours(1);  // of a clock that is put forward
    out.wants.needs_presences = false;
    const std::vector<RuleLine> lines = {{.key = "send", .text = "device PJSIP/_1XX as {1}"}};
    std::vector<Error> faults;
    out.rules = Rules::parse(lines, faults);
    REQUIRE(faults.empty());
    return out;
}

struct Side {
    explicit Side(Asterisk what, std::string banner = "Asterisk Call Manager/11.0.0\r\n")
        : asterisk(std::move(what)),
          fake(loop.executor(), {.banner = std::move(banner),
                                 .answer = [this](const ami::Message& action) { return asterisk(action); }}),
          settings(settings_for(fake.port())),
          own(loop.executor(), settings, clock, events()) {
        own.name("a");
        own.start();
    }
    OwnEvents events() {
        return {.on_news = [this](HubEvent event) { take(std::move(event)); },
                .on_name = {},
                .on_written = {},
                .on_alarm = [this] { loop.post([this] { rung(); }); }};
    }
    void take(HubEvent event) {
        if (auto* table = std::get_if<OwnTable>(&event)) {
            known.clear();
            for (const auto& item : table->items)
                known[item.name] = item.state;
            ++tables;
        } else if (auto* one = std::get_if<OwnItem>(&event)) {
            if (known[one->item.name] != one->item.state) ++changes;
            known[one->item.name] = one->item.state;
        }
        loop.post([this] {
            if (enough && enough()) loop.stop();
        });
    }
    void rung() {
        own.tick();
        if (enough && enough()) loop.stop();
    }
    void until(std::function<bool()> wanted) {
        enough = std::move(wanted);
        if (!enough()) loop.run();
    }

    [[nodiscard]] std::size_t asked(std::string_view action) const {
        const auto& all = fake.actions();
        return static_cast<std::size_t>(std::count(all.begin(), all.end(), action));
    }

    net::Loop loop;
    Forward clock;
    Asterisk asterisk;
    FakeAmi fake;
    RelaySettings settings;
    std::map<std::string, State> known;  // what the hub was told
    int tables = 0, changes = 0;
    std::function<bool()> enough;
    OwnSide own;
};

}  // namespace

TEST_CASE("own side: what is told while a further snapshot comes is newer than it") {
    Side side(Asterisk{.devices = {{"PJSIP/101", "NOT_INUSE"}, {"PJSIP/102", "NOT_INUSE"}}});
    side.until([&] { return side.tables == 1; });
    CHECK(side.known["101"] == State::not_inuse);
    side.asterisk.between = told("PJSIP/101", "INUSE");
    side.own.reload(side.settings, {});
    side.own.tick();
    side.until([&] { return side.tables == 2; });
    CHECK(side.known["101"] == State::inuse);
    CHECK(side.known["102"] == State::not_inuse);
    CHECK(side.changes == 1);  // and no flicker
}

TEST_CASE("own side: what is told while the first snapshot comes is newer than it") {
    Side side(Asterisk{.devices = {{"PJSIP/101", "NOT_INUSE"}}, .between = told("PJSIP/101", "RINGING")});
    side.until([&] { return side.tables == 1; });
    CHECK(side.known["101"] == State::ringing);
    CHECK(side.changes == 0);
}

TEST_CASE("own side: lamps that change while a further snapshot comes are put right") {
    Side side(Asterisk{.devices = {{"Custom:101*b", "INUSE"}}});
    side.until([&] { return side.tables == 1; });
    side.own.show({.origin = "b", .item = {.name = "101", .state = State::inuse}});
    side.own.settle();
    side.asterisk.between = told("Custom:101*b", "BUSY");
    side.own.reload(side.settings, {});
    side.own.tick();
    side.until([&] { return side.tables == 2; });
    side.asterisk.devices["PJSIP/101"] = "INUSE";
    side.fake.say(told("PJSIP/101", "INUSE"));
    side.until([&] { return side.known["101"] == State::inuse; });
    CHECK(side.asterisk.writes == std::vector<std::string>{"Custom:101*b INUSE"});
}

TEST_CASE("own side: a list that nobody needs isn't waited for when Asterisk doesn't know it") {
    Side side(Asterisk{.devices = {{"PJSIP/101", "INUSE"}}, .unknown = {"PresenceStateList"}});
    side.until([&] { return side.tables == 1; });
    CHECK(side.known["101"] == State::inuse);
    CHECK(side.asked("DeviceStateList") == 1);
    CHECK(side.asked("PresenceStateList") == 1);
}

TEST_CASE(
    "own side: what Asterisk doesn't know is looked for alone, and the snapshot is taken when it does") {
    Side side(Asterisk{.devices = {{"PJSIP/101", "INUSE"}}, .unknown = {"DeviceStateList"}});
    side.until([&] { return side.tables == 1; });
    CHECK(side.known.empty());
    const auto others = side.asked("ExtensionStateList"), before = side.asked("DeviceStateList");
    for (std::size_t look = 1; look <= 3; ++look) {
        side.clock.by += std::chrono::seconds(16);
        side.own.tick();
        side.until([&] { return side.own.wake_at().has_value(); });
        CHECK(side.asked("DeviceStateList") == before + look);
    }
    CHECK(side.asked("ExtensionStateList") == others);
    side.asterisk.unknown.clear();
    side.clock.by += std::chrono::seconds(16);
    side.own.tick();
    side.until([&] { return side.tables == 2; });
    CHECK(side.known["101"] == State::inuse);
}

TEST_CASE("own side: an Asterisk 13 that was taken for a 12 while it booted is found out") {
    Side side(Asterisk{.devices = {{"PJSIP/101", "INUSE"}},
                       .unknown = {"ExtensionStateList", "DeviceStateList", "PresenceStateList"}},
              "Asterisk Call Manager/2.10.6\r\n");
    side.until([&] { return side.tables == 1; });
    CHECK(side.known.empty());
    side.asterisk.unknown.clear();
    side.clock.by += std::chrono::seconds(16);
    side.own.tick();
    side.until([&] { return side.tables == 2; });
    CHECK(side.known["101"] == State::inuse);
}

TEST_CASE("own side: devices that concern nobody may be any number") {
    Asterisk asterisk{.devices = {{"PJSIP/101", "INUSE"}}};
    for (int i = 0; i < 210'000; ++i)
        asterisk.devices.emplace("Local/" + std::to_string(i), "NOT_INUSE");
    Side side(std::move(asterisk));
    side.until([&] { return side.tables == 1; });
    CHECK(side.known == std::map<std::string, State>{{"101", State::inuse}});
}

TEST_CASE("own side: nothing is written while it is hushed, and what is wanted then is") {
    Side side(Asterisk{.devices = {{"Custom:101*b", "INUSE"}}});
    side.until([&] { return side.tables == 1; });
    side.own.hush(true);
    side.own.show({.origin = "b", .item = {.name = "102", .state = State::inuse}});
    side.own.clear_left({});
    CHECK_FALSE(side.own.settled());
    side.fake.say(told("PJSIP/101", "INUSE"));
    side.until([&] { return side.known["101"] == State::inuse; });
    CHECK(side.asterisk.writes.empty());
    side.own.hush(false);
    side.fake.say(told("PJSIP/101", "RINGING"));
    side.until([&] { return side.known["101"] == State::ringing; });
    CHECK(side.asterisk.writes == std::vector<std::string>{"Custom:102*b INUSE", "Custom:101*b UNAVAILABLE"});
}
