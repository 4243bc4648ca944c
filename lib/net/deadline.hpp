// A deadline over a whole piece of work, when its parts' own deadlines do not bound it: the work is cancelled
// at its wait and unwinds. For I/O files only: it includes Asio's spawning.
#pragma once

#include "net/task.hpp"

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pbx::net {

// What `work` returned, or try_again "`what` timed out". The work has ended in either case.
template <class T>
[[nodiscard]] Task<Result<T>> with_deadline(Task<Result<T>> work, std::chrono::milliseconds limit,
                                            std::string what) {
    namespace asio = boost::asio;
    struct Shared {
        explicit Shared(const Executor& executor) : alarm(executor) {}
        asio::steady_timer alarm;
        asio::cancellation_signal stop;
        std::optional<Result<T>> value;
        std::exception_ptr thrown;
        bool ended = false;
    };
    auto executor = co_await asio::this_coro::executor;
    auto shared = std::make_shared<Shared>(executor);
    shared->alarm.expires_after(limit);
    auto ended = [shared](std::exception_ptr thrown, Result<T> value) {
        shared->ended = true;
        shared->thrown = std::move(thrown);
        if (!shared->thrown) shared->value.emplace(std::move(value));
        shared->alarm.cancel();
    };
    asio::co_spawn(executor, std::move(work),
                   asio::bind_cancellation_slot(shared->stop.slot(), std::move(ended)));
    auto waited = co_await shared->alarm.async_wait(asio::as_tuple(asio::use_awaitable));
    static_cast<void>(waited);
    const bool late = !shared->ended;
    if (late) {  // or we ourselves were cancelled, by a deadline around this one: the work ends first
        const bool throws = co_await asio::this_coro::throw_if_cancelled();
        co_await asio::this_coro::throw_if_cancelled(false);
        shared->alarm.expires_at(asio::steady_timer::time_point::max());
        shared->stop.emit(asio::cancellation_type::terminal);
        while (!shared->ended) {
            auto unwound = co_await shared->alarm.async_wait(asio::as_tuple(asio::use_awaitable));
            static_cast<void>(unwound);
        }
        co_await asio::this_coro::throw_if_cancelled(throws);
    }
    if (shared->value) co_return std::move(*shared->value);
    if (shared->thrown && !late) std::rethrow_exception(shared->thrown);
    co_return fail(Code::try_again, what + " timed out");
}

}  // namespace pbx::net
