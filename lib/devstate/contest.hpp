// Lamps of ours that somebody else writes too, such as a second relay at this Asterisk: how often one is put
// right before it is left to them for a while. Pure.
#pragma once

#include "devstate/item.hpp"

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace pbx::devstate {

class Contests {
  public:
    // Three times in 10 s; then not for a minute.
    [[nodiscard]] bool may_put_right(const std::string& device, Moment now);
    void forget(const std::string& device) { all_.erase(device); }  // another value is wanted
    void clear();

    // A device whose minute is over; it is to be looked at again.
    [[nodiscard]] std::optional<std::string> next_over(Moment now);
    [[nodiscard]] std::optional<Moment> wake_at() const;
    // Devices that were left to somebody else since it was last asked.
    [[nodiscard]] std::vector<std::string> take_left() { return std::exchange(left_, {}); }

  private:
    struct Contest {
        unsigned rights = 0;
        Moment since{};
        std::optional<Moment> alone_until{};
    };
    std::unordered_map<std::string, Contest> all_;
    std::deque<std::pair<Moment, std::string>> alone_;  // the first over first
    std::vector<std::string> left_;
};

}  // namespace pbx::devstate
