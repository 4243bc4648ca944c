#include "audio/frame.hpp"

#include <algorithm>
#include <cstring>

namespace pbx::audio {

void Framer::feed(std::span<const std::byte> bytes) {
    bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(taken_));
    taken_ = 0;
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

std::optional<Frame> Framer::next() {
    constexpr std::size_t frame_bytes = frame_samples * sizeof(Sample);
    if (bytes_.size() - taken_ < frame_bytes) return std::nullopt;
    Frame frame;
    std::memcpy(frame.data(), bytes_.data() + taken_, frame_bytes);
    taken_ += frame_bytes;
    return frame;
}

void Framer::clear() {
    bytes_.clear();
    taken_ = 0;
}

void PreRoll::push(const Frame& frame) {
    frames_.push_back(frame);
    if (frames_.size() > most_) frames_.pop_front();
}

Samples PreRoll::last(std::size_t frames) const {
    Samples samples;
    samples.reserve(std::min(frames, frames_.size()) * frame_samples);
    for (auto i = frames_.size() - std::min(frames, frames_.size()); i < frames_.size(); ++i)
        samples.insert(samples.end(), frames_[i].begin(), frames_[i].end());
    return samples;
}

}  // namespace pbx::audio
