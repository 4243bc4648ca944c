#include "audio/companding.hpp"
#include "audio/frame.hpp"
#include "audio/level.hpp"
#include "audio/resample.hpp"
#include "audio/telephone.hpp"
#include "samples.hpp"

#include <cstring>

#include <catch2/catch.hpp>

using namespace pbx::audio;
using std::chrono::milliseconds;

TEST_CASE("frame: bytes of any cut give the same frames") {
    Samples samples;
    for (int i = 0; i < 3 * 160 + 7; ++i)
        samples.push_back(static_cast<Sample>(i * 37));
    auto bytes = std::as_bytes(std::span(samples));
    for (std::size_t cut = 1; cut < bytes.size(); cut += 13) {
        Framer framer;
        Samples got;
        for (std::size_t at = 0; at < bytes.size(); at += cut) {
            framer.feed(bytes.subspan(at, std::min(cut, bytes.size() - at)));
            while (auto frame = framer.next())
                got.insert(got.end(), frame->begin(), frame->end());
        }
        CHECK(got == Samples(samples.begin(), samples.begin() + 480));
    }
}

TEST_CASE("frame: clear drops the half frame that stayed behind") {
    Framer framer;
    std::array<std::byte, 319> most{};
    framer.feed(most);
    CHECK_FALSE(framer.next());
    framer.clear();
    framer.feed(std::span(most).first(1));
    CHECK_FALSE(framer.next());
}

TEST_CASE("frame: the pre-roll keeps the newest frames, oldest first") {
    PreRoll roll(milliseconds(60));
    CHECK(roll.last(5).empty());
    for (Sample i = 1; i <= 5; ++i) {
        Frame frame;
        frame.fill(i);
        roll.push(frame);
    }
    CHECK(roll.size() == 3);
    auto two = roll.last(2);
    REQUIRE(two.size() == 320);
    CHECK(two.front() == 4);
    CHECK(two.back() == 5);
    CHECK(roll.last(99).size() == 480);
}

TEST_CASE("level: known waves have their known levels") {
    CHECK(rms_dbfs({}) == silence_dbfs);
    CHECK(rms_dbfs(made::silence(milliseconds(20))) == silence_dbfs);
    CHECK(rms_dbfs(made::tone(1000, -20, milliseconds(1000))) == Approx(-20).margin(0.01));
    CHECK(peak_dbfs(made::tone(1000, -20, milliseconds(1000))) == Approx(-17).margin(0.02));
    CHECK(peak_dbfs(Samples{-32768}) == Approx(0).margin(1e-9));
    CHECK(rms_dbfs(Samples(100, -32768)) == Approx(0).margin(1e-9));
}

TEST_CASE("level: pauses do not make talking quieter") {
    auto tone = made::tone(300, -20, milliseconds(500));
    auto with_pause = tone;
    made::append(with_pause, made::silence(milliseconds(2000)));
    CHECK(speech_dbfs(with_pause) == Approx(speech_dbfs(tone)).margin(0.1));
    CHECK(speech_dbfs({}) == silence_dbfs);
    CHECK(speech_dbfs(made::silence(milliseconds(100))) == silence_dbfs);
}

TEST_CASE("companding: every code survives the way through a sample and back") {
    for (unsigned code = 0; code < 256; ++code) {
        auto byte = static_cast<std::uint8_t>(code);
        CHECK(from_mulaw(to_mulaw(from_mulaw(byte))) == from_mulaw(byte));
        CHECK(to_alaw(from_alaw(byte)) == byte);
    }
    CHECK(to_mulaw(0) == 0xff);
    CHECK(from_mulaw(0x7f) == 0);  // minus nothing
    CHECK(to_alaw(0) == 0xd5);
}

TEST_CASE("companding: a sample comes back within its step") {
    for (int sample = -32768; sample <= 32767; sample += 11) {
        auto exact = static_cast<Sample>(sample);
        CHECK(from_mulaw(to_mulaw(exact)) == Approx(sample).margin(32 + std::abs(sample) / 28.0));
        CHECK(from_alaw(to_alaw(exact)) == Approx(sample).margin(16 + std::abs(sample) / 28.0));
    }
}

TEST_CASE("resample: length, pitch and level stay, what 8 kHz can't carry goes") {
    auto high = resample(made::tone(5500, -12, milliseconds(1000), 22050), 22050, 8000);
    REQUIRE(high);
    CHECK(high->size() == 8000);
    CHECK(rms_dbfs(std::span(*high).subspan(200, 7600)) < -70);  // not folded down to 2500 Hz
    auto kept = resample(made::tone(3000, -12, milliseconds(1000), 22050), 22050, 8000);
    REQUIRE(kept);
    CHECK(rms_dbfs(std::span(*kept).subspan(200, 7600)) == Approx(-12).margin(0.3));
    CHECK(made::crossings(*kept) == Approx(6000).margin(10));
}

TEST_CASE("resample: a click stays at its moment") {
    Samples click(22050);
    click[11025] = 20000;
    auto narrow = resample(click, 22050, 8000);
    REQUIRE(narrow);
    auto peak = std::max_element(narrow->begin(), narrow->end()) - narrow->begin();
    CHECK(peak == Approx(4000).margin(1));
}

TEST_CASE("resample: nothing stays nothing, one sample is one, odd rates are refused") {
    CHECK(resample({}, 22050, 8000)->empty());
    CHECK(resample(Samples{100}, 8000, 8000) == Samples{100});
    CHECK(resample(Samples(1, 100), 16000, 8000)->size() == 1);
    CHECK_FALSE(resample(Samples{1}, 0, 8000));
    CHECK_FALSE(resample(Samples{1}, 8000, 4000000));
}

TEST_CASE("telephone: quiet and loud voices come to one loudness, no peak over the limit") {
    for (double level : {-50.0, -30.0, -12.0, -6.0}) {
        auto voice = made::tone(600, level, milliseconds(1500));
        made::append(voice, made::silence(milliseconds(500)));
        made::append(voice, made::tone(1800, level - 6, milliseconds(700)));
        auto shaped = for_telephone(voice);
        CHECK(shaped.size() == voice.size());
        CHECK(speech_dbfs(shaped) == Approx(spoken_dbfs).margin(0.7));
        CHECK(peak_dbfs(shaped) <= spoken_peak_dbfs + 0.01);
    }
    auto spiky = made::noise(-40, milliseconds(2000));
    for (std::size_t i = 100; i < spiky.size(); i += 1000)
        spiky[i] = 32767;
    CHECK(peak_dbfs(for_telephone(spiky)) <= spoken_peak_dbfs + 0.01);
}

TEST_CASE("telephone: hum goes, silence stays silent") {
    auto with_hum =
        made::mixed(made::tone(1000, -20, milliseconds(1000)), made::tone(50, -20, milliseconds(1000)));
    auto shaped = for_telephone(with_hum);
    auto clean = for_telephone(made::tone(1000, -20, milliseconds(1000)));
    CHECK(rms_dbfs(shaped) == Approx(rms_dbfs(clean)).margin(0.3));
    CHECK(peak_dbfs(for_telephone(made::silence(milliseconds(300)))) == silence_dbfs);
    CHECK(for_telephone({}).empty());
}

TEST_CASE("telephone: silence at the ends is cut down to what is asked") {
    auto word = made::tone(500, -20, milliseconds(400));
    Samples all = made::silence(milliseconds(500));
    made::append(all, word);
    made::append(all, made::silence(milliseconds(30)));
    auto cut = trimmed(all, milliseconds(60));
    CHECK(duration_of(cut.size()).count() == Approx(60 + 400 + 30).margin(2));
    CHECK(trimmed(made::silence(milliseconds(200)), milliseconds(60)).empty());
    CHECK(trimmed({}, milliseconds(60)).empty());
    CHECK(trimmed(word, milliseconds(60)).size() == Approx(word.size()).margin(16));
}
