#include "dns/window.hpp"

#include <catch2/catch.hpp>

using namespace pbx::dns;
using namespace std::chrono_literals;

TEST_CASE("a window doubles until much is lost, then halves and grows slowly") {
    Window window(1000, 200ms);
    Moment now{1h};
    CHECK(window.size() == 64);
    window.on_answers(64);
    CHECK(window.size() == 128);
    window.on_losses(10, now);
    window.on_losses(10, now + 100ms);  // the same round
    CHECK(window.size() == 64);
    window.on_answers(64);
    CHECK(window.size() == 65);
    for (int turn = 0; turn < 10; ++turn)
        window.on_losses(1, now += 1s);
    CHECK(window.size() == 8);
    window.on_answers(1'000'000);
    CHECK(window.size() == 1000);
    CHECK(Window(1, 200ms).size() == 1);
}

TEST_CASE("a window does not mind names that nobody answers for") {
    Window window(1000, 200ms);
    Moment now{1h};
    for (int turn = 0; turn < 100; ++turn) {
        window.on_answers(200);
        window.on_losses(4, now += 1s);
    }
    CHECK(window.size() == 1000);
}
