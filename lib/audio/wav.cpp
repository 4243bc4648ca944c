#include "audio/wav.hpp"

#include "audio/companding.hpp"
#include "audio/resample.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace pbx::audio {

namespace {
// Format tags of RIFF WAVE (mmreg.h); an extensible format names its true tag in its GUID's first two bytes.
constexpr unsigned tag_pcm = 1, tag_alaw = 6, tag_mulaw = 7, tag_extensible = 0xfffe;
constexpr std::size_t plain_format_bytes = 16, extensible_format_bytes = 40, guid_offset = 24;
// Bytes 2..15 of the GUID of every extensible tag: 0000-0010-8000-00aa00389b71.
constexpr std::array<unsigned char, 14> guid_tail{0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71};
constexpr std::size_t max_chunks = 256;  // before the sound: editors write a dozen
constexpr std::array rates{8000U, 11025U, 16000U, 22050U, 24000U, 32000U, 44100U, 48000U};

using Bytes = std::span<const std::byte>;

unsigned u8(Bytes bytes, std::size_t at) {
    return std::to_integer<unsigned>(bytes[at]);
}
unsigned u16(Bytes bytes, std::size_t at) {
    return u8(bytes, at) | u8(bytes, at + 1) << 8;
}
std::uint32_t u32(Bytes bytes, std::size_t at) {
    return u16(bytes, at) | u16(bytes, at + 2) << 16;
}
bool has_name(Bytes bytes, std::size_t at, std::string_view name) {
    return bytes.size() - at >= name.size() && std::memcmp(bytes.data() + at, name.data(), name.size()) == 0;
}

Unexpected bad(std::string what, std::size_t at) {
    return fail(Code::data, std::move(what), fmt::format("wav byte {}", at),
                "save it as WAV, PCM 16 bit, 8 kHz, mono");
}

Result<unsigned> tag_of(Bytes chunk, std::size_t at) {
    unsigned tag = u16(chunk, 0);
    if (tag != tag_extensible) return tag;
    if (chunk.size() < extensible_format_bytes) return bad("extensible format chunk is too short", at);
    if (std::memcmp(chunk.data() + guid_offset + 2, guid_tail.data(), guid_tail.size()) != 0)
        return bad("sound of an unknown kind", at + guid_offset);
    return u16(chunk, guid_offset);
}

Result<WavCoding> coding_of(unsigned tag, unsigned bits, std::size_t at) {
    if (tag == tag_pcm && bits == 16) return WavCoding::pcm16;
    if (tag == tag_pcm && bits == 8) return WavCoding::pcm8;
    if (tag == tag_mulaw && bits == 8) return WavCoding::mulaw;
    if (tag == tag_alaw && bits == 8) return WavCoding::alaw;
    return bad(fmt::format("sound of format {} with {} bits is not read", tag, bits), at);
}

Result<WavFormat> format_of(Bytes chunk, std::size_t at) {
    if (chunk.size() < plain_format_bytes) return bad("format chunk is too short", at);
    auto tag = tag_of(chunk, at);
    if (!tag) return tl::unexpected(tag.error());
    auto coding = coding_of(*tag, u16(chunk, 14), at);
    if (!coding) return tl::unexpected(coding.error());
    WavFormat format{*coding, u32(chunk, 4), u16(chunk, 2)};
    if (format.channels != 1 && format.channels != 2)
        return bad(fmt::format("{} channels are not read", format.channels), at + 2);
    if (std::find(rates.begin(), rates.end(), format.rate) == rates.end())
        return bad(fmt::format("{} Hz is not read", format.rate), at + 4);
    return format;
}

Sample sample_at(Bytes data, std::size_t index, WavCoding coding) {
    switch (coding) {
        case WavCoding::pcm16:
            return static_cast<Sample>(u16(data, index * 2));
        case WavCoding::pcm8:
            return static_cast<Sample>((static_cast<int>(u8(data, index)) - 128) * 256);
        case WavCoding::mulaw:
            return from_mulaw(static_cast<std::uint8_t>(u8(data, index)));
        case WavCoding::alaw:
            return from_alaw(static_cast<std::uint8_t>(u8(data, index)));
    }
    return 0;
}

Samples samples_of(Bytes data, const WavFormat& format) {
    std::size_t width = format.coding == WavCoding::pcm16 ? 2 : 1;
    Samples samples(data.size() / (width * format.channels));
    for (std::size_t i = 0; i < samples.size(); ++i) {
        if (format.channels == 1)
            samples[i] = sample_at(data, i, format.coding);
        else
            samples[i] = static_cast<Sample>(
                (sample_at(data, 2 * i, format.coding) + sample_at(data, 2 * i + 1, format.coding)) / 2);
    }
    return samples;
}

void put(std::span<std::byte> out, std::size_t at, std::uint32_t value, std::size_t bytes) {
    for (std::size_t i = 0; i < bytes; ++i)
        out[at + i] = static_cast<std::byte>(value >> (8 * i));
}
void put(std::span<std::byte> out, std::size_t at, std::string_view name) {
    std::memcpy(out.data() + at, name.data(), name.size());
}
}  // namespace

Result<Wav> decode_wav(std::span<const std::byte> bytes) {
    if (bytes.size() > max_wav_bytes)
        return bad(fmt::format("longer than {} MB", max_wav_bytes / 1024 / 1024), max_wav_bytes);
    if (bytes.size() < 12 || !has_name(bytes, 0, "RIFF") || !has_name(bytes, 8, "WAVE"))
        return bad("not a WAV file", 0);
    std::optional<WavFormat> format;
    std::size_t at = 12;
    for (std::size_t chunks = 0; chunks < max_chunks && bytes.size() - at >= 8; ++chunks) {
        std::size_t length = u32(bytes, at + 4);
        auto body = bytes.subspan(at + 8, std::min(length, bytes.size() - at - 8));
        if (has_name(bytes, at, "fmt ")) {
            auto found = format_of(body, at + 8);
            if (!found) return tl::unexpected(found.error());
            format = *found;
        } else if (has_name(bytes, at, "data")) {
            if (!format) return bad("sound comes before its format", at);
            return Wav{*format, samples_of(body, *format)};
        }
        at = std::min(at + 8 + length + length % 2, bytes.size());  // chunks lie at even offsets
    }
    return bad(format ? "no sound in it" : "no format in it", at);
}

Result<Samples> decode_wav_8k(std::span<const std::byte> bytes) {
    auto wav = decode_wav(bytes);
    if (!wav) return tl::unexpected(wav.error());
    if (wav->format.rate == sample_rate) return std::move(wav->samples);
    return resample(wav->samples, wav->format.rate, sample_rate);
}

std::array<std::byte, wav_header_bytes> wav_header(std::size_t samples, unsigned rate) {
    std::array<std::byte, wav_header_bytes> header{};
    auto data = static_cast<std::uint32_t>(std::min<std::size_t>(samples, 0x7fffff00) * 2);
    put(header, 0, "RIFF");
    put(header, 4, data + 36, 4);
    put(header, 8, "WAVEfmt ");
    put(header, 16, plain_format_bytes, 4);
    put(header, 20, tag_pcm, 2);
    put(header, 22, 1, 2);
    put(header, 24, rate, 4);
    put(header, 28, rate * 2, 4);
    put(header, 32, 2, 2);
    put(header, 34, 16, 2);
    put(header, 36, "data");
    put(header, 40, data, 4);
    return header;
}

std::vector<std::byte> encode_wav(std::span<const Sample> samples, unsigned rate) {
    auto header = wav_header(samples.size(), rate);
    std::vector<std::byte> bytes(header.begin(), header.end());
    bytes.resize(header.size() + samples.size() * 2);
    std::span<std::byte> out(bytes);
    for (std::size_t i = 0; i < samples.size(); ++i)
        put(out, header.size() + 2 * i, static_cast<std::uint16_t>(samples[i]), 2);
    return bytes;
}

}  // namespace pbx::audio
