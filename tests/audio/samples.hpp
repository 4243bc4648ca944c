// Sounds made on the spot for the tests: always the same, from a small generator with a fixed seed.
#pragma once

#include "audio/frame.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <span>

namespace made {

using pbx::audio::Sample;
using pbx::audio::Samples;
using std::chrono::milliseconds;

class Random {  // Marsaglia's xorshift32
  public:
    explicit Random(std::uint32_t seed = 2463534242U) : state_(seed) {}
    double uniform() {  // -1 .. 1
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return state_ / 2147483648.0 - 1;
    }
    double normal() {  // about, with variance 1
        double sum = 0;
        for (int i = 0; i < 12; ++i)
            sum += uniform();
        return sum / 2;
    }

  private:
    std::uint32_t state_;
};

inline double amplitude(double rms_dbfs) {
    return 32768 * std::pow(10, rms_dbfs / 20);
}
inline Sample clipped(double value) {
    return static_cast<Sample>(std::lround(std::clamp(value, -32768.0, 32767.0)));
}

inline Samples silence(milliseconds time) {
    return Samples(pbx::audio::samples_in(time));
}
inline Samples noise(double rms_dbfs, milliseconds time, std::uint32_t seed = 2463534242U) {
    Random random(seed);
    Samples samples(pbx::audio::samples_in(time));
    for (auto& s : samples)
        s = clipped(amplitude(rms_dbfs) * random.normal());
    return samples;
}
inline Samples tone(double hz, double rms_dbfs, milliseconds time, unsigned rate = 8000) {
    Samples samples(static_cast<std::size_t>(time.count()) * rate / 1000);
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = clipped(amplitude(rms_dbfs) * std::numbers::sqrt2 *
                             std::sin(2 * std::numbers::pi * hz * static_cast<double>(i) / rate));
    return samples;
}
inline Samples mixed(Samples a, std::span<const Sample> b) {
    if (b.size() > a.size()) a.resize(b.size());
    for (std::size_t i = 0; i < b.size(); ++i)
        a[i] = clipped(double{1} * a[i] + b[i]);
    return a;
}
inline Samples scaled(Samples samples, double db) {
    for (auto& s : samples)
        s = clipped(s * std::pow(10, db / 20));
    return samples;
}
inline void append(Samples& to, std::span<const Sample> more) {
    to.insert(to.end(), more.begin(), more.end());
}

inline double crossings(std::span<const Sample> samples) {
    double count = 0;
    for (std::size_t i = 1; i < samples.size(); ++i)
        count += (samples[i - 1] < 0) != (samples[i] < 0);
    return count;
}

}  // namespace made
