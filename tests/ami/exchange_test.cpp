#include "ami/exchange.hpp"

#include "ami/answer.hpp"
#include "ami/digest.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::ami;
using namespace std::chrono_literals;

namespace {

constexpr Exchange::Moment start{};

ClientOptions some_options() {
    ClientOptions options;
    options.user = "relay";
    options.secret = Secret("x");
    options.login = Login::plain;
    return options;
}

// An exchange that is logged in; its time is the test's.
struct Up {
    explicit Up(ClientOptions the_options = some_options())
        : options(std::move(the_options)),
          exchange(options,
                   {.on_event = [this](const Message& event) { events.emplace_back(event.event()); }},
                   start) {
        REQUIRE(exchange.feed("Asterisk Call Manager/11.0.0\r\n", start));
        REQUIRE(exchange.feed("Response: Success\r\nActionID: 1\r\n\r\n", start));
        REQUIRE(exchange.is_up());
        static_cast<void>(exchange.take_output());
    }
    ClientOptions options;
    std::vector<std::string> events;
    Exchange exchange;
};

}  // namespace

TEST_CASE("ami exchange: the login's Key is md5 of challenge and secret") {
    // manager.c: MD5Update(challenge), MD5Update(secret); checked with md5sum
    CHECK(login_key("199584870", Secret("opensesame")) == "9bf9d7cc2ec4a16aabe7f6af56058e07");
}

TEST_CASE("ami exchange: events before the login are not handed on") {
    ClientOptions options = some_options();
    int events = 0;
    Exchange exchange(options, {.on_event = [&](const Message&) { ++events; }}, start);
    REQUIRE(exchange.feed("Asterisk Call Manager/11.0.0\r\nEvent: A\r\n\r\n", start));
    CHECK(events == 0);
    REQUIRE(exchange.feed("Response: Success\r\nActionID: 1\r\n\r\nEvent: A\r\n\r\n", start));
    CHECK(events == 1);
}

TEST_CASE("ami exchange: answers are matched by ActionID in any order") {
    Up up;
    std::string order;
    for (const char name : {'a', 'b', 'c'})
        REQUIRE(up.exchange.send(
            Action("X"),
            [&order, name](const Result<Message>& answer) {
                order += name;
                CHECK(answer);
            },
            start));
    REQUIRE(up.exchange.feed(
        "Response: Success\r\nActionID: 4\r\n\r\nResponse: Success\r\nActionID: 2\r\n\r\n", start));
    CHECK(order == "ca");
    CHECK(up.exchange.pending() == 1);
    REQUIRE(up.exchange.feed("Response: Success\r\nActionID: 3\r\n\r\n", start));
    CHECK(order == "cab");
    CHECK(up.exchange.pending() == 0);
}

TEST_CASE("ami exchange: answers to nobody, twice the same or with a strange ActionID are let go by") {
    Up up;
    int answered = 0;
    REQUIRE(up.exchange.send(
        Action("X"), [&](const Result<Message>&) { ++answered; }, start));
    for (const auto* id : {"1", "2", "2", "3", "0", "-1", "99999999999999999999", "2x", "x"})
        REQUIRE(up.exchange.feed("Response: Success\r\nActionID: " + std::string(id) + "\r\n\r\n", start));
    CHECK(answered == 1);
}

TEST_CASE("ami exchange: an event with an ActionID that is no list's is an event") {
    Up up;
    REQUIRE(up.exchange.send(Action("X"), {}, start));
    REQUIRE(up.exchange.feed("Event: OriginateResponse\r\nActionID: 2\r\n\r\n", start));
    CHECK(up.events == std::vector<std::string>{"OriginateResponse"});
    CHECK(up.exchange.pending() == 1);
}

TEST_CASE("ami exchange: an error without an ActionID means the two are out of step") {
    Up up;
    const auto taken =
        up.exchange.feed("Response: Error\r\nMessage: Failed to parse message: line too long\r\n\r\n", start);
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == Code::protocol);
}

TEST_CASE("ami exchange: Ping goes out after a third of the silence that means death") {
    Up up;
    CHECK(up.exchange.wake() == start + 1s);
    REQUIRE(up.exchange.on_time(start + 999ms));
    CHECK(up.exchange.take_output().empty());
    REQUIRE(up.exchange.on_time(start + 1s));
    CHECK(up.exchange.take_output().starts_with("Action: Ping\r\n"));
    REQUIRE(up.exchange.on_time(start + 1001ms));
    CHECK(up.exchange.take_output().empty());
    REQUIRE(up.exchange.feed("Event: A\r\n\r\n", start + 1500ms));
    CHECK(up.exchange.wake() == start + 2500ms);
}

TEST_CASE("ami exchange: silence of dead_after ends it, to the millisecond") {
    Up up;
    REQUIRE(up.exchange.on_time(start + 1s));
    REQUIRE(up.exchange.on_time(start + 2s));
    REQUIRE(up.exchange.on_time(start + 2999ms));
    CHECK(up.exchange.wake() == start + 3s);
    CHECK_FALSE(up.exchange.on_time(start + 3s));
}

TEST_CASE("ami exchange: a long list lives as long as entries come") {
    auto options = some_options();
    options.answer_limit = 1s;
    Up up(options);
    std::optional<std::size_t> entries;
    REQUIRE(up.exchange.send_list(
        Action("L"), 100,
        [&](const Result<List>& list) {
            if (list) entries = list->entries.size();
        },
        start));
    REQUIRE(up.exchange.feed("Response: Success\r\nActionID: 2\r\nEventList: start\r\n\r\n", start + 900ms));
    for (int i = 1; i <= 10; ++i) {
        const auto now = start + i * 900ms;
        REQUIRE(up.exchange.feed("Event: E\r\nActionID: 2\r\n\r\n", now));
        REQUIRE(up.exchange.on_time(now));
    }
    REQUIRE(up.exchange.feed("Event: LComplete\r\nActionID: 2\r\n\r\n", start + 9100ms));
    CHECK(entries == 10);
}

TEST_CASE("ami exchange: a list is handed over entry by entry, and none is kept") {
    Up up;
    std::vector<std::string> names;
    std::optional<List> whole;
    REQUIRE(up.exchange.send_list(
        Action("L"), [&](const Message& entry) { names.emplace_back(entry.get("Name")); },
        [&](const Result<List>& list) {
            if (list) whole = *list;
        },
        start));
    REQUIRE(up.exchange.feed("Response: Success\r\nActionID: 2\r\nEventList: start\r\n\r\n", start));
    REQUIRE(up.exchange.feed("Event: E\r\nActionID: 2\r\nName: a\r\n\r\n", start));
    REQUIRE(up.exchange.feed("Event: E\r\nActionID: 2\r\nName: b\r\n\r\n", start));
    CHECK(names == std::vector<std::string>{"a", "b"});
    CHECK_FALSE(whole);
    REQUIRE(up.exchange.feed("Event: LComplete\r\nActionID: 2\r\n\r\n", start));
    REQUIRE(whole);
    CHECK(whole->entries.empty());
}

TEST_CASE("ami exchange: the end is told once to everything in flight, and nothing after it") {
    Up up;
    int ended = 0;
    REQUIRE(up.exchange.send(
        Action("X"), [&](const Result<Message>& answer) { ended += answer ? 100 : 1; }, start));
    REQUIRE(up.exchange.send_list(
        Action("L"), 5, [&](const Result<List>& list) { ended += list ? 100 : 1; }, start));
    up.exchange.end({Code::unavailable, "cut", {}, {}});
    up.exchange.end({Code::unavailable, "cut", {}, {}});
    CHECK(ended == 2);
    CHECK_FALSE(up.exchange.send(Action("X"), {}, start));
    CHECK(up.exchange.feed("Response: Success\r\nActionID: 2\r\n\r\n", start));
    CHECK(ended == 2);
}

TEST_CASE("ami answer: a list ends by its header, and in old Asterisks by its name") {
    const auto event = [](std::string_view name, std::string_view list) {
        Message message;
        message.add("Event", name);
        if (!list.empty()) message.add("EventList", list);
        return message;
    };
    CHECK(ends_list(event("DeviceStateListComplete", "Complete")));
    CHECK(ends_list(event("StatusComplete", "")));
    CHECK(ends_list(event("X", "cancelled")));
    CHECK_FALSE(ends_list(event("AgentComplete", "start")));
    CHECK_FALSE(ends_list(event("DeviceStateChange", "")));
}
