// /etc/resolv.conf as far as asking by full name needs it: servers and the options about time and order.
// Search lists do not matter: ENUM's names are whole.
#pragma once

#include "dns/server.hpp"

#include <chrono>
#include <string_view>
#include <vector>

namespace pbx::dns {

inline constexpr std::size_t max_resolv_servers = 3;  // MAXNS of resolv.h: glibc reads no more

struct ResolvConf {
    std::vector<Server> servers;  // 127.0.0.1 where the file names none, as glibc does
    std::chrono::seconds timeout{5};
    unsigned attempts = 2;
    bool rotate = false;
};

// Lines it cannot read are left out, as glibc does: an admin's other programs live with the same file.
[[nodiscard]] ResolvConf parse_resolv_conf(std::string_view text);
// A file that is not there is an empty one; no_input when it cannot be read.
[[nodiscard]] Result<ResolvConf> read_resolv_conf(const std::string& path = "/etc/resolv.conf");

}  // namespace pbx::dns
