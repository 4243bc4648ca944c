// `pbxctl enum lookup --serve`: look-ups for Asterisk by FastAGI and HTTP for as long as it runs. The work is
// numbering/service's.
#pragma once

#include "cmd/command.hpp"

namespace pbx::cmd {

// --serve, --listen or --http was given.
[[nodiscard]] bool is_service(const Given& given);
[[nodiscard]] Result<int> serve_lookups(Frame& frame);

}  // namespace pbx::cmd
