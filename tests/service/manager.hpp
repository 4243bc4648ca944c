// The other end of $NOTIFY_SOCKET: what a service tells systemd, datagram by datagram.
#pragma once

#include "core/context.hpp"
#include "support/temp_folder.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace pbx::test {

class Manager {
  public:
    Manager() : path(folder_ / "notify"), socket_(socket(AF_UNIX, SOCK_DGRAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        if (bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) std::abort();
    }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;
    ~Manager() { close(socket_); }

    // The next datagram; "" when none comes in ten seconds.
    std::string next() {
        pollfd wait{socket_, POLLIN, 0};
        if (poll(&wait, 1, 10'000) != 1) return {};
        char bytes[4096];
        const auto got = recv(socket_, bytes, sizeof bytes, 0);
        return {bytes, static_cast<std::size_t>(got > 0 ? got : 0)};
    }
    bool hears(const std::string& wanted) {
        for (;;) {
            const auto datagram = next();
            if (datagram.find(wanted) != std::string::npos) return true;
            if (datagram.empty()) return false;
        }
    }

  private:
    TempFolder folder_;

  public:
    const std::string path;

  private:
    int socket_;
};

inline Environment environment_of(std::map<std::string, std::string> variables) {
    return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
        auto found = variables.find(name);
        if (found == variables.end()) return std::nullopt;
        return found->second;
    };
}

}  // namespace pbx::test
