// A name server's address. Numeric: finding a name server by its name would need one.
#pragma once

#include "core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include <sys/socket.h>

namespace pbx::dns {

inline constexpr std::uint16_t default_port = 53;

struct Server {
    sockaddr_storage bytes{};
    socklen_t size = 0;

    // "192.0.2.1", "192.0.2.1:5353", "2001:db8::1", "[2001:db8::1]:5353", "fe80::1%eth0", "localhost:5335"
    [[nodiscard]] static Result<Server> parse(std::string_view text, std::uint16_t port = default_port);
    [[nodiscard]] std::string text() const;  // with its port
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&bytes); }
};

}  // namespace pbx::dns
