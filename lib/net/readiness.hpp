// Inside net only: a non-blocking descriptor on the loop, and waiting until it can be read or written. No
// buffer is handed over meanwhile, so a wait that is given up leaves nothing behind that could write into
// freed memory.
#pragma once

#include "net/task.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace pbx::net {

// Owns the descriptor. A terminal or a shared pipe gets its old mode back in the end.
class OpenFd {
  public:
    [[nodiscard]] static Result<std::shared_ptr<OpenFd>> take(const Executor& executor, int fd);
    ~OpenFd() { close(); }
    OpenFd(const OpenFd&) = delete;
    OpenFd& operator=(const OpenFd&) = delete;

    [[nodiscard]] int fd() { return descriptor_.is_open() ? descriptor_.native_handle() : -1; }
    [[nodiscard]] boost::asio::posix::stream_descriptor& descriptor() { return descriptor_; }
    void close();

  private:
    explicit OpenFd(const Executor& executor) : descriptor_(executor) {}
    boost::asio::posix::stream_descriptor descriptor_;
    int flags_ = -1;
};

// One direction of a descriptor; one waiter at a time.
class Readiness : public std::enable_shared_from_this<Readiness> {
  public:
    using Kind = boost::asio::posix::descriptor_base::wait_type;
    Readiness(std::shared_ptr<OpenFd> fd, Kind kind);

    // false: the limit passed. Errors and closing are "ready": the read or write that follows tells them.
    [[nodiscard]] static Task<bool> wait(std::shared_ptr<Readiness> self, std::chrono::milliseconds limit);

  private:
    void begin(std::chrono::milliseconds limit);

    std::shared_ptr<OpenFd> fd_;
    Kind kind_;
    boost::asio::steady_timer alarm_;
    boost::asio::cancellation_signal give_up_;
    std::uint64_t turn_ = 0;
    bool ready_ = false;
};

void set_alarm(boost::asio::steady_timer& alarm, std::chrono::milliseconds limit);

[[nodiscard]] std::string system_text(int error_number);

}  // namespace pbx::net
