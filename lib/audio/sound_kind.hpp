// What kind of sound a frame is: has it a pitch, does it hiss, is it a pure tone, or none of these. Numbers
// of one frame only; vad.hpp decides what they mean.
#pragma once

#include "audio/frame.hpp"

#include <span>

namespace pbx::audio {

struct SoundShape {
    double pitch = 0;  // 0..1: how well the last 16 ms repeat after a human pitch period or two
    double hiss = 0;   // -1..1: 1 = all energy near 4 kHz (s), 0 = white noise, -1 = all near 0 Hz
    double tone = 0;   // 0..1: how much of the energy one sine wave explains (busy, fax, beep)
    double keys = 0;   // 0..1: how much the two sine waves of a telephone key explain (DTMF)
};

constexpr std::size_t shape_samples = 2 * frame_samples;  // the frame and the one before it

// `window` is shape_samples long, its second half the frame in question.
[[nodiscard]] SoundShape shape_of(std::span<const float> window);

}  // namespace pbx::audio
