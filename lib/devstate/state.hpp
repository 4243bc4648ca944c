// Device states as Asterisk names them, and the two notations they travel in: DeviceStateChange's words and
// ExtensionStatus' numbers. Which device has which state is not known here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace pbx::devstate {

// In the order of Asterisk's ast_device_state (include/asterisk/devicestate.h).
enum class State : std::uint8_t {
    unknown,
    not_inuse,
    inuse,
    busy,
    invalid,
    unavailable,
    ringing,
    ringinuse,
    onhold,
};

// "NOT_INUSE": what DEVICE_STATE() takes and DeviceStateChange brings.
[[nodiscard]] std::string_view name_of(State state);

// Case-insensitive; nothing for a word Asterisk doesn't have.
[[nodiscard]] std::optional<State> state_of(std::string_view name);

// ExtensionStatus' Status (main/extension_state.c); nothing for -2, "removed", and for numbers it doesn't
// have.
[[nodiscard]] std::optional<State> state_of_extension(int status);

// Asterisk refuses to set UNKNOWN ("Variable not set", func_devstate.c): UNAVAILABLE is written for it.
[[nodiscard]] State writable(State state);

}  // namespace pbx::devstate
