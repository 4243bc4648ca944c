#include "speech/doubler.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace pbx::speech {

namespace {

// A Hamming-windowed sinc that passes up to 3.92 kHz: images of the telephone band lie above 4 kHz.
constexpr int half = 48;        // 97 taps at the doubled rate
constexpr double edge = 0.245;  // of the doubled rate

double tap(int i) {
    const double window = 0.54 + 0.46 * std::cos(std::numbers::pi * i / half);
    const double sinc =
        i == 0 ? 2 * edge : std::sin(2 * std::numbers::pi * edge * i) / (std::numbers::pi * i);
    return 2 * sinc * window;
}

std::int16_t clipped(float value) {
    return static_cast<std::int16_t>(std::lrint(std::clamp(value, -32768.0F, 32767.0F)));
}

}  // namespace

Doubler::Doubler() {
    for (int i = half; i >= -half; i -= 2)
        even_.push_back(static_cast<float>(tap(i)));
    for (int i = half - 1; i >= -half + 1; i -= 2)
        odd_.push_back(static_cast<float>(tap(i)));
    reset();
}

void Doubler::reset() {
    past_.assign(2 * reach, 0);
}

void Doubler::feed(std::span<const std::int16_t> samples, std::vector<std::int16_t>& out) {
    past_.insert(past_.end(), samples.begin(), samples.end());
    out.reserve(out.size() + 2 * samples.size());
    for (std::size_t at = 0; at < samples.size(); ++at) {
        float on = 0;
        float between = 0;
        for (std::size_t i = 0; i < even_.size(); ++i)
            on += even_[i] * static_cast<float>(past_[at + i]);
        for (std::size_t i = 0; i < odd_.size(); ++i)
            between += odd_[i] * static_cast<float>(past_[at + 1 + i]);
        out.push_back(clipped(on));
        out.push_back(clipped(between));
    }
    past_.erase(past_.begin(), past_.end() - 2 * static_cast<std::ptrdiff_t>(reach));
}

}  // namespace pbx::speech
