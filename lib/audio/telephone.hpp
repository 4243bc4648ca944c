// Makes a synthetic voice fit for a telephone: the band that a call carries, one loudness, no clipping.
#pragma once

#include "audio/frame.hpp"

namespace pbx::audio {

constexpr double spoken_dbfs = -19;      // loudness of the talking (speech_dbfs), near Asterisk's own prompts
constexpr double spoken_peak_dbfs = -3;  // no sample is louder

// 8 kHz in and out: cuts below 200 Hz (telephones rattle, phones do not carry it), lifts 1.5 to 3.4 kHz where
// consonants are told apart, then brings the talking to spoken_dbfs with peaks held under spoken_peak_dbfs.
[[nodiscard]] Samples for_telephone(Samples samples);

// Cuts leading and trailing silence down to `keep` at each end.
[[nodiscard]] Samples trimmed(Samples samples, std::chrono::milliseconds keep);

}  // namespace pbx::audio
