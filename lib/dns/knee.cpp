#include "dns/knee.hpp"

#include <algorithm>

namespace pbx::dns {

Knee::Knee(std::size_t most)
    : most_(std::max<std::size_t>(most, 1)), size_(std::min(most_, start_size)), skip_(size_) {}

void Knee::on_answers(std::size_t count, Moment now) {
    if (most_ <= start_size || count == 0) return;
    if (skip_ > 0) {
        skip_ -= std::min(skip_, count);
        since_ = now;
        count_ = 0;
        return;
    }
    count_ += count;
    if (count_ < 2 * size_ || now - since_ < shortest) return;
    const auto rate = static_cast<double>(count_) / std::chrono::duration<double>(now - since_).count();
    since_ = now;
    count_ = 0;
    on_measured(rate, now);
}

void Knee::on_measured(double rate, Moment now) {
    switch (trial_) {
        case Trial::none:
            rate_ = rate;
            if (now < next_trial_) return;
            return size_ < most_ ? start(Trial::twice, size_ * 2) : start(Trial::half, size_ / 2);
        case Trial::twice:
            if (rate >= rate_ * worth_twice) {
                rate_ = rate;
                // at the most, fewer are tried seldom: it costs a server that is far away
                rest_ = size_ == most_ ? longest_rest : first_rest;
                return size_ == most_ ? settle(now) : start(Trial::twice, size_ * 2);
            }
            // this was too many, and so may have been the half of it
            if (size_ / 4 >= start_size) return start(Trial::half, size_ / 4);
            size_ /= 2;
            return settle(now);
        case Trial::half:
            // compared with where the trial began, not with the last step: many small losses are a large one
            if (rate >= rate_ * worth_half && size_ / 2 >= start_size) return start(Trial::half, size_ / 2);
            if (rate < rate_ * worth_half) size_ *= 2;
            return settle(now);
    }
}

void Knee::start(Trial trial, std::size_t size) {
    trial_ = trial;
    skip_ = size_;
    size_ = std::min(size, most_);
}

void Knee::settle(Moment now) {
    trial_ = Trial::none;
    skip_ = size_;
    next_trial_ = now + rest_;
    rest_ = std::min(rest_ * 2, longest_rest);
}

}  // namespace pbx::dns
