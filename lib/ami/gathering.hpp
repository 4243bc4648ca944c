// When to read less often. Asterisk sends each answer and each event by itself, some ten a millisecond when
// it is busy. Read one by one they cost a wake-up each, on its side too, and what is sent next would go in as
// small pieces: when some have come in quick succession, the next ones are let gather. Pure.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace pbx::ami {

class Gathering {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::milliseconds time{2};

    // Before the next read: `time`, or nothing; while an answer is due that can wait, half of it.
    [[nodiscard]] std::chrono::milliseconds pause(bool answer_can_wait = false) const {
        if (quick_ >= enough_) return time;
        return answer_can_wait ? time / 2 : time.zero();
    }

    void on_read(std::size_t bytes, Moment now) {
        const auto near = bytes >= many_ ? 2 * soon_ : soon_;
        const bool crowded = quick_ < enough_ ? now - last_ < near : bytes >= several_;
        quick_ = crowded ? std::min(quick_ + 1, enough_) : 0;
        last_ = now;
    }

  private:
    static constexpr std::chrono::milliseconds soon_{1};
    static constexpr unsigned enough_ = 4;        // reads in a row
    static constexpr std::size_t several_ = 512;  // bytes: more than one or two messages
    static constexpr std::size_t many_ = 1536;    // bytes: what came in a pause for an answer, of a busy one
    unsigned quick_ = 0;
    Moment last_{};
};

}  // namespace pbx::ami
