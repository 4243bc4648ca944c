// Inside dns only: questions asked again over TCP, because their answer was too long for a datagram (RFC
// 7766). One connection each: they are rare.
#pragma once

#include "dns/exchange.hpp"
#include "dns/lanes.hpp"
#include "dns/server.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace pbx::dns {

inline constexpr std::size_t max_streams = 32;  // at once; more wait their turn, or their deadline

class Streams {
  public:
    // Their events carry numbers from `first` on.
    Streams(std::vector<Server> servers, std::size_t first, int poll)
        : servers_(std::move(servers)), first_(first), poll_(poll) {}

    void take(Exchange& exchange, Moment now);  // new ones; and lets go of those nobody waits for
    void on_ready(std::size_t number, Exchange& exchange, Moment now);

  private:
    struct Stream {
        Descriptor fd;
        Exchange::Ticket ticket;
        std::vector<std::uint8_t> out, in;
        std::size_t written = 0, read = 0;
    };
    enum class Step : std::uint8_t { more, whole, failed };
    void begin(const Exchange::Ticket& ticket, Exchange& exchange, Moment now);
    [[nodiscard]] bool connect(std::size_t index);
    [[nodiscard]] Step write(std::size_t index);
    [[nodiscard]] static Step read(Stream& stream);
    void watch(std::size_t index, int operation, std::uint32_t events);

    std::vector<Server> servers_;
    std::size_t first_;
    int poll_;
    std::vector<Stream> streams_;
    std::deque<Exchange::Ticket> waiting_;
};

}  // namespace pbx::dns
