// The relay's side to its own Asterisk, on a manager of the test's own.
#include "devstate/own_side.hpp"

#include "ami/fake_ami.hpp"
#include "net/loop.hpp"

#include <deque>
#include <functional>
#include <utility>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::devstate;
using ami::test::FakeAmi;
using ami::test::list_event;
using ami::test::response;

namespace {

const SystemClock system_clock;

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
    std::vector<std::string> writes{};  // "Custom:101*b INUSE"

    std::string operator()(const ami::Message& action) {
        const auto name = action.get("Action");
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
    const std::vector<RuleLine> lines = {{.key = "send", .text = "device PJSIP/_1XX as {1}"}};
    std::vector<Error> faults;
    out.rules = Rules::parse(lines, faults);
    REQUIRE(faults.empty());
    return out;
}

struct Side {
    explicit Side(Asterisk what)
        : asterisk(std::move(what)),
          fake(loop.executor(), {.answer = [this](const ami::Message& action) { return asterisk(action); }}),
          settings(settings_for(fake.port())),
          own(loop.executor(), settings, system_clock, events()) {
        own.name("a");
        own.start();
    }
    OwnEvents events() {
        return {.on_news = [this](HubEvent event) { take(std::move(event)); },
                .on_name = {},
                .on_written = {},
                .on_alarm = [this] { loop.post([this] { own.tick(); }); }};
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
    void until(std::function<bool()> wanted) {
        enough = std::move(wanted);
        loop.run();
    }

    net::Loop loop;
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
