#include "dns/lanes.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>

#include <sys/epoll.h>
#include <sys/uio.h>

namespace pbx::dns {

namespace {

constexpr std::size_t max_datagram = 2048;  // more than we say we take; what is longer is asked for by TCP
constexpr std::uint8_t truncated_flag = 0x02;
constexpr int receive_room = 1 << 20;  // octets; the kernel grants what net.core.rmem_max allows
constexpr int batches_at_once = 4;     // then timers and other sockets have their turn
// RFC 5452 9.2: who forges must not know the port for long. Far over any deadline, so that the old port's
// answers have come.
constexpr std::chrono::seconds port_age{10};

bool is_congestion(int error) {
    return error == EAGAIN || error == ENOBUFS || error == EINTR;
}

}  // namespace

Lanes::Lanes(std::vector<Server> servers, std::size_t lanes, std::size_t batch, int poll)
    : servers_(std::move(servers)),
      per_server_(lanes),
      batch_(batch),
      poll_(poll),
      lanes_(servers_.size() * lanes),
      room_(std::make_unique_for_overwrite<std::uint8_t[]>(batch * max_datagram)),
      heads_(batch),
      parts_(batch) {}

bool Lanes::open(std::size_t index, Moment now) {
    auto& lane = lanes_[index];
    const auto& server = servers_[server_of(index)];
    Descriptor fd(::socket(server.bytes.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd.is_open() || ::connect(fd.get(), server.get(), server.size) != 0) return false;
    if (batch_ > 1) ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVBUF, &receive_room, sizeof(receive_room));
    // events of the old one carry the number after
    if (lane.fd.is_open()) {
        epoll_event old{.events = EPOLLIN, .data = {.u64 = index * 2 + 1}};
        ::epoll_ctl(poll_, EPOLL_CTL_MOD, lane.fd.get(), &old);
        lane.old = std::move(lane.fd);
    }
    epoll_event event{.events = EPOLLIN, .data = {.u64 = index * 2}};
    if (::epoll_ctl(poll_, EPOLL_CTL_ADD, fd.get(), &event) != 0) return false;
    lane.fd = std::move(fd);
    lane.opened = now;
    lane.blocked = false;
    return true;
}

bool Lanes::make_ready(std::size_t index, Moment now) {
    const auto& lane = lanes_[index];
    if (!lane.fd.is_open()) return open(index, now);
    if (now - lane.opened >= port_age) static_cast<void>(open(index, now));
    return true;
}

void Lanes::send(Exchange& exchange, Moment now) {
    const auto wanted = exchange.sends();
    for (const auto& ticket : wanted)
        lanes_[ticket.server * per_server_ + ticket.lane].queue.push_back(ticket);
    exchange.drop_sends(wanted.size());
    for (std::size_t i = 0; i < lanes_.size(); ++i) {
        if (!lanes_[i].queue.empty() && !lanes_[i].blocked) send_lane(i, exchange, now);
    }
}

void Lanes::send_lane(std::size_t index, Exchange& exchange, Moment now) {
    auto& lane = lanes_[index];
    std::erase_if(lane.queue, [&](const auto& ticket) { return exchange.query(ticket).empty(); });
    if (!make_ready(index, now)) return give_up(index, exchange, now);
    while (!lane.queue.empty() && send_batch(index, exchange, now)) {
    }
}

// false: no more now
bool Lanes::send_batch(std::size_t index, Exchange& exchange, Moment now) {
    auto& lane = lanes_[index];
    const auto size = std::min(lane.queue.size(), batch_);
    for (std::size_t i = 0; i < size; ++i) {
        const auto bytes = exchange.query(lane.queue[i]);
        parts_[i] = {.iov_base = const_cast<std::uint8_t*>(bytes.data()), .iov_len = bytes.size()};
        heads_[i] = {};
        heads_[i].msg_hdr.msg_iov = &parts_[i];
        heads_[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent =
        ::sendmmsg(lane.fd.get(), heads_.data(), static_cast<unsigned>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
        lane.queue.erase(lane.queue.begin(), lane.queue.begin() + sent);
        return true;
    }
    if (is_congestion(errno)) {
        watch_writable(index, true);
    } else {
        give_up(index, exchange, now);
    }
    return false;
}

// A closed port, told by ICMP, or no way there.
void Lanes::give_up(std::size_t index, Exchange& exchange, Moment now) {
    lanes_[index].queue.clear();
    exchange.on_refused(server_of(index), now);
}

void Lanes::watch_writable(std::size_t index, bool on) {
    auto& lane = lanes_[index];
    lane.blocked = on;
    epoll_event event{.events = EPOLLIN, .data = {.u64 = index * 2}};
    if (on) event.events |= EPOLLOUT;
    ::epoll_ctl(poll_, EPOLL_CTL_MOD, lane.fd.get(), &event);
}

bool Lanes::on_ready(std::size_t number, std::uint32_t events, Exchange& exchange, Moment now) {
    auto& lane = lanes_[number / 2];
    if (number % 2 == 1) {
        return lane.old.is_open() && receive(number / 2, lane.old.get(), exchange, now);
    }
    if ((events & EPOLLOUT) != 0 && lane.blocked) watch_writable(number / 2, false);
    return receive(number / 2, lane.fd.get(), exchange, now);
}

bool Lanes::receive(std::size_t index, int fd, Exchange& exchange, Moment now) {
    for (int turn = 0; turn < batches_at_once; ++turn) {
        for (std::size_t i = 0; i < batch_; ++i) {
            parts_[i] = {.iov_base = room_.get() + i * max_datagram, .iov_len = max_datagram};
            heads_[i] = {};
            heads_[i].msg_hdr.msg_iov = &parts_[i];
            heads_[i].msg_hdr.msg_iovlen = 1;
        }
        const int got = ::recvmmsg(fd, heads_.data(), static_cast<unsigned>(batch_), MSG_DONTWAIT, nullptr);
        if (got < 0 && !is_congestion(errno)) give_up(index, exchange, now);
        for (std::size_t i = 0; got > 0 && i < static_cast<std::size_t>(got); ++i) {
            auto* bytes = room_.get() + i * max_datagram;
            const bool clipped = (heads_[i].msg_hdr.msg_flags & MSG_TRUNC) != 0;
            if (clipped) bytes[2] |= truncated_flag;
            exchange.on_datagram(server_of(index), index % per_server_, {bytes, heads_[i].msg_len}, now);
        }
        if (got < static_cast<int>(batch_) || batch_ == 1) return false;
    }
    return true;
}

}  // namespace pbx::dns
