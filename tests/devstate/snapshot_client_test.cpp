#include "devstate/snapshot_client.hpp"

#include "ami/fake_ami.hpp"
#include "net/loop.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::devstate;
using ami::test::FakeAmi;

namespace {

const SystemClock system_clock;

std::string list(const ami::Message& action, std::string_view event, std::string_view entry) {
    return ami::test::response(action, "Success", "EventList: start\r\n") +
           (entry.empty() ? "" : ami::test::list_event(action, event, entry)) +
           ami::test::list_event(action, "Complete", "EventList: Complete\r\n");
}

std::string unknown(const ami::Message& action) {
    return ami::test::response(action, "Error", "Message: Invalid/unknown command: x\r\n");
}

// Asterisk 22 that knows DeviceStateList only after it was asked so often in vain.
struct Booting {
    int refusals = 0;
    std::string operator()(const ami::Message& action) {
        const auto name = action.get("Action");
        if (name == "DeviceStateList")
            return refusals-- > 0
                       ? unknown(action)
                       : list(action, "DeviceStateChange", "Device: PJSIP/101\r\nState: INUSE\r\n");
        if (name == "ExtensionStateList" || name == "PresenceStateList") return list(action, "", "");
        return unknown(action);
    }
};

struct Asking {
    explicit Asking(FakeAmi::Answer answer)
        : fake(loop.executor(), {.answer = std::move(answer)}),
          client(loop.executor(), options(), system_clock, {}) {}

    ami::ClientOptions options() const {
        ami::ClientOptions out;
        out.port = fake.port();
        out.user = "relay";
        out.secret = Secret("opensesame");
        return out;
    }
    Result<Table> ask() {
        const auto banner = loop.run_to_end(client.log_in()).value();
        REQUIRE(banner);
        source.begin(*banner);
        return loop.run_to_end(take_snapshot(loop.executor(), &client, &source, {})).value();
    }
    net::Loop loop;
    FakeAmi fake;
    ami::Client client;
    Source source;
};

}  // namespace

TEST_CASE("snapshot client: three lists make a table") {
    Asking asking(Booting{});
    const auto table = asking.ask();
    REQUIRE(table);
    CHECK(table->missing.empty());
    REQUIRE(table->locals.size() == 1);
    CHECK(table->locals[0].name == "PJSIP/101");
    CHECK(table->locals[0].state == State::inuse);
}

TEST_CASE("snapshot client: a booting Asterisk that does not know the list yet is asked again") {
    Asking asking(Booting{.refusals = 2});
    const auto table = asking.ask();
    REQUIRE(table);
    CHECK(table->missing.empty());
    CHECK(table->locals.size() == 1);
}

TEST_CASE("snapshot client: what is unknown each time is missing, with its module") {
    Asking asking(Booting{.refusals = 100});
    const auto table = asking.ask();
    REQUIRE(table);
    REQUIRE(table->missing.size() == 1);
    CHECK(table->missing[0].what == "device states");
    CHECK(table->missing[0].why.hint == "load res_manager_devicestate.so (modules.conf)");
    CHECK(asking.source.age() == Age::modern);
}

TEST_CASE("snapshot client: a cut in the middle is an error, not half a table") {
    FakeAmi* fake = nullptr;
    Asking asking([&fake](const ami::Message&) {
        fake->cut();
        return std::string();
    });
    fake = &asking.fake;
    const auto table = asking.ask();
    REQUIRE_FALSE(table);
    CHECK(table.error().code == Code::unavailable);
}
