#include "audio/level.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

namespace pbx::audio {

namespace {
constexpr double full_scale = 32768;

double power(std::span<const Sample> samples) {
    double sum = 0;
    for (auto sample : samples)
        sum += double{1} * sample * sample;
    return samples.empty() ? 0 : sum / static_cast<double>(samples.size());
}

double dbfs_of_power(double value) {
    if (value <= 0) return silence_dbfs;
    return std::max(silence_dbfs, 10 * std::log10(value / (full_scale * full_scale)));
}
}  // namespace

double rms_dbfs(std::span<const Sample> samples) {
    return dbfs_of_power(power(samples));
}

double peak_dbfs(std::span<const Sample> samples) {
    int peak = 0;
    for (auto sample : samples)
        peak = std::max(peak, std::abs(int{sample}));
    return dbfs_of_power(double{1} * peak * peak);
}

double speech_dbfs(std::span<const Sample> samples) {
    std::vector<double> frames;
    for (std::size_t at = 0; at < samples.size(); at += frame_samples)
        frames.push_back(power(samples.subspan(at, std::min(frame_samples, samples.size() - at))));
    if (frames.empty()) return silence_dbfs;
    double quietest = *std::max_element(frames.begin(), frames.end()) / 100;  // 20 dB down
    double sum = 0;
    double count = 0;
    for (double frame : frames) {
        if (frame < quietest) continue;
        sum += frame;
        ++count;
    }
    return dbfs_of_power(sum / count);
}

}  // namespace pbx::audio
