#include "net/stream.hpp"

#include "net/bell.hpp"
#include "net/readiness.hpp"

#include <cerrno>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pbx::net {

namespace {

struct Ends {
    std::shared_ptr<OpenFd> in, out;
    std::shared_ptr<Readiness> readable, writable;
    std::string name;
};

Task<Result<std::size_t>> read_from(std::shared_ptr<Ends> ends, std::span<char> into, milliseconds limit) {
    while (true) {
        const int fd = ends->in->fd();
        if (fd < 0) co_return fail(Code::unavailable, "closed", ends->name);
        const auto got = ::read(fd, into.data(), into.size());
        if (got >= 0) co_return static_cast<std::size_t>(got);
        const int error = errno;
        if (error == EINTR) continue;
        if (error != EAGAIN && error != EWOULDBLOCK) {
            co_return fail(Code::unavailable, "cannot read: " + system_text(error), ends->name);
        }
        bool ready = co_await Readiness::wait(ends->readable, limit);
        if (!ready) co_return fail(Code::try_again, "nothing came in time", ends->name);
    }
}

Task<Result<void>> write_to(std::shared_ptr<Ends> ends, std::string bytes, milliseconds limit) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        const int fd = ends->out->fd();
        if (fd < 0) co_return fail(Code::unavailable, "closed", ends->name);
        const auto put = ::write(fd, bytes.data() + done, bytes.size() - done);
        if (put >= 0) {
            done += static_cast<std::size_t>(put);
            continue;
        }
        const int error = errno;
        if (error == EINTR) continue;
        if (error != EAGAIN && error != EWOULDBLOCK) {
            co_return fail(Code::unavailable, "cannot write: " + system_text(error), ends->name);
        }
        bool ready = co_await Readiness::wait(ends->writable, limit);
        if (!ready) co_return fail(Code::try_again, "the peer does not read", ends->name);
    }
    co_return Result<void>{};
}

class FdStream final : public Stream {
  public:
    explicit FdStream(std::shared_ptr<Ends> ends) : ends_(std::move(ends)) {}
    ~FdStream() override { FdStream::close(); }
    FdStream(const FdStream&) = delete;
    FdStream& operator=(const FdStream&) = delete;

    Task<Result<std::size_t>> read_some(std::span<char> into, milliseconds limit) override {
        return read_from(ends_, into, limit);
    }
    Task<Result<void>> write_all(std::string bytes, milliseconds limit) override {
        return write_to(ends_, std::move(bytes), limit);
    }
    std::optional<std::size_t> unread_by_peer() const override {
        struct stat kind {};
        const int fd = ends_->out->fd();
        if (fd < 0 || ::fstat(fd, &kind) != 0) return std::nullopt;
        int count = 0;
        if (S_ISFIFO(kind.st_mode) && ::ioctl(fd, FIONREAD, &count) == 0)
            return static_cast<std::size_t>(count);
        int family = 0;
        socklen_t size = sizeof(family);
        if (S_ISSOCK(kind.st_mode) && ::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &size) == 0 &&
            family == AF_UNIX && ::ioctl(fd, SIOCOUTQ, &count) == 0) {
            return static_cast<std::size_t>(count);
        }
        return std::nullopt;
    }
    void close() override {
        ends_->in->close();
        ends_->out->close();
    }
    std::string peer() const override { return ends_->name; }

  private:
    std::shared_ptr<Ends> ends_;
};

}  // namespace

Task<Result<std::size_t>> Stream::read_gathered(std::span<char> into, milliseconds pause,
                                                milliseconds limit) {
    if (pause > pause.zero()) co_await sleep_for(pause);
    co_return co_await read_some(into, limit);
}

Result<std::unique_ptr<Stream>> open_fds(Executor executor, int in, int out, std::string name) {
    auto ends = std::make_shared<Ends>();
    auto reading = OpenFd::take(executor, in);
    if (!reading) return within(name, reading.error());
    ends->in = ends->out = *reading;
    if (in != out) {
        auto writing = OpenFd::take(executor, out);
        if (!writing) return within(name, writing.error());
        ends->out = *writing;
    }
    ends->readable = std::make_shared<Readiness>(ends->in, Readiness::Kind::wait_read);
    ends->writable = std::make_shared<Readiness>(ends->out, Readiness::Kind::wait_write);
    ends->name = std::move(name);
    return std::make_unique<FdStream>(std::move(ends));
}

}  // namespace pbx::net
