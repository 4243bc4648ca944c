// What a service tells systemd, by the datagrams of sd_notify(3): a stable protocol of a few lines, written
// here because libsystemd.so with its six libraries costs 4 ms before main() of every command. Without
// $NOTIFY_SOCKET everything is silently nothing, as sd_notify does.
#pragma once

#include "core/context.hpp"
#include "core/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pbx::service {

class Notify {
  public:
    // Takes $NOTIFY_SOCKET: a path or an abstract name "@…"; other forms (vsock) are refused by send().
    explicit Notify(const Environment& environment);

    [[nodiscard]] bool active() const { return !socket_.empty(); }
    // Lines of NAME=value. Never blocks.
    [[nodiscard]] Result<void> send(const std::string& message) const;

    // Failures of these are logged: a service goes on without its manager.
    void ready() const;
    void reloading(const Clock& clock) const;  // ready() follows when it is done
    void stopping() const;
    void watchdog() const;
    void status(std::string_view text) const;  // STATUS= of `systemctl status`

  private:
    void tell(const std::string& message) const;
    std::string socket_;
};

// How often systemd wants to hear watchdog(): half of $WATCHDOG_USEC, if it is for this process.
[[nodiscard]] std::optional<std::chrono::milliseconds> watchdog_interval(const Environment& environment);

}  // namespace pbx::service
