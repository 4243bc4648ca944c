#include "audio/sound_kind.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace pbx::audio {

namespace {
// The pitch is looked for at 4 kHz: half the samples, half the lags, and no less to be seen. Higher voices
// repeat at two periods; shorter lags would find the resonances of a cough.
constexpr std::size_t half_samples = shape_samples / 2;
constexpr std::size_t shortest_lag = 16, longest_lag = 66;  // 250 Hz .. 60 Hz
constexpr std::size_t compared = 64;  // 16 ms: longer ones lose voices whose pitch glides

float dot(const float* a, const float* b, std::size_t count) {
    float sum = 0;
    for (std::size_t i = 0; i < count; ++i)
        sum += a[i] * b[i];
    return sum;
}

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

double tone_of(std::span<const float> frame, double energy) {
    // x[n-1] + x[n+1] = 2 cos(w) x[n] for a sine wave; w by least squares
    double sides = 0, middle = 0;
    for (std::size_t i = 1; i + 1 < frame.size(); ++i) {
        sides += double{1} * (frame[i - 1] + frame[i + 1]) * frame[i];
        middle += double{1} * frame[i] * frame[i];
    }
    double cosine = sides / (2 * middle + 1);
    return std::abs(cosine) >= 0.9995 ? 0 : energy_at(frame, std::acos(cosine)) / (energy + 1);
}

double best_energy(std::span<const float> frame, std::span<const double> hertz) {
    double best = 0;
    for (double hz : hertz)
        best = std::max(best, energy_at(frame, 2 * std::numbers::pi * hz / sample_rate));
    return best;
}

double keys_of(std::span<const float> frame, double energy) {
    static constexpr std::array rows{697.0, 770.0, 852.0, 941.0}, columns{1209.0, 1336.0, 1477.0, 1633.0};
    double row = best_energy(frame, rows), column = best_energy(frame, columns);
    // Q.23 receivers: neither tone is more than 8 dB under the other (12 here, for what 20 ms show); speech
    // of one formant fails here
    if (std::min(row, column) * 16 < std::max(row, column)) return 0;
    return std::min(1.0, (row + column) / (energy + 1));
}
}  // namespace

SoundShape shape_of(std::span<const float> window) {
    auto frame = window.subspan(frame_samples);
    double energy = dot(frame.data(), frame.data(), frame.size());
    double neighbours = dot(frame.data(), frame.data() + 1, frame.size() - 1);
    return {.pitch = pitch_of(window),
            .hiss = -neighbours / (energy + 1),
            .tone = tone_of(frame, energy),
            .keys = keys_of(frame, energy)};
}

}  // namespace pbx::audio
