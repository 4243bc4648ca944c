// Why Asterisk refused an action, as an Error that says what to change: the right in manager.conf, the
// module, the login. Pure.
#pragma once

#include "ami/message.hpp"

#include <string_view>

namespace pbx::ami {

// For "Response: Error". refused: the user lacks the right; no: Asterisk has no such action (a module is not
// loaded, or its version is too old); data: it did not take these values.
[[nodiscard]] Error error_of(std::string_view action, const Message& response, std::string_view user);

// The classes of manager.conf's write that allow an action, "call or reporting"; empty for actions not known
// here.
[[nodiscard]] std::string_view rights_for(std::string_view action);

// The module that brings an action, "res_manager_devicestate.so"; empty: the core.
[[nodiscard]] std::string_view module_of(std::string_view action);

// A list's last event: "EventList: Complete", or "...Complete" (Asterisk 1.8 to 11).
[[nodiscard]] bool ends_list(const Message& event);

}  // namespace pbx::ami
