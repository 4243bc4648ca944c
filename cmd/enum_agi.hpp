// `AGI(pbxctl,enum,lookup,${N})`: what a lookup found goes to the channel's variables. The lookup itself is
// done before; here are only the AGI commands.
#pragma once

#include "core/result.hpp"
#include "numbering/channel.hpp"

namespace pbx::cmd {

// Talks AGI on stdin and stdout.
[[nodiscard]] Result<void> set_channel_variables(numbering::ChannelVariables variables);

}  // namespace pbx::cmd
