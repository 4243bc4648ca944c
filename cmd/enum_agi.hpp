// `AGI(pbxctl,enum,lookup,${N})`: what a lookup found goes to the channel's variables. The lookup itself is
// done before; here are only the AGI commands.
#pragma once

#include "core/result.hpp"

#include <string>
#include <vector>

namespace pbx::cmd {

struct ChannelVariables {
    std::string status;               // ENUM_STATUS: ok, nxdomain, ...
    std::vector<std::string> uris{};  // ENUM_URI, ENUM_1, ENUM_2, ...; ENUM_COUNT
    std::string dial{};               // ENUM_DIAL
    std::string error{};              // PBXCTL_ERROR
};

inline constexpr std::size_t max_channel_uris = 20;

// Talks AGI on stdin and stdout.
[[nodiscard]] Result<void> set_channel_variables(ChannelVariables variables);

}  // namespace pbx::cmd
