// The exchange over real sockets, against servers on loopback.
#include "dns/client.hpp"

#include "dns/fake_server.hpp"
#include "dns/loop_resolver.hpp"
#include "dns/resolver.hpp"
#include "net/loop.hpp"

#include <set>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::dns;
using namespace pbx::dns::test;
using namespace std::chrono_literals;

namespace {

const SystemClock the_clock;

struct HandClock final : Clock {
    Moment moment{1h};
    [[nodiscard]] Moment now() const override { return moment; }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override { return {}; }
};

Question question(std::string_view text = sample_name) {
    return {.name = Name::parse(text).value(), .type = Type::naptr};
}

Reply ask(std::vector<Server> servers, std::chrono::milliseconds limit = 20s,
          ExchangeSettings exchange = {}) {
    auto resolver = Resolver::open({.servers = std::move(servers), .exchange = exchange}, the_clock);
    REQUIRE(resolver);
    return resolver->ask(question(), the_clock.now() + limit);
}

void check_good(const Reply& reply) {
    CHECK(reply.outcome == Outcome::answered);
    REQUIRE(reply.answer.naptrs.size() == 1);
    CHECK(reply.answer.naptrs[0].regexp == "!^.*$!sip:a@example.com!");
}

net::Task<bool> ask_many(std::shared_ptr<LoopResolver> resolver, int count) {
    for (int i = 0; i < count; ++i) {
        auto reply = co_await LoopResolver::ask(resolver, question(), 20s);
        if (!reply || reply->answer.naptrs.size() != 1) co_return false;
    }
    co_return true;
}

net::Task<Result<Reply>> ask_one(std::shared_ptr<LoopResolver> resolver, net::milliseconds limit) {
    auto reply = co_await LoopResolver::ask(resolver, question(), limit);
    co_return reply;
}

net::Task<void> count_good(std::shared_ptr<LoopResolver> resolver, std::shared_ptr<int> good) {
    bool all = co_await ask_many(resolver, 10);
    *good += all ? 1 : 0;
}

}  // namespace

TEST_CASE("a question is answered over UDP") {
    FakeServer server(answer_well);
    const auto reply = ask({server.address()});
    check_good(reply);
    CHECK_FALSE(reply.tcp);
    CHECK(reply.tries == 1);
}

TEST_CASE("one resolver asks one question after the other") {
    FakeServer server(answer_well);
    auto resolver = Resolver::open({.servers = {server.address()}}, the_clock);
    REQUIRE(resolver);
    for (int i = 0; i < 3; ++i)
        check_good(resolver->ask(question(), the_clock.now() + 20s));
}

TEST_CASE("a truncated answer comes whole over TCP") {
    FakeServer server([](const Octets& query, bool tcp) {
        auto message = Message::answer_to(query);
        if (!tcp) return std::vector<Octets>{message.truncated().octets()};
        for (std::uint16_t i = 0; i < 1000; ++i)
            message.record(to_question, Type::naptr, sip_record("sip:a@example.com", i));
        return std::vector<Octets>{message.octets()};
    });
    const auto reply = ask({server.address()});
    CHECK(reply.tcp);
    CHECK(reply.answer.naptrs.size() == 1000);
    CHECK_FALSE(reply.answer.truncated);
}

TEST_CASE("a datagram longer than we said we take is asked for over TCP") {
    FakeServer server([](const Octets& query, bool) {
        auto message = Message::answer_to(query);
        for (std::uint16_t i = 0; i < 100; ++i)
            message.record(to_question, Type::naptr, sip_record("sip:a@example.com", i));
        return std::vector<Octets>{message.octets()};
    });
    const auto reply = ask({server.address()});
    CHECK(reply.tcp);
    CHECK(reply.answer.naptrs.size() == 100);
}

TEST_CASE("a server that closes its TCP connection leaves what UDP brought") {
    FakeServer server([](const Octets& query, bool tcp) {
        auto message =
            Message::answer_to(query).record(to_question, Type::naptr, sip_record("sip:a@example.com"));
        return tcp ? std::vector<Octets>{} : std::vector<Octets>{message.truncated().octets()};
    });
    const auto reply = ask({server.address()});
    check_good(reply);
    CHECK_FALSE(reply.tcp);
    CHECK(reply.answer.truncated);
}

TEST_CASE("a closed port is unreachable long before the deadline") {
    const auto reply = ask({closed_port()});
    CHECK(reply.outcome == Outcome::unreachable);
    CHECK(reply.took < 10s);
}

TEST_CASE("a closed port is passed over") {
    FakeServer server(answer_well);
    const auto reply = ask({closed_port(), server.address()});
    check_good(reply);
    CHECK(reply.server == 1);
}

TEST_CASE("a silent server is passed over") {
    FakeServer silent(keep_silent), server(answer_well);
    const auto reply = ask({silent.address(), server.address()});
    check_good(reply);
    CHECK(reply.server == 1);
    CHECK(reply.took >= 200ms);
}

TEST_CASE("where nobody answers, the deadline ends the wait") {
    FakeServer silent(keep_silent);
    const auto began = the_clock.now();
    const auto reply = ask({silent.address()}, 50ms);
    CHECK(reply.outcome == Outcome::timed_out);
    CHECK(the_clock.now() - began >= 50ms);
}

TEST_CASE("forged answers that come first are passed over") {
    FakeServer server([](const Octets& query, bool tcp) {
        auto wrong_id =
            Message::answer_to(query).record(to_question, Type::naptr, sip_record("sip:evil@example.com"));
        wrong_id.id ^= 0x0101U;
        auto out = std::vector<Octets>{wrong_id.octets(), Octets{}, Octets{0xff}, query};
        out.push_back(answer_well(query, tcp).front());
        return out;
    });
    check_good(ask({server.address()}));
}

TEST_CASE("a lost datagram is asked for again") {
    std::atomic<int> seen = 0;
    FakeServer server([&](const Octets& query, bool tcp) {
        return seen++ == 0 ? std::vector<Octets>{} : answer_well(query, tcp);
    });
    const auto reply = ask({server.address()});
    check_good(reply);
    CHECK(reply.tries == 2);
}

TEST_CASE("servers of no address are refused, and so are too many") {
    CHECK_FALSE(Resolver::open({}, the_clock));
    const auto one = Server::parse("127.0.0.1").value();
    CHECK_FALSE(Resolver::open({.servers = std::vector(max_servers + 1, one)}, the_clock));
}

TEST_CASE("thousands of questions are each answered once, though the server drops some") {
    std::atomic<int> seen = 0;
    FakeServer server([&](const Octets& query, bool tcp) {
        return ++seen % 500 == 0 ? std::vector<Octets>{} : answer_well(query, tcp);
    });
    std::multiset<std::uint64_t> tokens;
    std::size_t good = 0;
    auto client = Client::open({.servers = {server.address()}, .window = 200, .exchange = {.lanes = 3}},
                               the_clock, [&](const Finished& finished) {
                                   tokens.insert(finished.token);
                                   good += finished.answer.naptrs.size();
                               });
    REQUIRE(client);
    std::uint64_t next = 0;
    while (next < 3000 || (*client)->in_flight() > 0) {
        while (next < 3000 && !(*client)->full())
            REQUIRE((*client)->ask(question(), next++, the_clock.now() + 30s));
        (*client)->wait(the_clock.now() + 30s);
    }
    CHECK(tokens.size() == 3000);
    CHECK(std::set<std::uint64_t>(tokens.begin(), tokens.end()).size() == 3000);
    CHECK(good == 3000);
    CHECK((*client)->counts().lost > 0);
}

TEST_CASE("a source port is changed for another one after a while, however little it was used") {
    FakeServer server(answer_well);
    HandClock clock;
    auto resolver = Resolver::open({.servers = {server.address()}}, clock);
    REQUIRE(resolver);
    const auto ask_times = [&](int count) {
        for (int i = 0; i < count; ++i)
            check_good(resolver->ask(question(), clock.now() + 20s));
    };
    ask_times(3);
    CHECK(server.peer_ports().size() == 1);
    clock.moment += 11s;
    ask_times(3);
    CHECK(server.peer_ports().size() == 2);
}

TEST_CASE("coroutines on the loop ask at the same time") {
    FakeServer server(answer_well);
    net::Loop loop;
    auto resolver =
        LoopResolver::open(loop.executor(), {.servers = {server.address()}, .window = 100}, the_clock);
    REQUIRE(resolver);
    auto good = std::make_shared<int>(0);
    for (int i = 0; i < 20; ++i)
        loop.spawn(count_good(*resolver, good));
    loop.run();  // ends by itself when nobody waits any more
    CHECK(*good == 20);
    CHECK((*resolver)->client().counts().answered == 200);
}

TEST_CASE("on the loop the deadline holds too, and an open question too many is refused") {
    FakeServer silent(keep_silent);
    net::Loop loop;
    auto resolver =
        LoopResolver::open(loop.executor(), {.servers = {silent.address()}, .window = 1}, the_clock);
    REQUIRE(resolver);
    const auto late = loop.run_to_end(ask_one(*resolver, 50ms));
    REQUIRE(late);
    REQUIRE(*late);
    CHECK((**late).outcome == Outcome::timed_out);
    loop.spawn(count_good(*resolver, std::make_shared<int>(0)));
    const auto busy = loop.run_to_end(ask_one(*resolver, 50ms));
    REQUIRE(busy);
    REQUIRE_FALSE(*busy);
    CHECK(busy->error().code == Code::try_again);
}
