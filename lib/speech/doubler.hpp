// Twice the sampling rate, a piece at a time: telephone audio for a model trained at 16 kHz.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace pbx::speech {

class Doubler {
  public:
    static constexpr std::size_t reach = 24;  // input samples the filter sees on each side: 3 ms of delay

    Doubler();
    // Appends two samples for each one given; the first `reach` pairs belong to the silence before.
    void feed(std::span<const std::int16_t> samples, std::vector<std::int16_t>& out);
    void reset();

  private:
    std::vector<float> even_, odd_;  // the two phases of the filter
    std::vector<std::int16_t> past_;
};

}  // namespace pbx::speech
