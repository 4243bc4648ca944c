#include "audio/sound_kind.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace pbx::audio {

namespace {
// The pitch is looked for at 4 kHz: half the samples, half the lags, and no less to be seen. Higher voices
// repeat at two periods; shorter lags would find the resonances of a cough.
constexpr std::size_t half_samples = pitch_samples / 2;
constexpr std::size_t shortest_lag = 16, longest_lag = 66;  // 250 Hz .. 60 Hz
constexpr std::size_t compared = 64;  // 16 ms: longer ones lose voices whose pitch glides

float dot(const float* a, const float* b, std::size_t count) {
    float sum = 0;
    for (std::size_t i = 0; i < count; ++i)
        sum += a[i] * b[i];
    return sum;
}

// The energy of the least-squares sine wave of this frequency: Goertzel's, with the cross term that 20 ms of
// a low tone need.
double energy_at(std::span<const float> frame, double radians) {
    double c = std::cos(radians), s = std::sin(radians);
    double re = 1, im = 0, xc = 0, xs = 0, cc = 0, cs = 0;
    for (float x : frame) {
        xc += x * re;
        xs += x * im;
        cc += re * re;
        cs += re * im;
        double next = re * c - im * s;
        im = im * c + re * s;
        re = next;
    }
    double ss = static_cast<double>(frame.size()) - cc;
    double determinant = cc * ss - cs * cs;
    return determinant < 1 ? 0 : (ss * xc * xc - 2 * cs * xc * xs + cc * xs * xs) / determinant;
}

constexpr double hertz = 2 * std::numbers::pi / sample_rate;  // in radians a sample

// The most that a sine wave near this frequency explains: 20 ms show 10 Hz too far as 13 % less energy, keys
// may be 1.5 % off (Q.24), and noise pulls an estimate away.
double energy_near(std::span<const float> frame, double radians) {
    double best = energy_at(frame, radians);
    for (double step : {12 * hertz, 6 * hertz, 3 * hertz}) {
        double below = energy_at(frame, radians - step), above = energy_at(frame, radians + step);
        if (std::max(below, above) <= best) continue;
        radians += above > below ? step : -step;
        best = std::max(below, above);
    }
    return best;
}

// The best of four frequencies, looked at closely.
double best_energy(std::span<const float> frame, std::span<const double> frequencies) {
    double best = 0, where = frequencies.front();
    for (double frequency : frequencies) {
        double found = energy_at(frame, frequency * hertz);
        if (found > best) where = frequency;
        best = std::max(best, found);
    }
    return energy_near(frame, where * hertz);
}

}  // namespace

double pitch_of(std::span<const float> window) {
    std::array<float, half_samples> half{};
    for (std::size_t i = 1; i < half_samples; ++i)
        half[i] = 0.25F * window[2 * i - 1] + 0.5F * window[2 * i] + 0.25F * window[2 * i + 1];
    // A little of the low end off, or rumble repeats by chance.
    for (std::size_t i = half_samples - 1; i > 0; --i)
        half[i] -= 0.5F * half[i - 1];
    const float* now = half.data() + half_samples - compared;
    double energy = dot(now, now, compared);
    double best = 0;
    for (std::size_t lag = shortest_lag; lag <= longest_lag; ++lag) {
        double lagged = dot(now - lag, now - lag, compared);
        best = std::max(best, dot(now, now - lag, compared) / std::sqrt(energy * lagged + 1));
    }
    return best;
}

double hiss_of(std::span<const float> frame) {
    double energy = dot(frame.data(), frame.data(), frame.size());
    return -dot(frame.data(), frame.data() + 1, frame.size() - 1) / (energy + 1);
}

double tone_of(std::span<const float> frame) {
    // Pisarenko: white noise is in none of the lags used
    auto lag = [&](std::size_t by) {
        return double{dot(frame.data(), frame.data() + by, frame.size() - by)};
    };
    double energy = lag(0), one = lag(1), two = lag(2);
    if (std::abs(one) < 1) return 0;
    double cosine = (two + std::sqrt(two * two + 8 * one * one)) / (4 * one);
    if (std::abs(cosine) >= 0.999) return 0;  // below 60 Hz
    double radians = std::acos(cosine);
    double found = energy_at(frame, radians);
    constexpr double worth_a_closer_look = 0.4;
    if (found > worth_a_closer_look * energy) found = energy_near(frame, radians);
    return std::min(1.0, found / (energy + 1));
}

double keys_of(std::span<const float> frame) {
    static constexpr std::array rows{697.0, 770.0, 852.0, 941.0}, columns{1209.0, 1336.0, 1477.0, 1633.0};
    double row = best_energy(frame, rows), column = best_energy(frame, columns);
    // Q.24: neither tone is more than 8 dB under the other (12 here, for what 20 ms show); speech of one
    // formant fails here.
    if (std::min(row, column) * 16 < std::max(row, column)) return 0;
    return std::min(1.0, (row + column) / (dot(frame.data(), frame.data(), frame.size()) + 1));
}

}  // namespace pbx::audio
