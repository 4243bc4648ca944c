// How many questions at once still make the answers come faster: with more than that they only wait, at the
// server or here, and each of them is out of the processor's cache when its answer comes (of a server beside
// us 256 at once are answered as fast as 2,048, for a third less CPU time). Found by trying: twice as many
// must give a tenth more a second, half as many must give about as much. Pure.
#pragma once

#include "dns/due_list.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace pbx::dns {

class Knee {
  public:
    explicit Knee(std::size_t most);

    [[nodiscard]] std::size_t size() const { return size_; }

    // So many more were answered until `now`.
    void on_answers(std::size_t count, Moment now);

  private:
    enum class Trial : std::uint8_t { none, twice, half };

    void start(Trial trial, std::size_t size);
    void on_measured(double rate, Moment now);
    void settle(Moment now);

    static constexpr std::size_t start_size = 64;
    static constexpr double worth_twice = 1.1, worth_half = 0.97;
    static constexpr std::chrono::milliseconds shortest{2};  // measured at least so long
    static constexpr std::chrono::seconds first_rest{1}, longest_rest{16};

    std::size_t most_, size_;
    Trial trial_ = Trial::none;
    double rate_ = 0;        // of the size that a trial is compared with
    std::size_t skip_;       // answers to questions of before the size had changed
    std::size_t count_ = 0;  // answers since `since_`
    Moment since_{};
    Moment next_trial_{};
    std::chrono::seconds rest_ = first_rest;
};

}  // namespace pbx::dns
