#include "audio/wav.hpp"

#include "audio/companding.hpp"
#include "audio/level.hpp"
#include "samples.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::audio;

namespace {
using Bytes = std::vector<std::byte>;

void add(Bytes& bytes, std::string_view text) {
    for (char c : text)
        bytes.push_back(static_cast<std::byte>(c));
}
void add(Bytes& bytes, std::uint32_t value, int width) {
    for (int i = 0; i < width; ++i)
        bytes.push_back(static_cast<std::byte>(value >> (8 * i)));
}

struct Header {
    unsigned tag = 1, channels = 1, rate = 8000, bits = 16;
};

Bytes format_chunk(const Header& h) {
    Bytes bytes;
    add(bytes, "fmt ");
    add(bytes, 16, 4);
    add(bytes, h.tag, 2);
    add(bytes, h.channels, 2);
    add(bytes, h.rate, 4);
    add(bytes, h.rate * h.channels * h.bits / 8, 4);
    add(bytes, h.channels * h.bits / 8, 2);
    add(bytes, h.bits, 2);
    return bytes;
}
Bytes chunk(std::string_view name, const Bytes& body, std::uint32_t length) {
    Bytes bytes;
    add(bytes, name);
    add(bytes, length, 4);
    bytes.insert(bytes.end(), body.begin(), body.end());
    return bytes;
}
Bytes chunk(std::string_view name, const Bytes& body) {
    return chunk(name, body, static_cast<std::uint32_t>(body.size()));
}
Bytes riff(std::initializer_list<Bytes> chunks) {
    Bytes bytes;
    add(bytes, "RIFF");
    std::size_t size = 4;
    for (const auto& one : chunks)
        size += one.size();
    add(bytes, static_cast<std::uint32_t>(size), 4);
    add(bytes, "WAVE");
    for (const auto& one : chunks)
        bytes.insert(bytes.end(), one.begin(), one.end());
    return bytes;
}
Bytes bytes_of(std::initializer_list<int> values) {
    Bytes bytes;
    for (int value : values)
        bytes.push_back(static_cast<std::byte>(value));
    return bytes;
}
}  // namespace

TEST_CASE("wav: what is written is read back the same") {
    Samples samples{0, 1, -1, 32767, -32768, 256, -257};
    auto bytes = encode_wav(samples);
    CHECK(bytes.size() == wav_header_bytes + 14);
    auto wav = decode_wav(bytes);
    REQUIRE(wav);
    CHECK(wav->samples == samples);
    CHECK(wav->format.rate == 8000);
    CHECK(wav->format.channels == 1);
}

TEST_CASE("wav: a header is the 44 bytes Asterisk's format_wav writes") {
    auto header = wav_header(1);
    auto expected = riff({format_chunk({}), chunk("data", {}, 2)});
    expected[4] = std::byte{38};  // counts the 2 bytes of sound too
    CHECK(Bytes(header.begin(), header.end()) == expected);
}

TEST_CASE("wav: 8 bit, mu-law, a-law and two channels are read as 16 bit mono") {
    struct Row {
        Header header;
        Bytes data;
        Samples expected;
    };
    const Row rows[] = {
        {{.bits = 8}, bytes_of({0, 128, 255}), {-32768, 0, 32512}},
        {{.tag = 7, .bits = 8}, bytes_of({0xff, 0x00, 0x80}), {0, -32124, 32124}},
        {{.tag = 6, .bits = 8}, bytes_of({0xd5, 0x2a, 0xaa}), {8, -32256, 32256}},
        {{.channels = 2}, bytes_of({10, 0, 20, 0, 0xfe, 0xff, 0, 0}), {15, -1}},
        {{.channels = 2, .rate = 48000}, bytes_of({0xff, 0x7f, 0xff, 0x7f, 0, 0}), {32767}},
        {{.rate = 44100}, bytes_of({1, 0, 2}), {1}},  // half a sample at the end is dropped
    };
    for (const auto& row : rows) {
        auto wav = decode_wav(riff({format_chunk(row.header), chunk("data", row.data)}));
        REQUIRE(wav);
        CHECK(wav->samples == row.expected);
        CHECK(wav->format.rate == row.header.rate);
        CHECK(wav->format.channels == row.header.channels);
    }
}

TEST_CASE("wav: chunks of others are passed over, also of odd length") {
    auto wav = decode_wav(riff({chunk("LIST", bytes_of({1, 2, 3}), 3), bytes_of({0}), format_chunk({}),
                                chunk("fact", bytes_of({0, 0, 0, 0})), chunk("data", bytes_of({7, 0}))}));
    REQUIRE(wav);
    CHECK(wav->samples == Samples{7});
}

TEST_CASE("wav: an extensible format names its true one in the GUID") {
    auto body = [](unsigned tag, int guid_end) {
        Bytes bytes;
        auto plain = format_chunk({.tag = 0xfffe});
        bytes.insert(bytes.end(), plain.begin() + 8, plain.end());
        add(bytes, 22, 2);
        add(bytes, 16, 2);
        add(bytes, 4, 4);
        add(bytes, tag, 2);
        for (int b : {0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, guid_end})
            bytes.push_back(static_cast<std::byte>(b));
        return bytes;
    };
    auto good = decode_wav(riff({chunk("fmt ", body(1, 0x71)), chunk("data", bytes_of({5, 0}))}));
    REQUIRE(good);
    CHECK(good->samples == Samples{5});
    CHECK_FALSE(decode_wav(riff({chunk("fmt ", body(3, 0x71)), chunk("data", bytes_of({5, 0}))})));
    CHECK_FALSE(decode_wav(riff({chunk("fmt ", body(1, 0x72)), chunk("data", bytes_of({5, 0}))})));
    auto cut = body(1, 0x71);
    cut.resize(30);
    CHECK_FALSE(decode_wav(riff({chunk("fmt ", cut), chunk("data", bytes_of({5, 0}))})));
}

TEST_CASE("wav: a data chunk longer than the file gives what is there") {
    for (std::uint32_t claimed : {100U, 0x7fffffffU, 0xffffffffU}) {
        auto wav = decode_wav(riff({format_chunk({}), chunk("data", bytes_of({1, 0, 2, 0}), claimed)}));
        REQUIRE(wav);
        CHECK(wav->samples == Samples{1, 2});
    }
}

TEST_CASE("wav: what can't be read is a clear error that says where") {
    struct Row {
        Bytes bytes;
        std::string what, where;
    };
    auto one = bytes_of({1, 0});
    const Row rows[] = {
        {{}, "not a WAV file", "wav byte 0"},
        {bytes_of({'R', 'I', 'F', 'F'}), "not a WAV file", "wav byte 0"},
        {riff({}), "no format in it", "wav byte 12"},
        {riff({format_chunk({})}), "no sound in it", "wav byte 36"},
        {riff({chunk("data", one), format_chunk({})}), "sound comes before its format", "wav byte 12"},
        {riff({format_chunk({.tag = 3, .bits = 32}), chunk("data", one)}),
         "sound of format 3 with 32 bits is not read", "wav byte 20"},
        {riff({format_chunk({.bits = 24}), chunk("data", one)}), "sound of format 1 with 24 bits is not read",
         "wav byte 20"},
        {riff({format_chunk({.channels = 0}), chunk("data", one)}), "0 channels are not read", "wav byte 22"},
        {riff({format_chunk({.channels = 6}), chunk("data", one)}), "6 channels are not read", "wav byte 22"},
        {riff({format_chunk({.rate = 0}), chunk("data", one)}), "0 Hz is not read", "wav byte 24"},
        {riff({format_chunk({.rate = 4000000000U}), chunk("data", one)}), "4000000000 Hz is not read",
         "wav byte 24"},
        {riff({chunk("fmt ", bytes_of({1, 0, 1, 0}))}), "format chunk is too short", "wav byte 20"},
    };
    for (const auto& row : rows) {
        auto wav = decode_wav(row.bytes);
        REQUIRE_FALSE(wav);
        CHECK(wav.error().code == Code::data);
        CHECK(wav.error().what == row.what);
        CHECK(wav.error().where == row.where);
    }
}

TEST_CASE("wav: cut at any byte it is an error or the beginning of the sound") {
    Samples samples{1, 2, 3, 4, 5};
    auto whole = encode_wav(samples);
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        auto wav = decode_wav(std::span(whole).first(cut));
        if (cut < wav_header_bytes) {
            CHECK_FALSE(wav);
            continue;
        }
        REQUIRE(wav);
        CHECK(wav->samples == Samples(samples.begin(), samples.begin() + static_cast<long>((cut - 44) / 2)));
    }
}

TEST_CASE("wav: ten thousand empty chunks do not keep the reader") {
    Bytes bytes = riff({});
    for (int i = 0; i < 10'000; ++i) {
        auto empty = chunk("junk", {});
        bytes.insert(bytes.end(), empty.begin(), empty.end());
    }
    auto wav = decode_wav(bytes);
    REQUIRE_FALSE(wav);
    CHECK(wav.error().where == "wav byte 2060");  // 12 + 256 chunks
}

TEST_CASE("wav: other rates become 8 kHz of the same length and pitch") {
    for (unsigned rate : {16000U, 22050U, 44100U, 48000U}) {
        auto tone = made::tone(440, -12, std::chrono::seconds(1), rate);
        auto samples = decode_wav_8k(encode_wav(tone, rate));
        REQUIRE(samples);
        CHECK(samples->size() == 8000);
        CHECK(rms_dbfs(std::span(*samples).subspan(400, 7200)) == Approx(-12).margin(0.2));
        CHECK(made::crossings(*samples) == Approx(880).margin(4));
    }
}
