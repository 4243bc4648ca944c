// Inside dns only: the exchange's UDP sockets. Each lane is a source port of its own to one server,
// connected, so that the kernel drops what others send and tells of a closed port. Opened when first used,
// and at another port when it is used after a while.
#pragma once

#include "core/descriptor.hpp"
#include "dns/exchange.hpp"
#include "dns/server.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include <sys/socket.h>

namespace pbx::dns {

class Lanes {
  public:
    // `poll`: the epoll descriptor that watches the sockets; their events carry numbers below count().
    Lanes(std::vector<Server> servers, std::size_t lanes, std::size_t batch, int poll);

    [[nodiscard]] std::size_t count() const { return lanes_.size() * 2; }
    void send(Exchange& exchange, Moment now);
    // true: there may be more, left for the next turn.
    [[nodiscard]] bool on_ready(std::size_t number, std::uint32_t events, Exchange& exchange, Moment now);

  private:
    struct Lane {
        Descriptor fd, old;  // the old one only receives
        std::vector<Exchange::Ticket> queue;
        Moment opened{};
        bool blocked = false;  // the kernel takes no more: waits to be writable
    };
    [[nodiscard]] bool make_ready(std::size_t index, Moment now);
    [[nodiscard]] bool open(std::size_t index, Moment now);
    void send_lane(std::size_t index, Exchange& exchange, Moment now);
    [[nodiscard]] bool send_batch(std::size_t index, Exchange& exchange, Moment now);
    void give_up(std::size_t index, Exchange& exchange, Moment now);
    [[nodiscard]] bool receive(std::size_t index, int fd, Exchange& exchange, Moment now);
    void watch_writable(std::size_t index, bool on);
    [[nodiscard]] std::size_t server_of(std::size_t index) const { return index / per_server_; }

    std::vector<Server> servers_;
    std::size_t per_server_;
    std::size_t batch_;
    int poll_;
    std::vector<Lane> lanes_;
    std::unique_ptr<std::uint8_t[]> room_;  // for one batch of datagrams
    std::vector<mmsghdr> heads_;
    std::vector<iovec> parts_;
};

}  // namespace pbx::dns
