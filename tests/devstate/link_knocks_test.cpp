#include "devstate/link_knocks.hpp"

#include <catch2/catch.hpp>

using namespace pbx::devstate;
using namespace std::chrono_literals;

TEST_CASE("link knocks: who knocks in vain too often is shut out for the rest of the span, and nobody else") {
    Knocks knocks;
    const Knocks::Moment start{};
    for (std::size_t i = 0; i < Knocks::most_in_vain; ++i) {
        CHECK_FALSE(knocks.is_shut_out("192.0.2.7", start + 1s));
        knocks.in_vain("192.0.2.7", start + 1s);
    }
    CHECK(knocks.is_shut_out("192.0.2.7", start + 2s));
    CHECK_FALSE(knocks.is_shut_out("192.0.2.8", start + 2s));
    CHECK_FALSE(knocks.is_shut_out("192.0.2.7", start + 1s + Knocks::span));
    knocks.in_vain("192.0.2.7", start + 1s + Knocks::span);
    CHECK_FALSE(knocks.is_shut_out("192.0.2.7", start + 1s + Knocks::span));
}

TEST_CASE("link knocks: however many addresses knock, so many are remembered: the latest") {
    Knocks knocks;
    const Knocks::Moment start{};
    for (std::size_t i = 0; i < 2 * Knocks::most_addresses; ++i)
        for (std::size_t times = 0; times < Knocks::most_in_vain; ++times)
            knocks.in_vain(std::to_string(i), start + std::chrono::microseconds(i));
    CHECK_FALSE(knocks.is_shut_out("0", start + 1s));
    CHECK(knocks.is_shut_out(std::to_string(2 * Knocks::most_addresses - 1), start + 1s));
    CHECK(knocks.is_shut_out(std::to_string(Knocks::most_addresses), start + 1s));
}

TEST_CASE("link knocks: an address is told from its port") {
    CHECK(without_port("192.0.2.7:40312") == "192.0.2.7");
    CHECK(without_port("[::1]:40312") == "[::1]");
}
