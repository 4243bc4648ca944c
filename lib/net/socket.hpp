// Inside net only: TCP addresses and sockets by plain system calls; the loop only waits for them.
#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>

#include <sys/socket.h>

namespace pbx::net {

struct SocketAddress {
    sockaddr_storage bytes{};
    socklen_t size = 0;

    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
    [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&bytes); }
};

// A numeric IPv4 or IPv6 address, "localhost" or "" (any address). Names are not resolved: that would block.
[[nodiscard]] Result<SocketAddress> numeric_address(const std::string& host, std::uint16_t port);
[[nodiscard]] std::string address_text(const SocketAddress& address);  // "127.0.0.1:4573", "[::1]:80"
[[nodiscard]] std::uint16_t port_of(const SocketAddress& address);

// Commands and answers are small and wait for each other.
void send_without_delay(int fd);

}  // namespace pbx::net
