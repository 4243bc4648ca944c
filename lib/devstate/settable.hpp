// What of Asterisk's states can be set from outside, and how: Custom: devices by DEVICE_STATE(),
// CustomPresence: by PRESENCE_STATE(). Pure.
#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>

namespace pbx::devstate {

struct Setting {
    std::string variable;  // "DEVICE_STATE(Custom:lamp)"
    std::string value;     // "INUSE"; "dnd,subtype,message"
};

// Refused (data), with the reason: a device that is not Custom:, a name that Asterisk would corrupt or could
// not be subscribed to, a state it does not take.
[[nodiscard]] Result<Setting> setting_of(std::string_view device, std::string_view state);

// What PRESENCE_STATE() takes for "dnd,subtype,message": a message with a comma must go as base64, for what
// is behind its comma would be options (func_presencestate.c).
[[nodiscard]] Result<std::string> presence_value(std::string_view value);

}  // namespace pbx::devstate
