#include "net/readiness.hpp"

#include <system_error>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace pbx::net {

namespace asio = boost::asio;

Result<std::shared_ptr<OpenFd>> OpenFd::take(const Executor& executor, int fd) {
    std::shared_ptr<OpenFd> out(new OpenFd(executor));
    out->flags_ = ::fcntl(fd, F_GETFL);
    if (out->flags_ < 0) return fail(Code::no_input, fmt::format("descriptor {} is not open", fd));
    boost::system::error_code error;
    out->descriptor_.assign(fd, error);
    if (error) {
        ::close(fd);
        return fail(Code::unavailable, fmt::format("cannot wait for descriptor {}: {}", fd, error.message()));
    }
    ::fcntl(fd, F_SETFL, out->flags_ | O_NONBLOCK);
    return out;
}

void OpenFd::close() {
    if (!descriptor_.is_open()) return;
    ::fcntl(descriptor_.native_handle(), F_SETFL, flags_);
    boost::system::error_code ignored;
    descriptor_.close(ignored);
}

Readiness::Readiness(std::shared_ptr<OpenFd> fd, Kind kind)
    : fd_(std::move(fd)), kind_(kind), alarm_(fd_->descriptor().get_executor()) {}

Task<bool> Readiness::wait(std::shared_ptr<Readiness> self, std::chrono::milliseconds limit) {
    self->begin(limit);
    auto waited = co_await self->alarm_.async_wait(asio::as_tuple(asio::use_awaitable));
    static_cast<void>(waited);
    if (self->ready_) co_return true;
    ++self->turn_;
    self->give_up_.emit(asio::cancellation_type::total);
    co_return false;
}

void Readiness::begin(std::chrono::milliseconds limit) {
    ready_ = false;
    set_alarm(alarm_, limit);
    auto came = [self = shared_from_this(), turn = ++turn_](const boost::system::error_code&) {
        if (turn != self->turn_) return;  // a wait that was given up
        self->ready_ = true;
        self->alarm_.cancel();
    };
    fd_->descriptor().async_wait(kind_, asio::bind_cancellation_slot(give_up_.slot(), std::move(came)));
}

void set_alarm(asio::steady_timer& alarm, std::chrono::milliseconds limit) {
    if (limit == no_deadline) {
        alarm.expires_at(asio::steady_timer::time_point::max());
    } else {
        alarm.expires_after(limit);
    }
}

std::string system_text(int error_number) {
    return std::generic_category().message(error_number);
}

}  // namespace pbx::net
