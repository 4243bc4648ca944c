// A name server on a loopback port of its own, UDP and TCP, whose answers a test writes. It runs in a thread.
#pragma once

#include "dns/message.hpp"
#include "dns/server.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pbx::dns::test {

class FakeServer {
  public:
    // Messages to send back for a query, in order; none keeps silent.
    using Handler = std::function<std::vector<Octets>(const Octets& query, bool tcp)>;

    explicit FakeServer(Handler handler) : handler_(std::move(handler)) {
        // a port that is free for UDP may be taken for TCP, by a connection of somebody else's
        for (int tries = 0; tcp_ < 0; ++tries) {
            if (tries == most_tries) std::abort();
            if (udp_ >= 0) ::close(udp_);
            udp_ = bound(SOCK_DGRAM, 0);
            tcp_ = bound(SOCK_STREAM, port());
        }
        ::listen(tcp_, 16);
        thread_ = std::thread([this] { run(); });
    }
    ~FakeServer() {
        stop_ = true;
        thread_.join();
        ::close(udp_);
        ::close(tcp_);
    }
    FakeServer(const FakeServer&) = delete;
    FakeServer& operator=(const FakeServer&) = delete;

    [[nodiscard]] std::uint16_t port() const {
        sockaddr_in address{};
        socklen_t size = sizeof(address);
        ::getsockname(udp_, reinterpret_cast<sockaddr*>(&address), &size);
        return ntohs(address.sin_port);
    }
    [[nodiscard]] Server address() const { return Server::parse("127.0.0.1", port()).value(); }
    [[nodiscard]] std::set<std::uint16_t> peer_ports() const {
        const std::lock_guard lock(mutex_);
        return peer_ports_;
    }

  private:
    static constexpr int most_tries = 100;

    // -1: the port is taken
    static int bound(int kind, std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int fd = ::socket(AF_INET, kind | SOCK_CLOEXEC, 0);
        const int on = 1;
        ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
        if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) return fd;
        ::close(fd);
        return -1;
    }
    void run() {
        while (!stop_) {
            pollfd ready[2] = {{udp_, POLLIN, 0}, {tcp_, POLLIN, 0}};
            ::poll(ready, 2, 20);
            if ((ready[0].revents & POLLIN) != 0) answer_datagram();
            if ((ready[1].revents & POLLIN) != 0) answer_stream();
        }
    }
    void answer_datagram() {
        Octets query(2048);
        sockaddr_in from{};
        socklen_t size = sizeof(from);
        const auto got =
            ::recvfrom(udp_, query.data(), query.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
        if (got <= 0) return;
        query.resize(static_cast<std::size_t>(got));
        {
            const std::lock_guard lock(mutex_);
            peer_ports_.insert(ntohs(from.sin_port));
        }
        for (const auto& message : handler_(query, false))
            ::sendto(udp_, message.data(), message.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
    void answer_stream() {
        const int fd = ::accept(tcp_, nullptr, nullptr);
        std::uint8_t head[2] = {0, 0};
        if (::recv(fd, head, 2, MSG_WAITALL) == 2) {
            Octets query(static_cast<std::size_t>(head[0] << 8U | head[1]));
            if (::recv(fd, query.data(), query.size(), MSG_WAITALL) == static_cast<ssize_t>(query.size())) {
                for (const auto& message : handler_(query, true))
                    send_in_parts(fd, message);
            }
        }
        ::close(fd);
    }
    static void send_in_parts(int fd, const Octets& message) {
        Octets out;
        add16(out, message.size());
        add(out, message);
        const auto part = out.size() / 3 + 1;
        for (std::size_t at = 0; at < out.size(); at += part)
            ::send(fd, out.data() + at, std::min(part, out.size() - at), MSG_NOSIGNAL);
    }

    Handler handler_;
    int udp_ = -1, tcp_ = -1;
    std::atomic<bool> stop_ = false;
    mutable std::mutex mutex_;
    std::set<std::uint16_t> peer_ports_;
    std::thread thread_;
};

inline std::vector<Octets> answer_well(const Octets& query, bool) {
    return {
        Message::answer_to(query).record(to_question, Type::naptr, sip_record("sip:a@example.com")).octets()};
}
inline std::vector<Octets> keep_silent(const Octets&, bool) {
    return {};
}

// A port of this machine where nobody listens.
inline Server closed_port() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t size = sizeof(address);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0) std::abort();
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return Server::parse("127.0.0.1", ntohs(address.sin_port)).value();
}

}  // namespace pbx::dns::test
