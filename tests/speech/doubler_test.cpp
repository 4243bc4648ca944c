#include "speech/doubler.hpp"

#include <cmath>
#include <numbers>

#include <catch2/catch.hpp>

using pbx::speech::Doubler;
using Samples = std::vector<std::int16_t>;

namespace {
Samples tone(double hz, double rate, std::size_t count) {
    Samples samples(count);
    for (std::size_t i = 0; i < count; ++i)
        samples[i] = static_cast<std::int16_t>(
            std::lrint(10000 * std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / rate)));
    return samples;
}

Samples doubled(const Samples& samples) {
    Doubler doubler;
    Samples out;
    doubler.feed(samples, out);
    return out;
}
}  // namespace

TEST_CASE("doubler: a tone of the telephone's band is the same tone at twice the rate, 3 ms later") {
    const double hz = GENERATE(300.0, 1000.0, 2000.0, 3400.0);
    CAPTURE(hz);
    const auto out = doubled(tone(hz, 8000, 800));
    const auto wanted = tone(hz, 16000, 1600);
    REQUIRE(out.size() == 1600);
    constexpr std::size_t delay = 2 * Doubler::reach;
    for (std::size_t i = 200; i < 1500; ++i)
        REQUIRE(std::abs(out[i] - wanted[i - delay]) < 150);  // 1.5 % of the loudness
}

TEST_CASE("doubler: any cut of the input gives the same output") {
    const auto samples = tone(700, 8000, 333);
    const auto whole = doubled(samples);
    for (std::size_t piece : {1U, 7U, 160U, 332U}) {
        Doubler doubler;
        Samples out;
        for (std::size_t at = 0; at < samples.size(); at += piece) {
            const std::size_t count = std::min(piece, samples.size() - at);
            doubler.feed(std::span(samples).subspan(at, count), out);
        }
        CHECK(out == whole);
    }
}

TEST_CASE("doubler: the loudest square wave is clipped, not wrapped") {
    Samples square(400);
    for (std::size_t i = 0; i < square.size(); ++i)
        square[i] = i / 20 % 2 == 0 ? 32767 : -32768;
    const auto out = doubled(square);
    for (std::size_t i = 100; i + 1 < out.size(); ++i)
        if ((i - 2 * Doubler::reach) % 40 == 20) CHECK(std::abs(out[i]) > 25000);
}

TEST_CASE("doubler: reset forgets what was before") {
    Doubler doubler;
    Samples first;
    Samples second;
    const auto samples = tone(500, 8000, 100);
    doubler.feed(samples, first);
    doubler.reset();
    doubler.feed(samples, second);
    CHECK(first == second);
}
