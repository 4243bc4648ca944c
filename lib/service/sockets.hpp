// Socket activation: listening sockets that systemd opened and passed on (sd_listen_fds(3)).
#pragma once

#include "core/context.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pbx::service {

struct PassedSocket {
    int descriptor = -1;
    std::string name{};  // FileDescriptorName= of the .socket unit; without it the unit's own, or "unknown"
};

// Those of $LISTEN_FDS, if they are for this process; from then on no child inherits them. To be asked once.
[[nodiscard]] std::vector<PassedSocket> passed_sockets(const Environment& environment);

// The one of this name, or the only one when nobody named it; -1: none, open a socket of our own.
[[nodiscard]] int passed_socket(const std::vector<PassedSocket>& sockets, std::string_view name);

}  // namespace pbx::service
