#include "service/notify.hpp"

#include "core/log.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace pbx::service {

Notify::Notify(const Environment& environment) : socket_(environment("NOTIFY_SOCKET").value_or("")) {}

Result<void> Notify::send(const std::string& message) const {
    if (socket_.empty()) return {};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const bool abstract = socket_.front() == '@';
    if ((!abstract && socket_.front() != '/') || socket_.size() >= sizeof address.sun_path)
        return fail(Code::data, "no path", "$NOTIFY_SOCKET");
    std::memcpy(address.sun_path, socket_.data(), socket_.size());
    if (abstract) address.sun_path[0] = '\0';
    const int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (descriptor < 0) return fail(Code::unavailable, std::strerror(errno), "notify socket");
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
    const auto sent = sendto(descriptor, message.data(), message.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address), size);
    const int why = errno;
    close(descriptor);
    if (sent < 0) return fail(Code::unavailable, std::strerror(why), "notify " + socket_);
    return {};
}

void Notify::tell(const std::string& message) const {
    if (auto sent = send(message); !sent) log::warning("service: {}", sent.error().text());
}

void Notify::ready() const {
    tell("READY=1\n");
}

void Notify::reloading(const Clock& clock) const {
    // Type=notify-reload (systemd 253) wants the time too: CLOCK_MONOTONIC, which steady_clock is on Linux
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(clock.now().time_since_epoch());
    tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}\n", now.count()));
}

void Notify::stopping() const {
    tell("STOPPING=1\n");
}

void Notify::watchdog() const {
    tell("WATCHDOG=1\n");
}

void Notify::status(std::string_view text) const {
    tell("STATUS=" + log::cleaned(text) + "\n");
}

std::optional<std::chrono::milliseconds> watchdog_interval(const Environment& environment) {
    const auto microseconds = text::to_integer(environment("WATCHDOG_USEC").value_or(""));
    if (!microseconds || *microseconds <= 0) return std::nullopt;
    if (auto owner = environment("WATCHDOG_PID"); owner && text::to_integer(*owner) != getpid())
        return std::nullopt;
    return std::chrono::milliseconds(std::max(*microseconds / 2000, 1LL));
}

}  // namespace pbx::service
