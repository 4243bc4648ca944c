#include "dns/exchange_play.hpp"

using namespace pbx;
using namespace pbx::dns;
using namespace pbx::dns::test;
using namespace std::chrono_literals;

namespace {

bool has_edns(const Octets& query) {
    return query[11] == 1;
}

}  // namespace

TEST_CASE("an answer finishes its question") {
    Play play;
    play.ask(7);
    const auto ticket = play.take();
    play.pass(3ms);
    play.answer(ticket, play.good(ticket));
    REQUIRE(play.done.size() == 1);
    CHECK(play.done[0].token == 7);
    CHECK(play.done[0].outcome == Outcome::answered);
    CHECK(play.done[0].regexp == "!^.*$!sip:a@example.com!");
    CHECK(play.done[0].tries == 1);
    CHECK(play.done[0].took == 3ms);
    CHECK(play.exchange.in_flight() == 0);
    CHECK_FALSE(play.exchange.next_moment());
    CHECK(play.query(ticket).empty());
}

TEST_CASE("what a forger sends is dropped and the true answer still taken") {
    Play play({.servers = 2, .lanes = 2});
    play.ask();
    const auto ticket = play.take();
    auto wrong_id = play.good(ticket);
    wrong_id.id ^= 1U;
    play.answer(ticket, wrong_id);
    auto other_lane = ticket;
    other_lane.lane ^= 1U;
    play.answer(other_lane, play.good(ticket));
    auto other_server = ticket;
    other_server.server = 1;
    play.answer(other_server, play.good(ticket));
    auto no_response = play.good(ticket);
    no_response.flags_high = 0;
    play.answer(ticket, no_response);
    auto other_question = Message::answer_to("1.e164.arpa");
    other_question.id = play.good(ticket).id;
    play.answer(ticket, other_question);
    auto no_question = Message{};
    no_question.id = other_question.id;
    play.answer(ticket, no_question);
    play.exchange.on_datagram(0, ticket.lane, Octets{1, 2, 3}, play.now);
    CHECK(play.done.empty());
    CHECK(play.exchange.counts().stray == 7);
    play.answer(ticket, play.good(ticket));
    CHECK(play.done.size() == 1);
    play.answer(ticket, wrong_id);
    CHECK(play.done.size() == 1);
}

TEST_CASE("ids differ among open questions and cannot be told from the last one") {
    Play play({.slots = 2000});
    std::vector<bool> seen(65536);
    for (std::uint64_t i = 0; i < 2000; ++i) {
        play.ask(i);
        const auto octets = play.query(play.take());
        const auto id = static_cast<std::size_t>(octets[0] << 8U | octets[1]);
        CHECK_FALSE(seen[id]);
        seen[id] = true;
    }
    CHECK_FALSE(play.exchange.ask({}, 1, play.now + 1s, play.now));
}

TEST_CASE("letters are mixed; a server that changes them is asked once more under another id") {
    Play play;
    play.ask();
    const auto first = play.take();
    const auto octets = play.query(first);
    auto lower = Name::parse(sample_name).value();
    lower.set_case(~std::uint64_t{0});
    auto folded = play.good(first);
    std::copy(lower.wire().begin(), lower.wire().end(), folded.question.begin());
    REQUIRE(folded.question != play.good(first).question);
    play.answer(first, folded);
    CHECK(play.done.empty());
    const auto second = play.take();
    const auto again = play.query(second);
    CHECK(std::equal(lower.wire().begin(), lower.wire().end(), again.begin() + 12));
    CHECK((again[0] != octets[0] || again[1] != octets[1]));
    play.answer(first, folded);  // the old id
    CHECK(play.done.empty());
    play.answer(second, play.good(second));
    CHECK(play.done.size() == 1);
}

TEST_CASE("a server that never keeps the letters is asked in one case from then on") {
    Play play;
    for (std::uint64_t i = 0; i < 4; ++i) {
        play.ask(i);
        for (int turn = 0; turn < 2; ++turn) {
            const auto ticket = play.take();
            auto folded = play.good(ticket);
            for (auto& octet : folded.question)
                octet = octet >= 'A' && octet <= 'Z' ? static_cast<std::uint8_t>(octet + 32) : octet;
            play.answer(ticket, folded);
        }
    }
    REQUIRE(play.done.size() == 4);
    play.ask(9);
    const auto octets = play.query(play.take());
    CHECK(std::none_of(octets.begin() + 12, octets.end() - 15, [](int c) { return c >= 'A' && c <= 'Z'; }));
}

TEST_CASE("a lost datagram is sent again, later each time, until the deadline") {
    Play play;
    play.ask();
    std::vector<std::chrono::milliseconds> waits;
    const auto began = play.now;
    while (play.done.empty()) {
        if (!play.exchange.sends().empty()) {
            static_cast<void>(play.take());
            waits.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(play.now - began));
        }
        const auto next = play.exchange.next_moment();
        REQUIRE(next);
        play.now = *next;
        play.exchange.on_time(play.now);
    }
    CHECK(waits == std::vector<std::chrono::milliseconds>{0ms, 200ms, 600ms, 1400ms});
    CHECK(play.done[0].outcome == Outcome::timed_out);
    CHECK(play.done[0].took == 2s);
    CHECK(play.done[0].tries == 4);
}

TEST_CASE("an answer to the first query counts after the second was sent") {
    Play play;
    play.ask();
    const auto ticket = play.take();
    const auto late = play.good(ticket);
    play.pass(200ms);
    static_cast<void>(play.take());
    play.answer(ticket, late);
    REQUIRE(play.done.size() == 1);
    CHECK(play.done[0].tries == 2);
}

TEST_CASE("a dead server costs the first question 200 ms, the next ones nothing") {
    Play play({.servers = 2});
    play.ask(1);
    CHECK(play.take().server == 0);
    play.pass(200ms);
    const auto second = play.take();
    CHECK(second.server == 1);
    play.answer(second, play.good(second));
    CHECK(play.done.at(0).took == 200ms);
    play.ask(2);
    const auto next = play.take();
    CHECK(next.server == 1);
    CHECK(play.exchange.sends().empty());
    play.answer(next, play.good(next));
    CHECK(play.done.at(1).took == 0ms);
}

TEST_CASE("a dead server is asked beside the good one now and then, and comes back when it answers in time") {
    Play play({.servers = 2});
    play.ask(1);
    static_cast<void>(play.take());
    play.pass(200ms);
    auto ticket = play.take();
    play.answer(ticket, play.good(ticket));
    play.pass(1s);
    play.ask(2);
    ticket = play.take();
    const auto probe = play.take();
    CHECK(ticket.server == 1);
    CHECK(probe.server == 0);
    const auto late = play.good(probe);
    play.answer(ticket, play.good(ticket));
    CHECK(play.done.size() == 2);
    play.answer(probe, late);  // its question is finished: it only shows that the server lives
    play.ask(3);
    CHECK(play.take().server == 0);
}

TEST_CASE("one lost datagram does not make a server dead when others were answered meanwhile") {
    Play play({.servers = 2});
    play.ask(1);
    play.ask(2);
    static_cast<void>(play.take());
    const auto second = play.take();
    play.pass(10ms);
    play.answer(second, play.good(second));
    play.pass(190ms);
    CHECK(play.take().server == 1);
    play.ask(3);
    CHECK(play.take().server == 0);
}

TEST_CASE("closed ports are known at once") {
    Play play({.servers = 2});
    play.ask(1);
    static_cast<void>(play.take());
    play.exchange.on_refused(0, play.now);
    CHECK(play.take().server == 1);
    CHECK(play.done.empty());
    play.exchange.on_refused(1, play.now);
    REQUIRE(play.done.size() == 1);
    CHECK(play.done[0].outcome == Outcome::unreachable);
    CHECK(play.done[0].took == 0ms);
}

TEST_CASE("long runs wait for a server whose port is closed") {
    Play play({.wait_refused = true});
    play.ask(1);
    static_cast<void>(play.take());
    play.exchange.on_refused(0, play.now);
    CHECK(play.done.empty());
    CHECK(play.exchange.sends().empty());
    play.pass(200ms);
    const auto ticket = play.take();
    play.answer(ticket, play.good(ticket));
    CHECK(play.done.at(0).outcome == Outcome::answered);
    play.ask(2);
    for (int turn = 0; turn < 20 && play.done.size() < 2; ++turn) {
        play.exchange.drop_sends(play.exchange.sends().size());
        play.exchange.on_refused(0, play.now);
        play.pass(*play.exchange.next_moment() - play.now);
    }
    CHECK(play.done.at(1).outcome == Outcome::timed_out);
    CHECK(play.done.at(1).took == 2s);
}

TEST_CASE("a server's error is another server's turn, and told when all say so") {
    Play play({.servers = 2});
    play.ask(1);
    auto ticket = play.take();
    play.answer(ticket, Message::answer_to(play.query(ticket)).rcode(Rcode::server_failure));
    CHECK(play.done.empty());
    ticket = play.take();
    CHECK(ticket.server == 1);
    play.answer(ticket, play.good(ticket));
    CHECK(play.done.at(0).regexp == "!^.*$!sip:a@example.com!");
    play.ask(2);
    for (const auto rcode : {Rcode::server_failure, Rcode::refused}) {
        ticket = play.take();
        play.answer(ticket, Message::answer_to(play.query(ticket)).rcode(rcode));
    }
    REQUIRE(play.done.size() == 2);
    CHECK(play.done[1].outcome == Outcome::answered);
    CHECK(play.done[1].rcode == Rcode::server_failure);
    CHECK(play.done[1].took == 0ms);
}

TEST_CASE("an error is told after the other server kept silent once") {
    Play play({.servers = 2});
    play.ask(1);
    const auto ticket = play.take();
    play.answer(ticket, Message::answer_to(play.query(ticket)).rcode(Rcode::refused));
    CHECK(play.take().server == 1);
    play.pass(200ms);
    CHECK(play.done.at(0).rcode == Rcode::refused);
}

TEST_CASE("a no is an answer") {
    Play play({.servers = 2});
    play.ask(1);
    const auto ticket = play.take();
    play.answer(ticket, Message::answer_to(play.query(ticket)).rcode(Rcode::no_such_name));
    CHECK(play.done.at(0).rcode == Rcode::no_such_name);
}

TEST_CASE("a server that does not know EDNS is asked without it, at once and from then on") {
    Play play;
    play.ask(1);
    auto ticket = play.take();
    CHECK(has_edns(play.query(ticket)));
    SECTION("it says FORMERR") {
        play.answer(ticket, Message::answer_to(play.query(ticket)).rcode(Rcode::format_error));
    }
    SECTION("it says FORMERR with a header alone") {
        auto bare = Message{};
        bare.id = Message::answer_to(play.query(ticket)).id;
        play.answer(ticket, bare.rcode(Rcode::format_error));
    }
    SECTION("it says BADVERS") {
        play.answer(ticket,
                    Message::answer_to(play.query(ticket)).record({0}, Type::opt, {}, 3, 0x01000000, 1232));
    }
    ticket = play.take();
    CHECK_FALSE(has_edns(play.query(ticket)));
    play.answer(ticket, play.good(ticket));
    CHECK(play.done.at(0).outcome == Outcome::answered);
    play.ask(2);
    ticket = play.take();
    CHECK_FALSE(has_edns(play.query(ticket)));
    play.answer(ticket, Message::answer_to(play.query(ticket)).rcode(Rcode::format_error));
    CHECK(play.done.at(1).rcode == Rcode::format_error);
}

TEST_CASE("the third round goes without EDNS where it never was answered") {
    Play play;
    play.ask(1);
    static_cast<void>(play.take());
    play.pass(200ms);
    CHECK(has_edns(play.query(play.take())));
    play.pass(400ms);
    CHECK_FALSE(has_edns(play.query(play.take())));
}

TEST_CASE("servers are asked in turn where the load is to be spread") {
    Play play({.servers = 3, .slots = 6, .spread = true});
    std::vector<int> asked(3);
    for (std::uint64_t i = 0; i < 6; ++i) {
        play.ask(i);
        ++asked.at(play.take().server);
    }
    CHECK(asked == std::vector<int>{2, 2, 2});
}

TEST_CASE("the sink may ask the next question in the place of the finished one") {
    std::vector<std::uint64_t> tokens;
    Exchange* exchange = nullptr;
    Moment now{1h};
    const Question question{.name = Name::parse(sample_name).value(), .type = Type::naptr};
    Exchange chain({.slots = 1}, kernel_random(), [&](const Finished& finished) {
        tokens.push_back(finished.token);
        if (finished.token < 3) CHECK(exchange->ask(question, finished.token + 1, now + 1s, now));
    });
    exchange = &chain;
    REQUIRE(chain.ask(question, 1, now + 1s, now));
    while (!chain.sends().empty()) {
        const auto ticket = chain.sends().front();
        chain.drop_sends(1);
        chain.on_datagram(0, 0, Message::answer_to(chain.query(ticket)).octets(), now);
    }
    CHECK(tokens == std::vector<std::uint64_t>{1, 2, 3});
}

TEST_CASE("due moments come in order, whatever the order they were set in") {
    DueList list(5);
    const Moment start{1h};
    CHECK_FALSE(list.next());
    list.set(0, start + 5ms);
    list.set(1, start + 1ms);
    list.set(2, start + 3ms);
    list.set(3, start + 3ms);
    list.set(1, start + 4ms);
    list.drop(0);
    list.drop(4);
    CHECK(list.next() == start + 3ms);
    std::vector<Slot> order;
    CHECK_FALSE(list.take_due(start));
    while (const auto slot = list.take_due(start + 10ms))
        order.push_back(*slot);
    CHECK(order == std::vector<Slot>{2, 3, 1});
    CHECK_FALSE(list.next());
}
