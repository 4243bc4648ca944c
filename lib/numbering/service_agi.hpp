// The service by FastAGI: AGI(agi://127.0.0.1/enum?number=+44...&dial=pjsip:trunk) sets the variables that
// AGI(pbxctl,enum,lookup,...) sets.
#pragma once

#include "agi/session.hpp"
#include "numbering/service_desk.hpp"

#include <memory>

namespace pbx::numbering {

[[nodiscard]] net::Task<void> answer_agi(std::shared_ptr<Desk> desk, std::shared_ptr<agi::Session> session);

// All of them, one after the other; a caller who has left is no error, nobody is there to dial.
[[nodiscard]] net::Task<Result<void>> set_variables(agi::Session& session, ChannelVariables variables);

}  // namespace pbx::numbering
