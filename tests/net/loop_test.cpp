#include "net/loop.hpp"

#include "net/bell.hpp"
#include "net/deadline.hpp"
#include "net/signals.hpp"

#include <csignal>
#include <thread>

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::net;
using namespace std::chrono_literals;

namespace {

Task<Result<int>> seven() {
    co_return 7;
}

Task<Result<int>> never(bool* unwound) {
    struct Told {
        bool* flag;
        ~Told() { *flag = true; }
    } told{unwound};
    co_await sleep_for(1h);
    co_await sleep_for(1h);
    co_return 1;
}

// Takes some turns of the loop to end when it is cancelled.
Task<Result<int>> slow_to_end(bool* unwound) {
    auto executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    boost::asio::steady_timer timer(executor, 60s);
    auto waited = co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    static_cast<void>(waited);
    for (int i = 0; i < 10; ++i)
        co_await boost::asio::post(executor, boost::asio::use_awaitable);
    *unwound = true;
    co_return fail(Code::try_again, "ended");
}

Task<bool> wait_for(std::shared_ptr<Bell> bell, milliseconds limit) {
    bool rung = co_await bell->wait(limit);
    co_return rung;
}

Task<void> ring_later(std::shared_ptr<Bell> bell) {
    bell->ring();
    co_return;
}

}  // namespace

TEST_CASE("a coroutine runs to its end and gives its value") {
    Loop loop;
    auto value = loop.run_to_end(seven());
    REQUIRE(value);
    CHECK(**value == 7);
    value = loop.run_to_end(seven());  // a loop may run again
    REQUIRE(value);
}

TEST_CASE("work posted from another thread runs on the loop") {
    Loop loop;
    auto bell = std::make_shared<Bell>(loop.executor());
    std::thread other([&] { loop.post([&] { bell->ring(); }); });
    auto rung = loop.run_to_end(wait_for(bell, 10s));
    other.join();
    CHECK(rung == true);
}

TEST_CASE("a bell rung before the wait is not missed, and two rings are one") {
    Loop loop;
    auto bell = std::make_shared<Bell>(loop.executor());
    bell->ring();
    bell->ring();
    CHECK(loop.run_to_end(wait_for(bell, 10s)) == true);
    CHECK(loop.run_to_end(wait_for(bell, 1ms)) == false);
}

TEST_CASE("a bell wakes who waits without a limit") {
    Loop loop;
    auto bell = std::make_shared<Bell>(loop.executor());
    loop.spawn(ring_later(bell));
    CHECK(loop.run_to_end(wait_for(bell, no_deadline)) == true);
}

TEST_CASE("work within its deadline gives its result") {
    Loop loop;
    auto value = loop.run_to_end(with_deadline(seven(), 10s, "seven"));
    REQUIRE(value);
    CHECK(*value == 7);
}

TEST_CASE("work past its deadline is unwound and is a timeout") {
    Loop loop;
    bool unwound = false;
    auto value = loop.run_to_end(with_deadline(never(&unwound), 1ms, "waiting"));
    REQUIRE(value);
    REQUIRE_FALSE(*value);
    CHECK(value->error().code == Code::try_again);
    CHECK(value->error().what == "waiting timed out");
    CHECK(unwound);
}

TEST_CASE("a deadline around another one waits for the work, too") {
    Loop loop;
    bool unwound = false;
    auto inner = with_deadline(slow_to_end(&unwound), 10s, "inner");
    auto value = loop.run_to_end(with_deadline(std::move(inner), 1ms, "outer"));
    REQUIRE(value);
    CHECK_FALSE(*value);
    CHECK(unwound);
}

TEST_CASE("a watched signal is an event, and only while it is watched") {
    Loop loop;
    auto bell = std::make_shared<Bell>(loop.executor());
    int seen = 0;
    auto on_signal = [&](int number) {
        seen = number;
        bell->ring();
    };
    auto signals = Signals::watch(loop.executor(), {SIGHUP, SIGUSR1}, on_signal);
    REQUIRE(signals);
    std::raise(SIGHUP);
    CHECK(loop.run_to_end(wait_for(bell, 10s)) == true);
    CHECK(seen == SIGHUP);
    std::raise(SIGUSR1);
    CHECK(loop.run_to_end(wait_for(bell, 10s)) == true);
    CHECK(seen == SIGUSR1);
    signals->reset();
    struct sigaction now {};
    REQUIRE(sigaction(SIGHUP, nullptr, &now) == 0);
    CHECK(now.sa_handler == SIG_DFL);
}
