// How loud samples are, in dBFS: 0 is a full-scale square wave, a telephone talker is about -15 to -30.
#pragma once

#include "audio/frame.hpp"

#include <span>

namespace pbx::audio {

constexpr double silence_dbfs = -96;  // digital silence; nothing is reported lower

[[nodiscard]] double rms_dbfs(std::span<const Sample> samples);
[[nodiscard]] double peak_dbfs(std::span<const Sample> samples);

// Loudness of the talking alone: RMS over the 20 ms frames within 20 dB of the loudest one, so that pauses do
// not count.
[[nodiscard]] double speech_dbfs(std::span<const Sample> samples);

}  // namespace pbx::audio
