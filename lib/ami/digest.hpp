// Inside ami only: the Key of a login by challenge.
#pragma once

#include "core/secret.hpp"

#include <string>
#include <string_view>

namespace pbx::ami {

// md5(challenge + secret) as hex (main/manager.c).
[[nodiscard]] std::string login_key(std::string_view challenge, const Secret& secret);

}  // namespace pbx::ami
