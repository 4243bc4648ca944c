#include "net/readiness.hpp"
#include "net/socket.hpp"
#include "net/stream.hpp"

#include <cerrno>

#include <boost/asio/this_coro.hpp>
#include <fcntl.h>
#include <unistd.h>

namespace pbx::net {

Task<Result<std::unique_ptr<Stream>>> connect_tcp(std::string host, std::uint16_t port, milliseconds limit) {
    auto executor = co_await boost::asio::this_coro::executor;
    auto address = numeric_address(host, port);
    if (!address) co_return tl::unexpected(address.error());
    const auto name = address_text(*address);
    const int fd = ::socket(address->bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) co_return fail(Code::unavailable, system_text(errno), name);
    send_without_delay(fd);
    const int begun = ::connect(fd, address->get(), address->size);
    int error = begun == 0 ? 0 : errno;
    auto socket = OpenFd::take(executor, fd);
    if (!socket) co_return within(name, socket.error());
    if (error == EINPROGRESS) {
        auto writable = std::make_shared<Readiness>(*socket, Readiness::Kind::wait_write);
        bool ready = co_await Readiness::wait(writable, limit);
        if (!ready) co_return fail(Code::try_again, "connecting timed out", name);
        socklen_t size = sizeof(error);
        if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    }
    if (error != 0) co_return fail(Code::unavailable, system_text(error), name);
    const int ours = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);  // the first one is closed with `socket`
    if (ours < 0) co_return fail(Code::unavailable, system_text(errno), name);
    co_return open_tcp(executor, ours, name);
}

}  // namespace pbx::net
