// The one sound inside the house: 8 kHz mono 16-bit samples ("slin"), handled in frames of 20 ms as Asterisk
// sends them. Nothing here is a file or a socket.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

namespace pbx::audio {

using Sample = std::int16_t;
using Samples = std::vector<Sample>;  // 8 kHz mono unless said otherwise

constexpr unsigned sample_rate = 8000;
constexpr std::size_t frame_samples = 160;
constexpr std::chrono::milliseconds frame_time{20};

using Frame = std::array<Sample, frame_samples>;

[[nodiscard]] constexpr std::chrono::milliseconds duration_of(std::size_t samples) {
    return std::chrono::milliseconds(samples * 1000 / sample_rate);
}
[[nodiscard]] constexpr std::size_t samples_in(std::chrono::milliseconds time) {
    return time.count() <= 0 ? 0 : static_cast<std::size_t>(time.count()) * sample_rate / 1000;
}

// Bytes of any cut (a pipe, a socket) -> whole frames. Asterisk sends slin in its host's order, which is
// ours.
class Framer {
  public:
    // Frames come out by next(); at most one frame's bytes stay behind.
    void feed(std::span<const std::byte> bytes);
    [[nodiscard]] std::optional<Frame> next();
    void clear();

  private:
    std::vector<std::byte> bytes_;
    std::size_t taken_ = 0;
};

// The last moments before now, so that an utterance keeps its first sound, which the voice detector learns of
// only later.
class PreRoll {
  public:
    explicit PreRoll(std::chrono::milliseconds keep = std::chrono::milliseconds(300))
        : most_(static_cast<std::size_t>(keep / frame_time)) {}
    void push(const Frame& frame);
    // The newest `frames` frames, oldest first (fewer when fewer are kept).
    [[nodiscard]] Samples last(std::size_t frames) const;
    [[nodiscard]] std::size_t size() const { return frames_.size(); }
    void clear() { frames_.clear(); }

  private:
    std::size_t most_;
    std::deque<Frame> frames_;
};

}  // namespace pbx::audio
