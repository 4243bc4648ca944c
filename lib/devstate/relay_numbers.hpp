// The relay's numbers for Prometheus, its state for /status, and its one line for systemctl status.
#pragma once

#include "devstate/hub.hpp"
#include "devstate/own_side.hpp"
#include "devstate/peers.hpp"
#include "devstate/relay_status.hpp"
#include "service/metrics.hpp"

#include <chrono>
#include <string>

namespace pbx::devstate {

class RelayNumbers {
  public:
    explicit RelayNumbers(service::Metrics& metrics);

    void written(std::chrono::nanoseconds after);
    void count(const Hub& hub, const OwnSide& own, const Peers& peers);
    [[nodiscard]] Lag lag() const;

  private:
    // A count that something else keeps, told as a counter.
    struct Follower {
        service::Counter& counter;
        std::uint64_t seen = 0;
        void follow(std::uint64_t value) {
            if (value > seen) counter.add(value - seen);
            seen = value;
        }
    };

    service::Histogram& lag_;
    Follower writes_, suppressed_, refused_writes_, put_right_;
    Follower taken_, stale_, echoes_, nonsense_;
    Follower link_downs_, link_refused_, overflows_;
    service::Gauge &peers_up_, &servers_up_, &servers_dark_, &own_items_, &lamps_, &pending_, &refused_names_,
        &asterisk_up_;
};

// Without name, instance, uptime and trouble, which are the relay's own. `hub` and `peers`: none as long as
// the relay has no name.
[[nodiscard]] RelayStatus status_of(const Hub* hub, const OwnSide& own, const Peers* peers,
                                    const std::string& server);

// "asterisk up, 3 of 4 servers, 240 lamps shown, 120 told, 0 waiting"
[[nodiscard]] std::string summary(const Hub& hub, const OwnSide& own);

}  // namespace pbx::devstate
