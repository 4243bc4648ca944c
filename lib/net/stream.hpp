// Bytes both ways with a deadline on every wait: a pair of file descriptors (stdin and stdout), or a TCP
// connection. One reader and one writer at a time; all on the loop's thread.
#pragma once

#include "net/task.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace pbx::net {

class Stream {
  public:
    virtual ~Stream() = default;
    // Bytes read; 0 = the peer closed. try_again = the deadline passed.
    [[nodiscard]] virtual Task<Result<std::size_t>> read_some(std::span<char> into, milliseconds limit) = 0;
    // The same after a pause, in which what comes is let gather: of a busy peer a few large reads instead of
    // many small ones. A connection wakes nobody up meanwhile.
    [[nodiscard]] virtual Task<Result<std::size_t>> read_gathered(std::span<char> into, milliseconds pause,
                                                                  milliseconds limit);
    // Everything or an error.
    [[nodiscard]] virtual Task<Result<void>> write_all(std::string bytes, milliseconds limit) = 0;
    // Bytes written that the peer has not read yet; nothing where the kernel cannot tell (TCP).
    [[nodiscard]] virtual std::optional<std::size_t> unread_by_peer() const = 0;
    virtual void close() = 0;                            // waiting reads and writes end with an error
    [[nodiscard]] virtual std::string peer() const = 0;  // for logs and errors: "stdin", "127.0.0.1:4573"
};

// Takes both descriptors and closes them in the end; they may be the same one (a socket). They are
// non-blocking meanwhile.
[[nodiscard]] Result<std::unique_ptr<Stream>> open_fds(Executor executor, int in, int out, std::string name);

// A TCP connection; takes the descriptor, on error too.
[[nodiscard]] Result<std::unique_ptr<Stream>> open_tcp(Executor executor, int fd, std::string name);

// `host` is a numeric address or "localhost": names are not resolved, as that would block the loop.
[[nodiscard]] Task<Result<std::unique_ptr<Stream>>> connect_tcp(std::string host, std::uint16_t port,
                                                                milliseconds limit);

}  // namespace pbx::net
