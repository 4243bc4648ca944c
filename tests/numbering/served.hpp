// The service as a process of its own, with real sockets and signals and a clock that can be put on; and a
// name server that knows one number.
#pragma once

#include "agi/fake_asterisk.hpp"
#include "dns/fake_server.hpp"
#include "numbering/service.hpp"
#include "service/manager.hpp"

#include <array>
#include <atomic>
#include <csignal>
#include <functional>
#include <iostream>
#include <map>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>

namespace pbx::numbering {

using namespace std::chrono_literals;
using dns::test::FakeServer;
using dns::test::Message;
using dns::test::Octets;

inline int listening(std::uint16_t& port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    socklen_t size = sizeof address;
    REQUIRE(bind(fd, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(fd, 16) == 0);
    getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    return fd;
}

inline int connected(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    return fd;
}

inline std::string rest_of(int fd) {
    std::string out;
    char bytes[4096];
    for (ssize_t got = 0; (got = recv(fd, bytes, sizeof bytes, 0)) > 0;)
        out.append(bytes, static_cast<std::size_t>(got));
    close(fd);
    return out;
}

inline LookupService asking(const dns::Server& server, std::chrono::milliseconds timeout = 20s) {
    LookupService out;
    auto& lookup = out.desk.lookup;
    lookup.profile = find_profile("e164");
    lookup.order.suffixes = parse_suffixes("e164.arpa").value();
    lookup.order.wanted = parse_wanted("sip").value();
    lookup.servers = {server};
    lookup.timeout = timeout;
    return out;
}

// The machine's, put on by as many seconds as another process says.
struct ShiftedClock final : Clock {
    using Shift = std::atomic<long long>;
    explicit ShiftedClock(const Shift& by) : shift(by) {}
    [[nodiscard]] std::chrono::steady_clock::time_point now() const override {
        return std::chrono::steady_clock::now() + std::chrono::seconds(shift);
    }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override {
        return std::chrono::system_clock::now() + std::chrono::seconds(shift);
    }
    const Shift& shift;
};

struct Served {
    using Read = std::function<Result<LookupService>()>;
    struct Ways {
        bool activated = false;  // sockets come from the manager, by their names
        std::size_t most_http = 1024;
    };

    explicit Served(Read read) : Served(std::move(read), Ways{}) {}
    Served(Read read, Ways ways) : ways_(ways) {
        void* page = mmap(nullptr, sizeof *shift_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        REQUIRE(page != MAP_FAILED);
        shift_ = new (page) ShiftedClock::Shift(0);
        agi_fd_ = listening(agi_port);
        http_fd_ = listening(http_port);
        health_fd_ = listening(health_port);
        process = fork();
        REQUIRE(process >= 0);
        if (process == 0) _exit(serve(read));
        close(agi_fd_), close(http_fd_), close(health_fd_);
        REQUIRE(manager.hears("READY=1"));
    }
    ~Served() {
        if (process > 0) kill(process, SIGKILL), waitpid(process, nullptr, 0);
        munmap(shift_, sizeof *shift_);
    }
    Served(const Served&) = delete;
    Served& operator=(const Served&) = delete;

    int serve(const Read& read) const {
        const ShiftedClock clock(*shift_);
        std::map<std::string, std::string> words{{"NOTIFY_SOCKET", manager.path}};
        if (ways_.activated) words.merge(passed());
        const Context context{std::cin, std::cout, std::cerr, test::environment_of(words), clock};
        net::Loop loop;
        auto status = serve_lookups(loop, context, [&]() -> Result<LookupService> {
            auto service = read();
            if (!service || ways_.activated) return service;
            service->agi = {{.inherited = agi_fd_}};
            service->http = {{.inherited = http_fd_, .max_connections = ways_.most_http}};
            service->health = net::ListenOptions{.inherited = health_fd_};
            return service;
        });
        return status ? *status : 99;
    }
    // From 3 on, as sd_listen_fds(3) says; what stands there is moved out of the way first.
    std::map<std::string, std::string> passed() const {
        std::array<int, 3> descriptors{health_fd_, http_fd_, agi_fd_};
        for (auto& descriptor : descriptors)
            descriptor = fcntl(descriptor, F_DUPFD_CLOEXEC, 64);
        for (int i = 0; i < 3; ++i)
            dup2(descriptors[static_cast<std::size_t>(i)], 3 + i);
        return {{"LISTEN_PID", std::to_string(getpid())},
                {"LISTEN_FDS", "3"},
                {"LISTEN_FDNAMES", "health:http:agi"}};
    }
    int begin(const std::string& path, const std::string& more = {},
              const std::string& method = "GET") const {
        const int fd = connected(http_port);
        const auto request =
            method + " " + path + " HTTP/1.1\r\nHost: x\r\n" + more + "Connection: close\r\n\r\n";
        REQUIRE(send(fd, request.data(), request.size(), MSG_NOSIGNAL) > 0);
        return fd;
    }
    std::string get(const std::string& path, const std::string& more = {},
                    const std::string& method = "GET") const {
        return rest_of(begin(path, more, method));
    }
    std::string monitored(const std::string& path) const {
        const int fd = connected(health_port);
        const auto request = "GET " + path + " HTTP/1.0\r\n\r\n";
        REQUIRE(send(fd, request.data(), request.size(), MSG_NOSIGNAL) > 0);
        return rest_of(fd);
    }
    // What a channel's variables are set to.
    std::vector<std::string> channel(const std::string& script, const std::string& more = {}) const {
        agi::FakeAsterisk::Ways ways;
        ways.fast = true;
        ways.environment = "agi_network: yes\nagi_network_script: " + script +
                           "\nagi_request: agi://127.0.0.1/" + script + "\n" + more + "\n";
        const int fd = connected(agi_port);
        agi::FakeAsterisk asterisk(fd, fd, -1, ways);
        asterisk.join();
        return asterisk.lines();
    }
    void put_on(std::chrono::seconds time) const { *shift_ += time.count(); }
    int end(int signal) {
        kill(process, signal);
        return ended();
    }
    int ended() {
        int status = 0;
        waitpid(process, &status, 0);
        process = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }

    test::Manager manager;
    std::uint16_t agi_port = 0, http_port = 0, health_port = 0;
    pid_t process = -1;

  private:
    Ways ways_;
    ShiftedClock::Shift* shift_ = nullptr;  // shared with the process
    int agi_fd_ = -1, http_fd_ = -1, health_fd_ = -1;
};

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}
inline std::string status_of(const std::string& response) {
    return response.substr(0, response.find("\r\n"));
}
inline std::string body_of(const std::string& response) {
    return response.substr(std::min(response.size(), response.find("\r\n\r\n") + 4));
}

// Knows one number; counts what it is asked.
struct Tree {
    std::atomic<int> asked = 0;
    std::string uri = "sip:a@example.com";
    FakeServer server{[this](const Octets& query, bool) {
        ++asked;
        return std::vector<Octets>{answer(query)};
    }};

    Octets answer(const Octets& query) const {
        const auto message = Message::answer_to(query);
        const bool known = contains(lower(message.question), std::string("\0013\0018\0010", 6));
        if (!known) return no(query);
        return Message::answer_to(query)
            .record(dns::test::to_question, dns::Type::naptr, dns::test::sip_record(uri))
            .record(dns::test::to_question, dns::Type::naptr, dns::test::sip_record("tel:+441632", 20))
            .octets();
    }
    static Octets no(const Octets& query) {
        Octets soa = dns::test::name("ns.example");
        dns::test::add(soa, dns::test::name("root.example"));
        for (const auto number : {1, 2, 3, 4, 60})
            dns::test::add32(soa, static_cast<std::size_t>(number));
        return Message::answer_to(query)
            .rcode(dns::Rcode::no_such_name)
            .record(dns::test::name("e164.arpa"), dns::Type::soa, soa, 2)
            .octets();
    }
    static std::string lower(const Octets& octets) {
        std::string out(octets.begin(), octets.end());
        for (char& c : out)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
        return out;
    }
    Served::Read read() {
        return [where = server.address()]() -> Result<LookupService> { return asking(where); };
    }
};

}  // namespace pbx::numbering
