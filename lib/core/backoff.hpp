// How long to wait before the next try: doubles from `first` to `most`, with full jitter in its upper half so
// that many clients of one dead peer do not come back together. Pure: randomness is given.
#pragma once

#include <algorithm>
#include <chrono>

namespace pbx {

class Backoff {
  public:
    using milliseconds = std::chrono::milliseconds;
    Backoff(milliseconds first, milliseconds most) : first_(first), most_(most), next_(first) {}

    // `chance` in [0, 1)
    [[nodiscard]] milliseconds next(double chance) {
        auto whole = next_;
        next_ = std::min(most_, next_ * 2);
        return whole / 2 +
               milliseconds(static_cast<long long>(static_cast<double>(whole.count()) / 2 * chance));
    }
    void reset() { next_ = first_; }

  private:
    milliseconds first_, most_, next_;
};

}  // namespace pbx
