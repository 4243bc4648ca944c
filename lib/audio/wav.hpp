// WAV files as bytes: what a sound editor, Asterisk or a phone system exports comes in, 8 kHz mono PCM16 goes
// out. No file is opened here. The bytes may be hostile: every length is checked against what is there.
#pragma once

#include "audio/frame.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pbx::audio {

constexpr std::size_t max_wav_bytes = 64 * 1024 * 1024;  // 11 minutes of 48 kHz stereo
constexpr std::size_t wav_header_bytes = 44;             // what encode_wav() writes before the samples

enum class WavCoding : std::uint8_t { pcm16, pcm8, mulaw, alaw };

struct WavFormat {
    WavCoding coding = WavCoding::pcm16;
    unsigned rate = sample_rate;  // 8000 | 11025 | 16000 | 22050 | 24000 | 32000 | 44100 | 48000
    unsigned channels = 1;        // 1 | 2
};

struct Wav {
    WavFormat format;  // as found in the file
    Samples samples;   // one channel (two are averaged), at format.rate
};

// Code::data with the byte offset in `where` when it is no WAV, damaged or of a kind not read. A data chunk
// that claims more than there is (a recorder was killed, a stream said 0xffffffff) gives what is there.
[[nodiscard]] Result<Wav> decode_wav(std::span<const std::byte> bytes);

// decode_wav() brought to 8 kHz.
[[nodiscard]] Result<Samples> decode_wav_8k(std::span<const std::byte> bytes);

// The canonical 44-byte header and the samples, little-endian. `rate` only for tests and other people's
// tools.
[[nodiscard]] std::vector<std::byte> encode_wav(std::span<const Sample> samples, unsigned rate = sample_rate);

// The header alone, for a file whose length is known or patched later.
[[nodiscard]] std::array<std::byte, wav_header_bytes> wav_header(std::size_t samples,
                                                                 unsigned rate = sample_rate);

}  // namespace pbx::audio
