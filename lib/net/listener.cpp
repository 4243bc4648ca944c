#include "net/listener.hpp"

#include "net/bell.hpp"
#include "net/loop.hpp"
#include "net/readiness.hpp"
#include "net/socket.hpp"

#include <cerrno>

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace pbx::net {

namespace {

constexpr int backlog = 512;
constexpr milliseconds pause_after_error{100};  // no descriptors left: accept() would fail again at once
constexpr unsigned most_in_a_row = 64;          // accepted at one go, so that others get their turn

// A copy: the socket stays systemd's and ours to listen on again, after a reload.
Result<int> inherited_socket(int given) {
    const auto name = "descriptor " + std::to_string(given);
    int listens = 0;
    socklen_t size = sizeof(listens);
    if (::getsockopt(given, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0)
        return fail(Code::config, "no listening socket", name,
                    "check the .socket unit: ListenStream, Accept=no");
    const int fd = ::fcntl(given, F_DUPFD_CLOEXEC, 0);
    if (fd < 0) return fail(Code::unavailable, system_text(errno), name);
    return fd;
}

Result<int> listening_socket(const ListenOptions& options) {
    if (options.inherited) return inherited_socket(*options.inherited);
    auto address = numeric_address(options.address, options.port);
    if (!address) return tl::unexpected(address.error());
    const auto name = address_text(*address);
    const int fd = ::socket(address->bytes.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return fail(Code::unavailable, system_text(errno), name);
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (::bind(fd, address->get(), address->size) != 0 || ::listen(fd, backlog) != 0) {
        const int error = errno;
        ::close(fd);
        return fail(Code::unavailable, "cannot listen: " + system_text(error), name);
    }
    return fd;
}

}  // namespace

struct Listener::Inside {
    Executor executor;
    Handler handler;
    std::size_t max_connections = 0;
    std::shared_ptr<OpenFd> fd{};
    std::shared_ptr<Readiness> readable{};
    std::uint16_t port = 0;
    std::size_t connections = 0;
    std::uint64_t refused = 0;

    using Self = std::shared_ptr<Inside>;

    static Task<void> accept(Self self) {
        unsigned in_a_row = 0;
        while (self->fd->fd() >= 0) {
            if (++in_a_row > most_in_a_row) {
                in_a_row = 0;
                co_await boost::asio::post(self->executor, boost::asio::use_awaitable);
                continue;
            }
            SocketAddress peer;
            peer.size = sizeof(peer.bytes);
            const int fd = ::accept4(self->fd->fd(), peer.get(), &peer.size, SOCK_CLOEXEC);
            if (fd >= 0) {
                self->take(self, fd, address_text(peer));
                continue;
            }
            const int error = errno;
            if (error == EAGAIN || error == EWOULDBLOCK) {
                bool ready = co_await Readiness::wait(self->readable, no_deadline);
                static_cast<void>(ready);
                in_a_row = 0;
            } else if (error != EINTR && error != ECONNABORTED) {
                co_await sleep_for(pause_after_error);
            }
        }
    }

    void take(const Self& self, int connected, std::string peer) {
        if (connections >= max_connections) {
            ++refused;
            ::close(connected);
            return;
        }
        send_without_delay(connected);
        auto stream = open_tcp(executor, connected, std::move(peer));
        if (!stream) return;
        ++connections;
        spawn(executor, serve(self, std::move(*stream)));
    }

    static Task<void> serve(Self self, std::unique_ptr<Stream> stream) {
        auto served = self->handler(std::move(stream));
        co_await std::move(served);
        --self->connections;
    }
};

Listener::Listener(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}

Listener::~Listener() {
    inside_->fd->close();
}

Result<std::unique_ptr<Listener>> Listener::open(Executor executor, ListenOptions options, Handler handler) {
    auto fd = listening_socket(options);
    if (!fd) return tl::unexpected(fd.error());
    auto taken = OpenFd::take(executor, *fd);
    if (!taken) return tl::unexpected(taken.error());
    auto inside = std::make_shared<Inside>();
    inside->executor = executor;
    inside->handler = std::move(handler);
    inside->max_connections = options.max_connections;
    inside->fd = *taken;
    inside->readable = std::make_shared<Readiness>(*taken, Readiness::Kind::wait_read);
    SocketAddress bound;
    bound.size = sizeof(bound.bytes);
    if (::getsockname(*fd, bound.get(), &bound.size) == 0) inside->port = port_of(bound);
    spawn(executor, Inside::accept(inside));
    return std::unique_ptr<Listener>(new Listener(std::move(inside)));
}

std::uint16_t Listener::port() const {
    return inside_->port;
}

std::size_t Listener::connections() const {
    return inside_->connections;
}

std::uint64_t Listener::refused() const {
    return inside_->refused;
}

}  // namespace pbx::net
