// The exchange with a clock that moves by hand, and what it finished.
#pragma once

#include "dns/exchange.hpp"
#include "dns/message.hpp"

#include <catch2/catch.hpp>

namespace pbx::dns::test {

using namespace std::chrono_literals;

struct Done {
    std::uint64_t token = 0;
    Outcome outcome = Outcome::answered;
    Rcode rcode = Rcode::no_error;
    std::string regexp{};
    std::size_t server = 0;
    unsigned tries = 0;
    bool tcp = false;
    bool truncated = false;
    std::chrono::nanoseconds took{};
};

struct Play {
    explicit Play(ExchangeSettings settings = {})
        : exchange(
              settings, [this](std::span<std::uint8_t> into) { roll(into); },
              [this](const Finished& finished) { note(finished); }) {}

    void roll(std::span<std::uint8_t> into) {
        for (auto& octet : into)
            octet = static_cast<std::uint8_t>((state = state * 1103515245U + 12345U) >> 16U);
    }
    void note(const Finished& finished) {
        const auto& naptrs = finished.answer.naptrs;
        done.push_back({.token = finished.token,
                        .outcome = finished.outcome,
                        .rcode = finished.answer.rcode,
                        .regexp = std::string(naptrs.empty() ? std::string_view{} : naptrs[0].regexp),
                        .server = finished.server,
                        .tries = finished.tries,
                        .tcp = finished.tcp,
                        .truncated = finished.answer.truncated,
                        .took = finished.took});
    }
    void ask(std::uint64_t token = 1, Moment::duration limit = 2s) {
        REQUIRE(exchange.ask({.name = Name::parse(sample_name).value(), .type = Type::naptr}, token,
                             now + limit, now));
    }
    // The next query that waits to be sent.
    Exchange::Ticket take() {
        REQUIRE_FALSE(exchange.sends().empty());
        const auto out = exchange.sends().front();
        exchange.drop_sends(1);
        return out;
    }
    Octets query(const Exchange::Ticket& ticket) {
        const auto octets = exchange.query(ticket);
        return {octets.begin(), octets.end()};
    }
    Message good(const Exchange::Ticket& ticket) {
        return Message::answer_to(query(ticket))
            .record(to_question, Type::naptr, sip_record("sip:a@example.com"));
    }
    void answer(const Exchange::Ticket& ticket, const Message& message) {
        exchange.on_datagram(ticket.server, ticket.lane, message.octets(), now);
    }
    void pass(Moment::duration time) {
        now += time;
        exchange.on_time(now);
    }

    std::uint32_t state = 1;
    Moment now{1h};
    std::vector<Done> done;
    Exchange exchange;
};

}  // namespace pbx::dns::test
