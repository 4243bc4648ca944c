#include "net/bell.hpp"

#include "net/readiness.hpp"

#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace pbx::net {

struct Bell::Inside {
    explicit Inside(const Executor& executor) : alarm(executor) {}
    boost::asio::steady_timer alarm;
    bool rung = false;

    static Task<bool> wait(std::shared_ptr<Inside> self, std::chrono::milliseconds limit) {
        if (!self->rung) {
            set_alarm(self->alarm, limit);
            auto waited = co_await self->alarm.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
            static_cast<void>(waited);
        }
        co_return std::exchange(self->rung, false);
    }
};

Bell::Bell(Executor executor) : inside_(std::make_shared<Inside>(executor)) {}

Bell::~Bell() {
    ring();
}

void Bell::ring() {
    inside_->rung = true;
    inside_->alarm.cancel();
}

Task<bool> Bell::wait(std::chrono::milliseconds limit) {
    return Inside::wait(inside_, limit);
}

Task<void> sleep_for(std::chrono::milliseconds time) {
    auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer alarm(executor);
    set_alarm(alarm, time);
    auto waited = co_await alarm.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    static_cast<void>(waited);
}

}  // namespace pbx::net
