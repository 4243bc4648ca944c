#include "audio/companding.hpp"

#include <algorithm>
#include <array>

namespace pbx::audio {

namespace {
// ITU-T G.711: 3 bits say the segment, 4 the step within; mu-law adds a bias of 33 (here times 4) first.
constexpr int bias = 0x84;

constexpr Sample expand_mulaw(std::uint8_t code) {
    code = static_cast<std::uint8_t>(~code);
    int segment = (code >> 4) & 7;
    int magnitude = ((((code & 15) << 3) + bias) << segment) - bias;
    return static_cast<Sample>((code & 0x80) != 0 ? -magnitude : magnitude);
}

constexpr Sample expand_alaw(std::uint8_t code) {
    code ^= 0x55;
    int segment = (code >> 4) & 7;
    int magnitude = ((code & 15) << 4) + 8;
    if (segment > 0) magnitude = (magnitude + 0x100) << (segment - 1);
    return static_cast<Sample>((code & 0x80) != 0 ? magnitude : -magnitude);
}

template <class Expand>
constexpr std::array<Sample, 256> table(Expand expand) {
    std::array<Sample, 256> all{};
    for (unsigned code = 0; code < 256; ++code)
        all[code] = expand(static_cast<std::uint8_t>(code));
    return all;
}
constexpr auto mulaw_table = table(expand_mulaw);
constexpr auto alaw_table = table(expand_alaw);

// The number of the highest of bits 7..14 that is set, less 7: the segment.
int segment_of(int magnitude) {
    int segment = 7;
    for (int bit = 0x4000; segment > 0 && (magnitude & bit) == 0; bit >>= 1)
        --segment;
    return segment;
}
}  // namespace

Sample from_mulaw(std::uint8_t code) {
    return mulaw_table[code];
}

Sample from_alaw(std::uint8_t code) {
    return alaw_table[code];
}

std::uint8_t to_mulaw(Sample sample) {
    int sign = sample < 0 ? 0x80 : 0;
    int magnitude = std::min(std::abs(int{sample}), 32635) + bias;  // 32635 + 132 = 0x7fff
    int segment = segment_of(magnitude);
    return static_cast<std::uint8_t>(~(sign | (segment << 4) | ((magnitude >> (segment + 3)) & 15)));
}

std::uint8_t to_alaw(Sample sample) {
    int sign = sample < 0 ? 0 : 0x80;
    int magnitude = sample < 0 ? -int{sample} - 1 : sample;
    int segment = segment_of(magnitude);
    int step = (magnitude >> (segment == 0 ? 4 : segment + 3)) & 15;
    return static_cast<std::uint8_t>((sign | (segment << 4) | step) ^ 0x55);
}

}  // namespace pbx::audio
