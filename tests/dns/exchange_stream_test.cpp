// Answers that were cut: asked for again over TCP, and of another server.
#include "dns/exchange_play.hpp"

using namespace pbx;
using namespace pbx::dns;
using namespace pbx::dns::test;

TEST_CASE("a truncated answer is asked for again over TCP") {
    Play play;
    play.ask(1);
    const auto ticket = play.take();
    auto truncated = play.good(ticket);
    play.answer(ticket, truncated.truncated());
    CHECK(play.done.empty());
    const auto streams = play.exchange.take_streams();
    REQUIRE(streams.size() == 1);
    SECTION("and taken from there") {
        play.exchange.on_stream_message(streams[0], play.good(streams[0]).octets(), play.now);
        REQUIRE(play.done.size() == 1);
        CHECK(play.done[0].tcp);
        CHECK_FALSE(play.done[0].truncated);
    }
    SECTION("where no TCP answers, what UDP brought is given as truncated") {
        play.exchange.on_stream_failed(streams[0], play.now);
        REQUIRE(play.done.size() == 1);
        CHECK_FALSE(play.done[0].tcp);
        CHECK(play.done[0].truncated);
        CHECK(play.done[0].regexp == "!^.*$!sip:a@example.com!");
    }
    SECTION("also when the deadline passes") {
        play.pass(2s);
        REQUIRE(play.done.size() == 1);
        CHECK(play.done[0].truncated);
    }
    SECTION("nonsense over TCP is no answer") {
        play.exchange.on_stream_message(streams[0], Message::answer_to("x.example").octets(), play.now);
        REQUIRE(play.done.size() == 1);
        CHECK(play.done[0].truncated);
    }
    play.exchange.on_stream_failed(streams[0], play.now);  // a ticket of the past
    CHECK(play.done.size() == 1);
}

TEST_CASE(
    "where TCP is closed or hangs at one server, another one is asked, and the cut answer is the last") {
    Play play({.servers = 2});
    play.ask(1);
    const auto ticket = play.take();
    CHECK(ticket.server == 0);
    auto truncated = play.good(ticket);
    play.answer(ticket, truncated.truncated());
    const auto streams = play.exchange.take_streams();
    REQUIRE(streams.size() == 1);
    enum class Tcp { closed, hanging, nonsense };
    const auto tcp = GENERATE(Tcp::closed, Tcp::hanging, Tcp::nonsense);
    if (tcp == Tcp::closed) play.exchange.on_stream_failed(streams[0], play.now);
    if (tcp == Tcp::hanging) play.pass(600ms);
    if (tcp == Tcp::nonsense)
        play.exchange.on_stream_message(streams[0], Message::answer_to("x.example").octets(), play.now);
    REQUIRE(play.done.empty());
    const auto other = play.take();
    CHECK(other.server == 1);
    SECTION("which has the whole answer") {
        play.answer(other, play.good(other));
        REQUIRE(play.done.size() == 1);
        CHECK(play.done[0].server == 1);
        CHECK_FALSE(play.done[0].truncated);
    }
    SECTION("whose TCP has it") {
        auto again = play.good(other);
        play.answer(other, again.truncated());
        const auto second = play.exchange.take_streams();
        REQUIRE(second.size() == 1);
        CHECK(second[0].server == 1);
        play.exchange.on_stream_failed(streams[0], play.now);  // no news
        CHECK(play.done.empty());
        play.exchange.on_stream_message(second[0], play.good(second[0]).octets(), play.now);
        REQUIRE(play.done.size() == 1);
        CHECK(play.done[0].tcp);
    }
    SECTION("which keeps silent") {
        play.pass(200ms);
        REQUIRE(play.done.size() == 1);
        CHECK(play.done[0].outcome == Outcome::answered);
        CHECK(play.done[0].truncated);
        CHECK(play.done[0].server == 0);
    }
}

TEST_CASE("what a slow TCP connection brings is taken, though another server was asked meanwhile") {
    Play play({.servers = 2});
    play.ask(1);
    const auto ticket = play.take();
    auto truncated = play.good(ticket);
    play.answer(ticket, truncated.truncated());
    const auto streams = play.exchange.take_streams();
    play.pass(600ms);
    CHECK(play.take().server == 1);
    play.exchange.on_stream_message(streams.at(0), play.good(streams.at(0)).octets(), play.now);
    REQUIRE(play.done.size() == 1);
    CHECK(play.done[0].tcp);
    CHECK_FALSE(play.done[0].truncated);
}

TEST_CASE("where TCP is known to be absent, a truncated answer is given at once") {
    Play play({.tcp = false});
    play.ask(1);
    const auto ticket = play.take();
    play.answer(ticket, play.good(ticket).truncated());
    REQUIRE(play.done.size() == 1);
    CHECK(play.done[0].truncated);
}
