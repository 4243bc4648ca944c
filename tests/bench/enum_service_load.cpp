// Asks a running `pbxctl enum lookup --http` as callers do, by plain sockets, and says how fast it answers:
//   enum_service_load HTTP_PORT DNS_PORT [SECONDS]
// One line of JSON for each: the time of a hit and of a miss one after the other, the name server's own time,
// and how many hits a second many connections get. dns_responder is a name server that is fast enough.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;
constexpr int one_by_one = 5'000;
constexpr int connections = 8;

int connected(int kind, int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = ::socket(AF_INET, kind, 0);
    const int on = 1;
    if (kind == SOCK_STREAM) ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
        std::cerr << "enum_service_load: nobody listens on port " << port << '\n';
        std::exit(69);
    }
    return fd;
}

struct Times {
    std::vector<double> us;

    void add(Clock::duration time) { us.push_back(std::chrono::duration<double, std::micro>(time).count()); }
    double at(double share) {
        std::sort(us.begin(), us.end());
        return us[static_cast<std::size_t>(share * static_cast<double>(us.size() - 1))];
    }
    void print(std::string_view figure) {
        std::cout << R"({"figure":")" << figure << R"(","unit":"us","median":)" << at(0.5) << R"(,"p99":)"
                  << at(0.99) << "}\n";
    }
};

std::string request(long number) {
    return "GET /enum/+44" + std::to_string(1'000'000'000 + number) + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

// A response without URI is a fault of what is measured.
bool is_whole(std::string_view response) {
    if (response.substr(0, 12) != "HTTP/1.1 200" && response.size() >= 12) {
        std::cerr << "enum_service_load: " << response << '\n';
        std::exit(70);
    }
    return response.size() > 4 && response.find("\r\n\r\n") != response.npos && response.back() == '\n' &&
           !response.ends_with("\r\n");
}

void exchange(int fd, const std::string& bytes) {
    std::array<char, 4096> room;
    if (::send(fd, bytes.data(), bytes.size(), 0) < 0) std::exit(69);
    std::size_t size = 0;
    while (!is_whole({room.data(), size})) {
        const auto got = ::recv(fd, room.data() + size, room.size() - size, 0);
        if (got <= 0) std::exit(69);
        size += static_cast<std::size_t>(got);
    }
}

// The same connection, one request after the other.
Times ask_one_by_one(int port, long first, long step) {
    const int fd = connected(SOCK_STREAM, port);
    Times out;
    for (long i = 0; i < one_by_one; ++i) {
        const auto bytes = request(first + i * step);
        const auto began = Clock::now();
        exchange(fd, bytes);
        out.add(Clock::now() - began);
    }
    ::close(fd);
    return out;
}

Times ask_name_server(int port) {
    const int fd = connected(SOCK_DGRAM, port);
    std::string query("\x12\x34\1\0\0\1\0\0\0\0\0\0", 12);
    for (int i = 0; i < 12; ++i)
        query +=
            "\1"
            "4";
    query += std::string("\4e164\4arpa\0\0\x23\0\1", 15);
    std::array<char, 2048> room;
    Times out;
    for (int i = 0; i < one_by_one; ++i) {
        const auto began = Clock::now();
        if (::send(fd, query.data(), query.size(), 0) < 0 || ::recv(fd, room.data(), room.size(), 0) <= 0)
            std::exit(69);
        out.add(Clock::now() - began);
    }
    ::close(fd);
    return out;
}

struct Line {
    int fd = -1;
    std::string in{};
    Clock::time_point began{};
};

void ask_at_once(int port, double seconds) {
    const auto bytes = request(0);
    const int poll = ::epoll_create1(0);
    std::vector<Line> lines(connections);
    const auto send = [&](Line& line) {
        line.in.clear();
        line.began = Clock::now();
        if (::send(line.fd, bytes.data(), bytes.size(), 0) < 0) std::exit(69);
    };
    for (auto& line : lines) {
        line.fd = connected(SOCK_STREAM, port);
        epoll_event event{.events = EPOLLIN, .data = {.ptr = &line}};
        ::epoll_ctl(poll, EPOLL_CTL_ADD, line.fd, &event);
        send(line);
    }
    Times times;
    const auto start = Clock::now();
    const auto end =
        start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    std::array<epoll_event, connections> events;
    std::array<char, 4096> room;
    while (Clock::now() < end) {
        const int ready = ::epoll_wait(poll, events.data(), connections, 1000);
        for (int i = 0; i < ready; ++i) {
            auto& line = *static_cast<Line*>(events[static_cast<std::size_t>(i)].data.ptr);
            const auto got = ::recv(line.fd, room.data(), room.size(), 0);
            if (got <= 0) std::exit(69);
            line.in.append(room.data(), static_cast<std::size_t>(got));
            if (!is_whole(line.in)) continue;
            times.add(Clock::now() - line.began);
            send(line);
        }
    }
    const auto took = std::chrono::duration<double>(Clock::now() - start).count();
    std::cout << R"({"figure":"cached rate","unit":"1/s","value":)"
              << static_cast<double>(times.us.size()) / took << R"(,"connections":)" << connections << "}\n";
    times.print("cached hit, busy");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 64;
    const int http = std::atoi(argv[1]), dns = std::atoi(argv[2]);
    exchange(connected(SOCK_STREAM, http), request(0));
    auto hit = ask_one_by_one(http, 0, 0);
    auto server = ask_name_server(dns);
    auto miss = ask_one_by_one(http, 1 + Clock::now().time_since_epoch().count() % 800'000'000, 1);
    hit.print("cached hit");
    server.print("name server alone");
    miss.print("miss");
    std::cout << R"({"figure":"miss over name server","unit":"us","value":)" << miss.at(0.5) - server.at(0.5)
              << "}\n";
    ask_at_once(http, argc > 3 ? std::atof(argv[3]) : 4);
}
