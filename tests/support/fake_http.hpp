// A tiny real HTTP server on a free loopback port: one request a connection, each answered by the test's own
// function with raw bytes, so that it can also answer wrongly, partly or not at all.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pbx::test {

struct FakeRequest {
    std::string line;     // "POST /path HTTP/1.1"
    std::string headers;  // with their line ends
    std::string body;
    int socket = -1;

    [[nodiscard]] bool has(std::string_view header) const {
        return headers.find(header) != std::string::npos;
    }
    // Answers nothing until the client has given up.
    void wait_until_left() const {
        char byte = 0;
        while (recv(socket, &byte, 1, 0) > 0) {
        }
    }
};

class FakeHttp {
  public:
    // Returns the answer's bytes; "" closes the connection.
    using Answer = std::function<std::string(const FakeRequest&)>;

    explicit FakeHttp(Answer answer)
        : answer_(std::move(answer)), listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        if (bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
            getsockname(listener_, generic, &size) != 0)
            std::abort();
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    FakeHttp(const FakeHttp&) = delete;
    FakeHttp& operator=(const FakeHttp&) = delete;
    ~FakeHttp() {
        shutdown(listener_, SHUT_RDWR);
        thread_.join();
        close(listener_);
    }

    [[nodiscard]] std::string url(const std::string& path = "") const {
        return "http://127.0.0.1:" + std::to_string(port_) + path;
    }
    [[nodiscard]] std::vector<FakeRequest> requests() {
        std::lock_guard lock(mutex_);
        return requests_;
    }

    static std::string reply(const std::string& status, const std::string& body,
                             const std::string& headers = "") {
        return "HTTP/1.1 " + status + "\r\nConnection: close\r\n" + headers +
               "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }

  private:
    void serve() {
        for (;;) {
            const int peer = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (peer < 0) return;
            if (auto request = read(peer); !request.line.empty()) {
                {
                    std::lock_guard lock(mutex_);
                    requests_.push_back(request);
                }
                const auto bytes = answer_(request);
                static_cast<void>(send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL));
            }
            close(peer);
        }
    }

    static FakeRequest read(int peer) {
        std::string bytes;
        char buffer[4096];
        auto more = [&] {
            const auto got = recv(peer, buffer, sizeof buffer, 0);
            if (got > 0) bytes.append(buffer, static_cast<std::size_t>(got));
            return got > 0;
        };
        while (bytes.find("\r\n\r\n") == std::string::npos)
            if (!more()) return {};
        const auto line_end = bytes.find("\r\n"), head_end = bytes.find("\r\n\r\n");
        FakeRequest request{.line = bytes.substr(0, line_end),
                            .headers = bytes.substr(line_end + 2, head_end - line_end),
                            .body = {},
                            .socket = peer};
        std::size_t length = 0;
        if (auto at = request.headers.find("Content-Length: "); at != std::string::npos)
            length = std::stoul(request.headers.substr(at + 16));
        while (bytes.size() < head_end + 4 + length)
            if (!more()) return {};
        request.body = bytes.substr(head_end + 4, length);
        return request;
    }

    Answer answer_;
    int listener_;
    std::uint16_t port_ = 0;
    std::mutex mutex_;
    std::vector<FakeRequest> requests_;
    std::thread thread_;
};

}  // namespace pbx::test
