// G.711: one byte a sample on the telephone line, 16-bit samples inside.
#pragma once

#include "audio/frame.hpp"

#include <cstdint>

namespace pbx::audio {

[[nodiscard]] Sample from_mulaw(std::uint8_t code);
[[nodiscard]] Sample from_alaw(std::uint8_t code);
[[nodiscard]] std::uint8_t to_mulaw(Sample sample);
[[nodiscard]] std::uint8_t to_alaw(Sample sample);

}  // namespace pbx::audio
