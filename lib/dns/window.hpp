// How many questions to have open at once, found by trying: doubles while nothing is lost, then grows by one
// a round; halves when queries had to be repeated, as the server, a rate limit or a socket's buffer drops
// them. Pure.
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
    void on_loss(Moment now) {
        if (now < next_cut_) return;
        next_cut_ = now + round_;
        size_ = threshold_ = std::max(least_, size_ / 2);
        grown_ = 0;
    }

  private:
    std::size_t most_, least_;
    std::chrono::milliseconds round_;
    std::size_t size_;
    std::size_t threshold_ = SIZE_MAX;
    std::size_t grown_ = 0;
    Moment next_cut_{};
};

}  // namespace pbx::dns
