// What a lookup found, as the variables of a channel: the same by AGI() and by FastAGI.
#pragma once

#include "numbering/found.hpp"

#include <string>
#include <utility>
#include <vector>

namespace pbx::numbering {

struct ChannelVariables {
    std::string status;               // ENUM_STATUS: ok, nxdomain, ...
    std::vector<std::string> uris{};  // ENUM_URI, ENUM_1, ENUM_2, ...; ENUM_COUNT
    std::string dial{};               // ENUM_DIAL
    std::string error{};              // PBXCTL_ERROR
};

[[nodiscard]] ChannelVariables channel_variables(const Found& found);

// Name and value, in the order they are set: what is always there comes first.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> rows_of(const ChannelVariables& variables);

}  // namespace pbx::numbering
