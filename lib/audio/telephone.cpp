#include "audio/telephone.hpp"

#include "audio/level.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace pbx::audio {

namespace {
constexpr double full_scale = 32768;

// One second-order filter section, transposed direct form II; coefficients after Robert Bristow-Johnson's
// "Audio EQ Cookbook".
struct Biquad {
    double b0, b1, b2, a1, a2;
    double z1 = 0, z2 = 0;

    double operator()(double x) {
        double y = b0 * x + z1;
        z1 = b1 * x - a1 * y + z2;
        z2 = b2 * x - a2 * y;
        return y;
    }
};

Biquad high_pass(double hz, double q) {
    double w = 2 * std::numbers::pi * hz / sample_rate;
    double alpha = std::sin(w) / (2 * q);
    double c = std::cos(w);
    double a0 = 1 + alpha;
    return {(1 + c) / 2 / a0, -(1 + c) / a0, (1 + c) / 2 / a0, -2 * c / a0, (1 - alpha) / a0};
}

Biquad high_shelf(double hz, double gain_db) {
    double a = std::pow(10, gain_db / 40);
    double w = 2 * std::numbers::pi * hz / sample_rate;
    double c = std::cos(w);
    double beta = std::sin(w) * std::sqrt(2.0 * a);  // slope 1: 2 sqrt(A) alpha
    double a0 = (a + 1) - (a - 1) * c + beta;
    return {a * ((a + 1) + (a - 1) * c + beta) / a0, -2 * a * ((a - 1) + (a + 1) * c) / a0,
            a * ((a + 1) + (a - 1) * c - beta) / a0, 2 * ((a - 1) - (a + 1) * c) / a0,
            ((a + 1) - (a - 1) * c - beta) / a0};
}

// Peaks over the limit pull the gain down ahead of them and let it return: no sample is clipped, no click is
// made.
void limit(std::vector<double>& samples, double most) {
    constexpr double let_go = 0.0025;  // of the way back a sample: 50 ms
    constexpr std::size_t ahead = 40;  // 5 ms
    double gain = 1;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        double peak = 0;
        for (std::size_t j = i; j < std::min(i + ahead, samples.size()); ++j)
            peak = std::max(peak, std::abs(samples[j]));
        double wanted = peak > most ? most / peak : 1;
        gain =
            wanted < gain ? std::max(wanted, gain - (1 - wanted) / ahead) : gain + (wanted - gain) * let_go;
        samples[i] = std::clamp(samples[i] * gain, -most, most);
    }
}

double gain_of(double db) {
    return std::pow(10, db / 20);
}
}  // namespace

Samples for_telephone(Samples samples) {
    auto rumble = high_pass(200, std::numbers::sqrt2 / 2);
    auto clarity = high_shelf(1500, 4);
    std::vector<double> shaped(samples.size());
    std::transform(samples.begin(), samples.end(), shaped.begin(),
                   [&](Sample s) { return clarity(rumble(s)); });
    // The loudness is taken of a copy 12 dB down, where the lifted consonants can't clip.
    std::transform(shaped.begin(), shaped.end(), samples.begin(), [](double s) {
        return static_cast<Sample>(std::lround(std::clamp(s / 4, -full_scale, full_scale - 1)));
    });
    double loudness = speech_dbfs(samples) + 20 * std::log10(4.0);
    if (loudness <= silence_dbfs + 20) return Samples(samples.size());  // nothing was said
    double gain = gain_of(spoken_dbfs - loudness);
    for (auto& sample : shaped)
        sample *= gain;
    limit(shaped, full_scale * gain_of(spoken_peak_dbfs));
    std::transform(shaped.begin(), shaped.end(), samples.begin(),
                   [](double s) { return static_cast<Sample>(std::lround(s)); });
    return samples;
}

Samples trimmed(Samples samples, std::chrono::milliseconds keep) {
    constexpr Sample audible = 66;  // -54 dBFS
    auto sounds = [](Sample s) { return s > audible || s < -audible; };
    auto first = std::find_if(samples.begin(), samples.end(), sounds);
    if (first == samples.end()) return {};
    auto last = std::find_if(samples.rbegin(), samples.rend(), sounds).base();
    auto edge = static_cast<std::ptrdiff_t>(samples_in(keep));
    first -= std::min(edge, first - samples.begin());
    last += std::min(edge, samples.end() - last);
    return Samples(first, last);
}

}  // namespace pbx::audio
