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

}  // namespace pbx::devstate
