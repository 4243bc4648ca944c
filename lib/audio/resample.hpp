// Changes the sampling rate, whole recordings at a time, band-limited (speexdsp).
#pragma once

#include "audio/frame.hpp"
#include "core/result.hpp"

#include <span>

namespace pbx::audio {

// `from` and `to` in Hz, 4000..192000. The result is as long in time as the input: the filter's delay is cut.
[[nodiscard]] Result<Samples> resample(std::span<const Sample> samples, unsigned from, unsigned to);

}  // namespace pbx::audio
