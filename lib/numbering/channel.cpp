#include "numbering/channel.hpp"

#include "numbering/request.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::numbering {

ChannelVariables channel_variables(const Found& found) {
    ChannelVariables out{.status = std::string(name_of(found.status())), .dial = found.dial()};
    for (auto i = found.record - 1; i < found.outcome.uris.size(); ++i)
        out.uris.push_back(found.outcome.uri(i));
    if (found.status() != Status::ok) out.error = found.error().text();
    return out;
}

std::vector<std::pair<std::string, std::string>> rows_of(const ChannelVariables& variables) {
    const auto count = std::min(variables.uris.size(), max_channel_uris);
    std::vector<std::pair<std::string, std::string>> out{
        {"ENUM_STATUS", variables.status},   {"ENUM_URI", count > 0 ? variables.uris.front() : ""},
        {"ENUM_DIAL", variables.dial},       {"ENUM_COUNT", std::to_string(count)},
        {"PBXCTL_RESULT", variables.status}, {"PBXCTL_ERROR", variables.error}};
    for (std::size_t i = 0; i < count; ++i)
        out.emplace_back(fmt::format("ENUM_{}", i + 1), variables.uris[i]);
    return out;
}

}  // namespace pbx::numbering
