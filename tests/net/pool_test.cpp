#include "net/pool.hpp"

#include "net/bell.hpp"

#include <algorithm>
#include <atomic>
#include <future>
#include <thread>

#include <catch2/catch.hpp>
#include <pthread.h>

using namespace pbx;
using namespace pbx::net;
using namespace std::chrono_literals;

namespace {

Task<Result<std::thread::id>> where(Pool* pool) {
    auto work = []() -> Result<std::thread::id> { return std::this_thread::get_id(); };
    auto id = co_await pool->run(work);
    co_return id;
}

}  // namespace

TEST_CASE("work runs on another thread and its result comes back to the loop") {
    Loop loop;
    Pool pool(loop, 2);
    const auto id = loop.run_to_end(where(&pool));
    REQUIRE(id);
    REQUIRE(*id);
    CHECK(**id != std::this_thread::get_id());
}

TEST_CASE("done runs on the loop's thread, and the loop waits for it") {
    Loop loop;
    Pool pool(loop, 2);
    std::vector<std::thread::id> ids;
    for (int i = 0; i < 100; ++i) {
        CHECK(pool.submit([] {}, [&] { ids.push_back(std::this_thread::get_id()); }));
    }
    loop.run();
    CHECK(ids == std::vector<std::thread::id>(100, std::this_thread::get_id()));
}

TEST_CASE("a full queue refuses, and says so to who awaits") {
    Loop loop;
    std::promise<void> go, begun;
    auto gone = go.get_future();
    Pool pool(loop, 1, 2);
    CHECK(pool.submit(
        [&] {
            begun.set_value();
            gone.wait();
        },
        nullptr));
    begun.get_future().wait();
    CHECK(pool.submit([] {}, nullptr));
    CHECK(pool.submit([] {}, nullptr));
    CHECK_FALSE(pool.submit([] {}, nullptr));
    const auto id = loop.run_to_end(where(&pool));
    REQUIRE(id);
    REQUIRE_FALSE(*id);
    CHECK(id->error().code == Code::try_again);
    go.set_value();
}

TEST_CASE("where no thread is to be had work is refused, and taken when one is") {
    Loop loop;
    Pool pool(loop, 2);
    Pool::Lane lane(pool);
    pthread_attr_t before, huge;
    REQUIRE(pthread_getattr_default_np(&before) == 0);
    pthread_attr_init(&huge);
    REQUIRE(pthread_attr_setstacksize(&huge, std::size_t{1} << 46) == 0);  // half of all addresses
    REQUIRE(pthread_setattr_default_np(&huge) == 0);
    const bool taken = pool.submit([] {}, nullptr);
    const bool in_lane = lane.submit([] {}, nullptr);
    REQUIRE(pthread_setattr_default_np(&before) == 0);
    CHECK_FALSE(taken);
    CHECK_FALSE(in_lane);
    int done = 0;
    CHECK(pool.submit([] {}, [&] { ++done; }));
    CHECK(lane.submit([] {}, [&] { ++done; }));
    loop.run();
    CHECK(done == 2);
}

TEST_CASE("a lane keeps its order and never runs two at once, whatever the threads") {
    Loop loop;
    Pool pool(loop, 4);
    Pool::Lane lane(pool), other(pool);
    std::vector<int> worked, done;
    int in_it = 0, most_in_it = 0;
    for (int i = 0; i < 500; ++i) {
        auto work = [&, i] {
            most_in_it = std::max(most_in_it, ++in_it);
            worked.push_back(i);
            --in_it;
        };
        CHECK(lane.submit(work, [&, i] { done.push_back(i); }));
        CHECK(other.submit([] {}, nullptr));
    }
    loop.run();
    REQUIRE(worked.size() == 500);
    CHECK(std::is_sorted(worked.begin(), worked.end()));
    CHECK(done == worked);
    CHECK(most_in_it == 1);
}

TEST_CASE("a lane that is gone drops what has not begun and tells nobody") {
    Loop loop;
    std::promise<void> go, begun;
    auto gone = go.get_future();
    Pool pool(loop, 1);
    bool first = false, later = false, told = false;
    {
        Pool::Lane lane(pool);
        CHECK(lane.submit(
            [&] {
                begun.set_value();
                gone.wait();
            },
            [&] { first = true; }));
        CHECK(lane.submit([&] { later = true; }, [&] { told = true; }));
        begun.get_future().wait();
    }
    go.set_value();
    loop.run();
    CHECK_FALSE(first);  // its work had begun, but nobody is there to be told
    CHECK_FALSE(later);
    CHECK_FALSE(told);
}

TEST_CASE("a pool that goes away waits for the work that runs and drops the rest") {
    Loop loop;
    std::atomic<bool> ended = false, second = false;
    std::promise<void> begun;
    {
        Pool pool(loop, 1);
        CHECK(pool.submit(
            [&] {
                begun.set_value();
                while (!pool.is_stopping())
                    std::this_thread::yield();
                ended = true;
            },
            nullptr));
        begun.get_future().wait();
        CHECK(pool.submit([&] { second = true; }, nullptr));
    }
    CHECK(ended);
    CHECK_FALSE(second);
}
