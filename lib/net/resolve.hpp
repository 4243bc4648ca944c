// Names to addresses by getaddrinfo(3) (hosts file, DNS: as the machine is set up) without holding up the
// loop: each question has a thread of its own (net/aside).
#pragma once

#include "net/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pbx::net {

inline constexpr std::size_t most_addresses = 16;  // of one name

// Numeric addresses in the order to try them. unavailable: no such name; try_again: the limit passed.
[[nodiscard]] Task<Result<std::vector<std::string>>> resolve(std::string host, milliseconds limit);

// `host` is a name or an address; its addresses are tried in turn, all within `limit`.
[[nodiscard]] Task<Result<std::unique_ptr<Stream>>> connect_host(std::string host, std::uint16_t port,
                                                                 milliseconds limit);

}  // namespace pbx::net
