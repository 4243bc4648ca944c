#include "audio/vad.hpp"

#include "audio/companding.hpp"
#include "audio/level.hpp"
#include "recordings.hpp"
#include "samples.hpp"

#include <array>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace pbx::audio;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {
struct Seen {
    std::size_t starts = 0, ends = 0, speech = 0;
    std::vector<std::size_t> started_at, ended_at;  // frames
    std::vector<VadEvent> events;
};

Seen watch(Vad& vad, std::span<const Sample> samples) {
    Seen seen;
    for (std::size_t at = 0; at + frame_samples <= samples.size(); at += frame_samples) {
        Frame frame;
        std::copy_n(samples.begin() + static_cast<std::ptrdiff_t>(at), frame_samples, frame.begin());
        auto event = vad.on(frame);
        if (event.kind == VadEvent::Kind::none) continue;
        seen.events.push_back(event);
        auto& when = event.kind == VadEvent::Kind::started ? seen.started_at : seen.ended_at;
        when.push_back(at / frame_samples);
        seen.speech += event.was_speech();
    }
    seen.starts = seen.started_at.size();
    seen.ends = seen.ended_at.size();
    return seen;
}

Seen watch(std::span<const Sample> samples, bool guarded = false) {
    Vad vad;
    vad.guard(guarded);
    return watch(vad, samples);
}

// A vowel: pulses of a throat at `pitch` Hz through the resonances of an "a".
Samples vowel(double pitch, double rms, milliseconds time) {
    constexpr std::array formants{700.0, 1200.0, 2600.0};
    std::array<double, 3> y1{}, y2{};
    std::vector<double> wave(samples_in(time));
    double phase = 0;
    for (auto& out : wave) {
        phase += pitch / sample_rate;
        double pulse = phase >= 1 ? 1 : 0;
        phase -= pulse;
        for (std::size_t f = 0; f < formants.size(); ++f) {
            double r = std::exp(-std::numbers::pi * 90 / sample_rate);
            double y = pulse + 2 * r * std::cos(2 * std::numbers::pi * formants[f] / sample_rate) * y1[f] -
                       r * r * y2[f];
            y2[f] = y1[f];
            y1[f] = y;
            out += y;
        }
    }
    double power = 0;
    for (double s : wave)
        power += s * s;
    double gain = made::amplitude(rms) / std::sqrt(power / static_cast<double>(wave.size()));
    Samples samples;
    for (double s : wave)
        samples.push_back(made::clipped(s * gain));
    return samples;
}

Samples joined(std::initializer_list<Samples> parts) {
    Samples all;
    for (const auto& part : parts)
        made::append(all, part);
    return all;
}
}  // namespace

TEST_CASE("vad: a word in silence starts within 60 ms and ends after the pause, dated to its own frames") {
    for (double pitch : {85.0, 120.0, 200.0, 320.0}) {
        auto seen = watch(joined(
            {made::silence(seconds(1)), vowel(pitch, -20, milliseconds(400)), made::silence(seconds(2))}));
        REQUIRE(seen.starts == 1);
        REQUIRE(seen.ends == 1);
        CHECK(seen.started_at[0] <= 52);
        CHECK(seen.started_at[0] + 1 - seen.events[0].frames == 50);
        CHECK(seen.ended_at[0] == Approx(70 + 35 - 1).margin(1));  // 700 ms after the last sound
        CHECK(seen.events[1].frames == Approx(20).margin(1));
        CHECK(seen.events[1].was_speech());
    }
}

TEST_CASE("vad: the pause is the question's, and a gap shorter than it does not end the answer") {
    auto word = vowel(120, -20, milliseconds(300));
    auto two = joined(
        {made::silence(seconds(1)), word, made::silence(milliseconds(500)), word, made::silence(seconds(3))});
    CHECK(watch(two).ends == 1);
    Vad vad;
    vad.set_pause(milliseconds(300));
    auto seen = watch(vad, two);
    CHECK(seen.starts == 2);
    CHECK(seen.ends == 2);
    vad.set_pause(milliseconds(2000));
    seen = watch(vad, two);
    REQUIRE(seen.ends == 1);
    CHECK(seen.events[1].frames == Approx(55).margin(2));
}

TEST_CASE("vad: steady noise of any level and colour never starts") {
    for (double level : {-60.0, -45.0, -40.0, -35.0, -30.0, -25.0, -20.0}) {
        auto noise = made::noise(level, seconds(60));
        CHECK(watch(noise).starts == 0);
        CHECK(watch(noise, true).starts == 0);
        double low = 0;
        for (auto& s : noise) {
            low = 0.9 * low + 0.3 * s;  // rumble: most of it below 150 Hz
            s = made::clipped(low);
        }
        CHECK(watch(noise).starts == 0);
    }
}

TEST_CASE("vad: noise that comes and goes does not start") {
    Samples steps;
    made::Random random;
    for (std::uint32_t i = 1; i < 60; ++i)
        made::append(steps, made::noise(-60 + 40 * std::abs(random.uniform()), milliseconds(700), i));
    CHECK(watch(steps).starts == 0);
    CHECK(watch(steps, true).starts == 0);
}

TEST_CASE("vad: clicks, bursts and knocks do not start") {
    Samples all;
    for (unsigned i = 0; i < 60; ++i) {
        auto click = made::silence(milliseconds(500));
        click[1000 + i] = 30000;
        made::append(all, click);
        made::append(all, made::noise(-6, milliseconds(2 + i % 30), i + 1));
        auto knock = made::silence(milliseconds(600));
        double hz = 100 + 13 * i, fade = 8.0 * (3 + i % 10);  // 3 to 12 ms
        for (std::size_t k = 0; k < 2400; ++k)
            knock[900 + i + k] =
                made::clipped(20000 * std::exp(-static_cast<double>(k) / fade) *
                              std::sin(2 * std::numbers::pi * hz * static_cast<double>(k) / 8000));
        made::append(all, knock);
    }
    CHECK(watch(all).starts == 0);
    CHECK(watch(all, true).starts == 0);
}

TEST_CASE("vad: keys, busy and fax tones do not start, also through mu-law and 23 dB over noise") {
    constexpr std::array rows{697.0, 770.0, 852.0, 941.0}, columns{1209.0, 1336.0, 1477.0, 1633.0};
    Samples all;
    for (std::size_t key = 0; key < 48; ++key) {
        auto time = milliseconds(60 + 15 * (key % 5));
        double off = 1 + 0.015 * (static_cast<double>(key / 16) - 1);  // as far as Q.24 lets a telephone be
        made::append(all, made::silence(milliseconds(100 + key % 7)));
        made::append(all, made::mixed(made::tone(rows[key % 4] * off, -14, time),
                                      made::tone(columns[key / 4 % 4] / off,
                                                 -12 - static_cast<double>(key % 3), time)));
    }
    for (double hz : {400.0, 425.0, 440.0, 950.0, 1100.0, 1400.0, 1800.0, 2100.0})
        made::append(all, joined({made::silence(milliseconds(333)), made::tone(hz, -15, milliseconds(555))}));
    auto companded = all;
    for (auto& s : companded)
        s = from_mulaw(to_mulaw(s));
    auto noisy = made::mixed(all, made::noise(-38, duration_of(all.size())));
    for (const auto& tones : {all, companded, noisy}) {
        CHECK(watch(tones).starts == 0);
        CHECK(watch(tones, true).starts == 0);
    }
}

TEST_CASE("vad: while she speaks a quiet echo of speech does not start, a caller's word does") {
    auto echo = vowel(190, -38, seconds(3));
    auto word = vowel(120, -20, milliseconds(300));
    CHECK(watch(echo).starts == 1);
    CHECK(watch(echo, true).starts == 0);
    auto both = joined({echo, made::mixed(vowel(190, -38, milliseconds(300)), word), echo});
    Vad vad;
    vad.guard(true);
    auto seen = watch(vad, both);
    REQUIRE(seen.starts == 1);
    CHECK(seen.started_at[0] <= 152);
}

TEST_CASE("vad: the guard holds 200 ms after she has stopped, for the echo's tail") {
    auto tail = joined({vowel(190, -38, milliseconds(180)), made::silence(seconds(1))});
    Vad vad;
    vad.guard(true);
    CHECK(watch(vad, vowel(190, -38, milliseconds(200))).starts == 0);
    vad.guard(false);
    CHECK(watch(vad, tail).starts == 0);
    CHECK(watch(vad, tail).starts == 1);
}

TEST_CASE("vad: speech ends although noise as loud comes up behind it") {
    auto seen = watch(joined(
        {made::silence(seconds(1)), vowel(120, -20, milliseconds(500)), made::noise(-30, seconds(5))}));
    REQUIRE(seen.ends == 1);
    CHECK(seen.ended_at[0] <= 75 + 35 + 15 + 10);
    CHECK(seen.events[1].frames <= 25 + 10);
}

TEST_CASE("vad: reset forgets the utterance, not the noise") {
    Vad vad;
    static_cast<void>(watch(vad, made::noise(-30, seconds(5))));
    auto noise = vad.noise_dbfs();
    CHECK(noise == Approx(-31).margin(3));
    static_cast<void>(watch(vad, vowel(120, -12, milliseconds(200))));
    CHECK(vad.in_speech());
    vad.reset();
    CHECK_FALSE(vad.in_speech());
    CHECK(vad.noise_dbfs() == Approx(noise).margin(2));
    CHECK(watch(vad, made::silence(seconds(2))).ends == 0);
}

TEST_CASE("vad: full-scale garbage is taken and bounded") {
    Samples garbage(8000 * 20);
    made::Random random;
    for (auto& s : garbage)
        s = random.uniform() < 0 ? -32768 : 32767;
    Vad vad;
    static_cast<void>(watch(vad, garbage));
    CHECK(vad.noise_dbfs() <= -20);
    CHECK(watch(vad, made::silence(seconds(1))).starts == 0);
}

// Human recordings nobody here made: Debian's asterisk-core-sounds. Bounds hold for each language apart.
TEST_CASE("vad: human prompts start once, soon, and are found again among noise") {
    for (const char* voice : {"en_US_f_Allison", "ru_RU_f_IvrvoiceRU"}) {
        auto prompts = recordings::words(voice);
        REQUIRE(prompts.size() >= 70);
        for (bool guarded : {false, true}) {
            std::size_t missed = 0, late = 0, early = 0, more = 0, hardly = 0;
            for (const auto& prompt : prompts) {
                auto level = made::scaled(prompt.samples, -19 - speech_dbfs(prompt.samples));
                auto loud = recordings::first_frame_over(level, guarded ? -34 : -44);
                auto seen =
                    watch(joined({made::silence(seconds(1)), level, made::silence(seconds(1))}), guarded);
                missed += seen.starts == 0;
                more += seen.starts > 1;
                hardly += seen.speech != seen.starts;
                if (seen.starts == 0) continue;
                early += seen.started_at[0] < 50 + loud;
                late += seen.started_at[0] + 1 > 50 + loud + 4;  // more than 80 ms
            }
            INFO(voice << (guarded ? ", she speaks" : ", open"));
            CHECK(missed == 0);
            CHECK(early == 0);
            CHECK(more == 0);
            CHECK(hardly == 0);
            CHECK(late * 100 <= prompts.size() * (guarded ? 9 : 12));
        }
        std::size_t missed = 0;
        for (const auto& prompt : prompts) {
            auto level = made::scaled(prompt.samples, -19 - speech_dbfs(prompt.samples));
            auto all = joined({made::silence(seconds(2)), level, made::silence(seconds(1))});
            missed += watch(made::mixed(all, made::noise(-34, duration_of(all.size())))).starts == 0;
        }
        CHECK(missed == 0);  // 15 dB over the noise
    }
}
