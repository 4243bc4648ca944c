// How many questions to have open at once, found by trying: doubles while nothing is lost, then grows by one
// a round; halves when many queries had to be repeated, as the server, a rate limit or a socket's buffer
// drops them. Names that nobody answers for are in every long list: a few losses are no crowd. Pure.
#pragma once

#include "dns/due_list.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace pbx::dns {

class Window {
  public:
    Window(std::size_t most, std::chrono::milliseconds round)
        : most_(std::max<std::size_t>(most, 1)),
          least_(std::min<std::size_t>(most_, 8)),
          round_(round),
          size_(std::min<std::size_t>(most_, 64)) {}

    [[nodiscard]] std::size_t size() const { return size_; }

    void on_answers(std::size_t count) {
        answered_ += count;
        if (size_ < threshold_) {
            size_ += count;
        } else {
            grown_ += count;
            size_ += grown_ / size_;
            grown_ %= size_;
        }
        size_ = std::min(size_, most_);
    }

    // Losses of one round are one event: the queries were sent before the window had shrunk.
    void on_losses(std::size_t count, Moment now) {
        lost_ += count;
        if (now < next_look_) return;
        next_look_ = now + round_;
        const bool crowded = lost_ * few > answered_;
        lost_ = answered_ = 0;
        if (!crowded) return;
        size_ = threshold_ = std::max(least_, size_ / 2);
        grown_ = 0;
    }

  private:
    static constexpr std::size_t few = 16;  // answers to each loss

    std::size_t most_, least_;
    std::chrono::milliseconds round_;
    std::size_t size_;
    std::size_t threshold_ = SIZE_MAX;
    std::size_t grown_ = 0;
    std::size_t answered_ = 0, lost_ = 0;  // since the last look
    Moment next_look_{};
};

}  // namespace pbx::dns
