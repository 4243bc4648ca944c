// What kind of sound a frame is: has it a pitch, does it hiss, is it a pure tone, a telephone key. Numbers of
// one frame only; vad.hpp decides what they mean. Samples are full scale +-32768 as float.
#pragma once

#include "audio/frame.hpp"

#include <span>

namespace pbx::audio {

constexpr std::size_t pitch_samples = 2 * frame_samples;  // the frame and the one before it

// 0..1: how well the last 16 ms of `window` (pitch_samples long) repeat after a human pitch period or two.
[[nodiscard]] double pitch_of(std::span<const float> window);

// -1..1: 1 = all energy near 4 kHz (s), 0 = white noise, -1 = all near 0 Hz.
[[nodiscard]] double hiss_of(std::span<const float> frame);

// 0..1: how much of the energy one sine wave explains (busy, fax, beep).
[[nodiscard]] double tone_of(std::span<const float> frame);

// 0..1: how much of it the two sine waves of a telephone key explain (DTMF).
[[nodiscard]] double keys_of(std::span<const float> frame);

}  // namespace pbx::audio
