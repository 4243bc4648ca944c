#include "service/health.hpp"

#include "net/loop.hpp"

#include <string>
#include <thread>

#include <arpa/inet.h>
#include <catch2/catch.hpp>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::service;

namespace {
// A whole exchange by plain sockets, so that nothing of ours judges our own answer.
std::string ask(std::uint16_t port, const std::string& request) {
    const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    std::string answer;
    if (connect(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        send(descriptor, request.data(), request.size(), MSG_NOSIGNAL) > 0) {
        char bytes[4096];
        for (ssize_t got = 0; (got = recv(descriptor, bytes, sizeof bytes, 0)) > 0;)
            answer.append(bytes, static_cast<std::size_t>(got));
    }
    close(descriptor);
    return answer;
}

std::string get(std::uint16_t port, const std::string& path, const std::string& method = "GET") {
    return ask(port, method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
}
}  // namespace

TEST_CASE("health: a monitor reads how the service is and its numbers") {
    net::Loop loop;
    Metrics metrics;
    auto& calls = metrics.counter("pbxctl_calls_total", "calls taken");
    std::string trouble;
    auto listener = serve_health(
        loop.executor(),
        {.listen = {}, .trouble = [&] { return trouble; }, .refresh = [&] { calls.add(7 - calls.value()); }},
        metrics);
    REQUIRE(listener);
    const auto port = (*listener)->port();
    std::string well, ill, numbers, post, other;
    std::thread monitor([&] {
        well = get(port, "/healthz");
        trouble = "asterisk is gone\nx";
        ill = get(port, "/healthz");
        numbers = get(port, "/metrics");
        post = get(port, "/metrics", "DELETE");
        other = get(port, "/../etc/passwd");
        loop.stop();
    });
    loop.run();
    monitor.join();
    CHECK(well.rfind("HTTP/1.1 200", 0) == 0);
    CHECK(well.find("\r\n\r\nok\n") != std::string::npos);
    CHECK(ill.rfind("HTTP/1.1 503", 0) == 0);
    CHECK(ill.find("asterisk is gone?x\n") != std::string::npos);
    CHECK(numbers.find("version=0.0.4") != std::string::npos);
    CHECK(numbers.find("pbxctl_calls_total 7\n") != std::string::npos);
    CHECK(post.rfind("HTTP/1.1 405", 0) == 0);
    CHECK(other.rfind("HTTP/1.1 404", 0) == 0);
}

TEST_CASE("health: a service with a status tells it as one document, another has no such page") {
    net::Loop loop;
    Metrics metrics;
    bool fresh = false;
    auto with = serve_health(
        loop.executor(),
        {.listen = {}, .refresh = [&] { fresh = true; }, .status = [] { return std::string(R"({"v":1})"); }},
        metrics);
    auto without = serve_health(loop.executor(), {.listen = {}}, metrics);
    REQUIRE(with);
    REQUIRE(without);
    std::string told, head, put, none, other;
    std::thread monitor([&] {
        told = get((*with)->port(), "/status?x=1");
        head = get((*with)->port(), "/status", "HEAD");
        put = get((*with)->port(), "/status", "PUT");
        other = get((*with)->port(), "/statuses");
        none = get((*without)->port(), "/status");
        loop.stop();
    });
    loop.run();
    monitor.join();
    CHECK(told.rfind("HTTP/1.1 200", 0) == 0);
    CHECK(told.find("Content-Type: application/json\r\n") != std::string::npos);
    CHECK(told.find("\r\n\r\n{\"v\":1}\n") != std::string::npos);
    CHECK(head.find("Content-Length: 8\r\n") != std::string::npos);
    CHECK(head.find("\"v\"") == std::string::npos);
    CHECK(put.rfind("HTTP/1.1 405", 0) == 0);
    CHECK(other.rfind("HTTP/1.1 404", 0) == 0);
    CHECK(other.find("/healthz, /metrics or /status\n") != std::string::npos);
    CHECK(none.rfind("HTTP/1.1 404", 0) == 0);
    CHECK_FALSE(fresh);  // the numbers for Prometheus are not asked for
}

TEST_CASE("health: what listens everywhere is reached by loopback") {
    CHECK(reach_address("0.0.0.0:9100").value().address == "127.0.0.1");
    CHECK(reach_address("[::]:9100").value().address == "::1");
    CHECK(reach_address("192.0.2.1:9100").value().address == "192.0.2.1");
    CHECK(reach_address("9100").error().code == Code::config);
}

TEST_CASE("health: an address is a host and a port") {
    CHECK(listen_address("127.0.0.1:9100").value().port == 9100);
    CHECK(listen_address("[::1]:9100").value().address == "::1");
    for (const char* text : {"", "9100", ":9100", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000"})
        CHECK(listen_address(text).error().code == Code::config);
}
