// Accepts TCP connections up to a limit and hands each to a coroutine. Binds an address, or takes the socket
// systemd passed (socket activation). Names are not resolved: addresses only.
#pragma once

#include "net/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace pbx::net {

struct ListenOptions {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;              // 0 = the kernel's choice, see port()
    std::optional<int> inherited{};      // a listening socket to take instead; it stays open
    std::size_t max_connections = 1024;  // more are closed at once and counted
};

class Listener {
  public:
    using Handler = std::function<Task<void>(std::unique_ptr<Stream>)>;

    // Listens at once; connections are accepted when the loop runs.
    [[nodiscard]] static Result<std::unique_ptr<Listener>> open(Executor executor, ListenOptions options,
                                                                Handler handler);
    ~Listener();  // stops accepting; connections already handed over live on
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::size_t connections() const;
    [[nodiscard]] std::uint64_t refused() const;

  private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
    explicit Listener(std::shared_ptr<Inside> inside);
};

}  // namespace pbx::net
