#include "ami/gathering.hpp"

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using pbx::ami::Gathering;

TEST_CASE("what comes in quick succession is let gather, what comes alone is read at once") {
    Gathering gathering;
    Gathering::Moment now{1h};
    CHECK(gathering.pause() == 0ms);
    CHECK(gathering.pause(true) == Gathering::time / 2);
    for (int read = 0; read < 20; ++read)
        gathering.on_read(5'000, now += 3ms);
    CHECK(gathering.pause() == 0ms);  // large, but not often
    for (int read = 0; read < 3; ++read)
        gathering.on_read(150, now += 100us);
    CHECK(gathering.pause() == 0ms);
    gathering.on_read(150, now += 100us);
    CHECK(gathering.pause() == Gathering::time);
    CHECK(gathering.pause(true) == Gathering::time);
    for (int read = 0; read < 20; ++read)
        gathering.on_read(3'000, now += Gathering::time);
    CHECK(gathering.pause() == Gathering::time);  // as long as much comes
    gathering.on_read(300, now += Gathering::time);
    CHECK(gathering.pause() == 0ms);
    gathering.on_read(300, now += 100us);
    CHECK(gathering.pause() == 0ms);
    for (int read = 0; read < 4; ++read)
        gathering.on_read(2'000, now += 1100us);  // each after a pause for an answer
    CHECK(gathering.pause(true) == Gathering::time);
}
