// A name server faster than any real one, so that a client's own speed is seen: each question gets one NAPTR
// record, by recvmmsg and sendmmsg, with no zone behind it.
//   dns_responder PORT [DROP]      127.0.0.1; every DROP-th query is not answered. Ends with its standard
//   input.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string_view>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

constexpr std::size_t batch = 64;
constexpr std::size_t max_datagram = 1232;

// Owner: a pointer to the question; NAPTR, IN, 3600 s; 100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .
constexpr std::string_view record(
    "\xc0\x0c\0\x23\0\1\0\0\x0e\x10\0\x2b\0\x64\0\x0a\1u\7E2U+sip\x1b!^.*$!sip:info@example.com!\0", 55);

class Responder {
  public:
    Responder(int fd, unsigned drop) : fd_(fd), drop_(drop) {
        for (std::size_t i = 0; i < batch; ++i) {
            parts_[i] = {.iov_base = room_[i].data(), .iov_len = max_datagram};
            heads_[i].msg_hdr.msg_name = &peers_[i];
            heads_[i].msg_hdr.msg_iov = &parts_[i];
            heads_[i].msg_hdr.msg_iovlen = 1;
        }
    }

    void turn() {
        for (auto& head : heads_)
            head.msg_hdr.msg_namelen = sizeof(sockaddr_in);
        for (auto& part : parts_)
            part.iov_len = max_datagram;
        const int got = ::recvmmsg(fd_, heads_.data(), batch, MSG_DONTWAIT, nullptr);
        std::size_t answers = 0;
        for (std::size_t i = 0; got > 0 && i < static_cast<std::size_t>(got); ++i) {
            if (drop_ != 0 && ++seen_ % drop_ == 0) continue;
            parts_[i].iov_len = answer(room_[i], heads_[i].msg_len);
            std::swap(heads_[answers], heads_[i]);
            ++answers;
        }
        for (std::size_t sent = 0; sent < answers;) {
            const int more = ::sendmmsg(fd_, heads_.data() + sent, static_cast<unsigned>(answers - sent), 0);
            if (more <= 0) break;
            sent += static_cast<std::size_t>(more);
        }
    }

  private:
    static std::size_t answer(std::array<std::uint8_t, max_datagram>& message, std::size_t size) {
        std::size_t end = 12;
        while (end < size && message[end] != 0)
            end += 1U + message[end];
        end += 5;
        if (end > size || end + record.size() > max_datagram) return 12;
        message[2] = 0x85;  // an authoritative answer
        message[3] = 0;
        const std::array<std::uint8_t, 8> counts{0, 1, 0, 1, 0, 0, 0, 0};
        std::copy(counts.begin(), counts.end(), message.begin() + 4);
        std::memcpy(message.data() + end, record.data(), record.size());
        return end + record.size();
    }

    int fd_;
    unsigned drop_, seen_ = 0;
    std::array<std::array<std::uint8_t, max_datagram>, batch> room_{};
    std::array<sockaddr_in, batch> peers_{};
    std::array<iovec, batch> parts_{};
    std::array<mmsghdr, batch> heads_{};
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) return 64;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[1])));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
    const int room = 4 << 20;
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
        std::cerr << "dns_responder: cannot use port " << argv[1] << '\n';
        return 69;
    }
    socklen_t size = sizeof(address);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    std::cout << ntohs(address.sin_port) << std::endl;
    Responder responder(fd, argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 0);
    while (true) {
        pollfd ready[2] = {{fd, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
        ::poll(ready, 2, -1);
        char octet = 0;
        if (ready[1].revents != 0 && ::read(STDIN_FILENO, &octet, 1) <= 0) return 0;
        if (ready[0].revents != 0) responder.turn();
    }
}
