// Who knocks in vain too often is not even listened to for a while: a guesser of tokens, or a loop gone wild,
// costs an accept(2) and no handshake. Pure: time is given.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

namespace pbx::devstate {

class Knocks {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    static constexpr std::size_t most_in_vain = 100;  // of one address in `span`
    static constexpr std::chrono::seconds span{10};
    static constexpr std::size_t most_addresses = 1'024;  // the oldest is forgotten for a new one

    [[nodiscard]] bool is_shut_out(const std::string& address, Moment now) const;
    void in_vain(const std::string& address, Moment now);

  private:
    struct Count {
        Moment since{};
        std::size_t times = 0;
    };
    std::map<std::string, Count> counts_{};
};

// "192.0.2.7" of "192.0.2.7:40312", "[::1]" of "[::1]:40312".
[[nodiscard]] std::string without_port(const std::string& peer);

}  // namespace pbx::devstate
