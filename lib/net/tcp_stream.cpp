// A connection as a Stream, for many of them with short messages. What comes is received into a buffer of the
// connection's own, so a read that is given up loses nothing and leaves no buffer behind that is gone; and a
// message costs one receive and one send, with none in vain and no epoll_ctl(2) between.
#include "net/bell.hpp"
#include "net/readiness.hpp"
#include "net/stream.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/socket.h>
#include <unistd.h>

namespace pbx::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t room_size = 4096;
constexpr int gathered = 32 * 1024;  // bytes: fewer wake nobody up in a pause

struct Connection : std::enable_shared_from_this<Connection> {
    Connection(const Executor& executor, std::string the_name)
        : socket(executor), reading(executor), writing(executor), name(std::move(the_name)) {}

    using Self = std::shared_ptr<Connection>;
    static Task<Result<std::size_t>> read(Self self, std::span<char> into, milliseconds limit);
    static Task<Result<std::size_t>> read_gathered(Self self, std::span<char> into, milliseconds pause,
                                                   milliseconds limit);
    static Task<Result<void>> write(Self self, std::string bytes, milliseconds limit);

    void receive();
    void watch_room();
    void wake_from(int bytes);
    void close() {
        boost::system::error_code ignored;
        socket.close(ignored);
    }

    asio::generic::stream_protocol::socket socket;
    asio::steady_timer reading, writing;  // who waits, until when
    std::string name;
    std::array<char, room_size> room;
    std::size_t begin = 0, end = 0;  // of what was received and not read yet
    boost::system::error_code error;
    bool receiving = false, watching = false;
};

void Connection::receive() {
    if (std::exchange(receiving, true)) return;
    socket.async_receive(asio::buffer(room),
                         [self = shared_from_this()](boost::system::error_code failed, std::size_t size) {
                             self->receiving = false;
                             self->error = failed;
                             self->begin = 0;
                             self->end = failed ? 0 : size;
                             self->reading.cancel();
                         });
}

Task<Result<std::size_t>> Connection::read(Self self, std::span<char> into, milliseconds limit) {
    if (!self->socket.is_open()) co_return fail(Code::unavailable, "closed", self->name);
    if (into.empty()) co_return std::size_t{0};
    if (self->begin == self->end && !self->error) {
        set_alarm(self->reading, limit);
        self->receive();
        auto waited = co_await self->reading.async_wait(asio::as_tuple(asio::use_awaitable));
        static_cast<void>(waited);
    }
    if (self->begin < self->end) {
        const auto size = std::min(into.size(), self->end - self->begin);
        std::memcpy(into.data(), self->room.data() + self->begin, size);
        self->begin += size;
        co_return size;
    }
    if (self->receiving) co_return fail(Code::try_again, "nothing came in time", self->name);
    if (self->error == asio::error::eof) co_return std::size_t{0};
    co_return fail(Code::unavailable, "cannot read: " + self->error.message(), self->name);
}

// Below so many the kernel doesn't tell of what came, nor hold up the sender for waking us. As we wait for
// edges it would tell of each segment, though nobody reads just now.
void Connection::wake_from(int bytes) {
    if (socket.is_open())
        ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof(bytes));
}

Task<Result<std::size_t>> Connection::read_gathered(Self self, std::span<char> into, milliseconds pause,
                                                    milliseconds limit) {
    if (pause > pause.zero() && self->begin == self->end && !self->error && !self->receiving &&
        self->socket.is_open()) {
        self->wake_from(gathered);
        co_await sleep_for(pause);
        self->wake_from(1);
        if (self->socket.is_open()) {
            const auto got = ::recv(self->socket.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
            if (got > 0) co_return static_cast<std::size_t>(got);
        }
    }
    co_return co_await read(self, into, limit);  // it tells of an end or an error, too
}

void Connection::watch_room() {
    if (std::exchange(watching, true)) return;
    const auto came = [self = shared_from_this()](const boost::system::error_code&) {
        self->watching = false;
        self->writing.cancel();
    };
    socket.async_wait(asio::socket_base::wait_write, came);
}

Task<Result<void>> Connection::write(Self self, std::string bytes, milliseconds limit) {
    std::size_t done = 0;
    while (done < bytes.size()) {
        if (!self->socket.is_open()) co_return fail(Code::unavailable, "closed", self->name);
        const auto put = ::send(self->socket.native_handle(), bytes.data() + done, bytes.size() - done,
                                MSG_NOSIGNAL | MSG_DONTWAIT);
        if (put >= 0) {
            done += static_cast<std::size_t>(put);
            continue;
        }
        const int failed = errno;
        if (failed == EINTR) continue;
        if (failed != EAGAIN && failed != EWOULDBLOCK)
            co_return fail(Code::unavailable, "cannot write: " + system_text(failed), self->name);
        set_alarm(self->writing, limit);
        self->watch_room();
        auto waited = co_await self->writing.async_wait(asio::as_tuple(asio::use_awaitable));
        static_cast<void>(waited);
        if (self->watching) co_return fail(Code::try_again, "the peer does not read", self->name);
    }
    co_return Result<void>{};
}

class TcpStream final : public Stream {
  public:
    explicit TcpStream(Connection::Self connection) : connection_(std::move(connection)) {}
    ~TcpStream() override { connection_->close(); }
    TcpStream(const TcpStream&) = delete;
    TcpStream& operator=(const TcpStream&) = delete;

    Task<Result<std::size_t>> read_some(std::span<char> into, milliseconds limit) override {
        return Connection::read(connection_, into, limit);
    }
    Task<Result<std::size_t>> read_gathered(std::span<char> into, milliseconds pause,
                                            milliseconds limit) override {
        return Connection::read_gathered(connection_, into, pause, limit);
    }
    Task<Result<void>> write_all(std::string bytes, milliseconds limit) override {
        return Connection::write(connection_, std::move(bytes), limit);
    }
    std::optional<std::size_t> unread_by_peer() const override { return std::nullopt; }
    void close() override { connection_->close(); }
    std::string peer() const override { return connection_->name; }

  private:
    Connection::Self connection_;
};

}  // namespace

Result<std::unique_ptr<Stream>> open_tcp(Executor executor, int fd, std::string name) {
    sockaddr_storage own{};
    socklen_t size = sizeof(own);
    boost::system::error_code error;
    auto connection = std::make_shared<Connection>(executor, std::move(name));
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) != 0)
        error.assign(errno, boost::system::system_category());
    else
        connection->socket.assign({own.ss_family, IPPROTO_TCP}, fd, error);
    if (!error) return std::make_unique<TcpStream>(std::move(connection));
    ::close(fd);
    return fail(Code::unavailable, "cannot wait for it: " + error.message(), connection->name);
}

}  // namespace pbx::net
