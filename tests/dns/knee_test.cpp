#include "dns/knee.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace pbx::dns;
using namespace std::chrono_literals;

namespace {

// A server that answers each question after `away`, and `rate` questions a second at most; a client that
// keeps knee.size() questions open, for so long. -> the size that it came to
std::size_t run(Knee& knee, std::chrono::duration<double> away, double rate, Moment from,
                std::chrono::seconds time) {
    const auto end = from + time;
    for (auto now = from; now < end;) {
        const auto size = static_cast<double>(knee.size());
        const std::chrono::duration<double> round(std::max(away.count(), size / rate));
        now += std::chrono::duration_cast<std::chrono::nanoseconds>(round);
        knee.on_answers(knee.size(), now);
    }
    return knee.size();
}

}  // namespace

TEST_CASE("as many questions are open as make answers come faster") {
    Moment now{1h};
    SECTION("a server far away: as many as may be") {
        Knee knee(2048);
        CHECK(knee.size() == 64);
        CHECK(run(knee, 100ms, 1e6, now, 5s) == 2048);
    }
    SECTION("a server beside us: no more than keep it busy") {
        Knee knee(2048);
        CHECK(run(knee, 100us, 150'000, now, 20s) == 64);
    }
    SECTION("in between: 200 are on their way at once") {
        Knee knee(2048);
        CHECK(run(knee, 2ms, 100'000, now, 20s) == 256);
    }
    SECTION("not more than it was given") {
        CHECK(Knee(1).size() == 1);
        Knee knee(300);
        CHECK(run(knee, 100ms, 1e6, now, 20s) == 300);
    }
}

TEST_CASE("the number of open questions follows a server that changes") {
    Knee knee(2048);
    Moment now{1h};
    CHECK(run(knee, 100us, 100'000, now, 10s) == 64);
    CHECK(run(knee, 50ms, 1e6, now + 10s, 30s) == 2048);
    // and down again, when answers come one after the other: more at once gain nothing
    CHECK(run(knee, 100us, 10'000, now + 40s, 60s) == 64);
}

TEST_CASE("no answers, no change; a clock that stands still is no rate") {
    Knee knee(2048);
    const Moment now{1h};
    knee.on_answers(0, now);
    for (int turn = 0; turn < 100; ++turn)
        knee.on_answers(1000, now);
    CHECK(knee.size() == 64);
}
