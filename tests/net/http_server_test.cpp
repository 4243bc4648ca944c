#include "net/http_server.hpp"

#include "net/bell.hpp"
#include "net/loop.hpp"

#include <array>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::net;
using namespace std::chrono_literals;

namespace {

HttpResponse answer(const HttpRequest& request) {
    if (request.path == "/healthz") return {.body = "ok\n"};
    if (request.path == "/echo") {
        return {.body = request.method + " " + request.query + " " + std::string(request.header("x-one")) +
                        " " + request.body,
                .headers = {{"X-Two", "2"}, {"X-Bad", "a\r\nb"}}};
    }
    return {.status = 404, .body = "no such page\n"};
}

// Sends `parts` one by one and reads until the server closes.
Task<Result<std::string>> talk(std::uint16_t port, std::vector<std::string> parts) {
    auto stream = co_await connect_tcp("127.0.0.1", port, 10s);
    if (!stream) co_return tl::unexpected(stream.error());
    for (auto& part : parts) {
        auto written = co_await (*stream)->write_all(part, 10s);
        if (!written) break;
        co_await sleep_for(0ms);
    }
    std::string out;
    std::array<char, 1000> part{};
    while (true) {
        auto got = co_await (*stream)->read_some(part, 10s);
        if (!got || *got == 0) break;
        out.append(part.data(), *got);
    }
    co_return out;
}

struct Server {
    explicit Server(HttpOptions options = {}) {
        auto opened = serve_http(loop.executor(), std::move(options), answer);
        REQUIRE(opened);
        door = std::move(*opened);
    }
    std::string ask(std::vector<std::string> parts) {
        auto text = loop.run_to_end(talk(door->port(), std::move(parts)));
        REQUIRE(text);
        REQUIRE(*text);
        return **text;
    }
    Loop loop;
    std::unique_ptr<Listener> door;
};

const std::string close_it = "Connection: close\r\n\r\n";

// Answers /wait when somebody asks for /ring.
struct Slow {
    Loop loop;
    Bell bell{loop.executor()};
    static Task<HttpResponse> answer(Slow* self, HttpRequest request) {
        bool rung = true;
        if (request.path == "/wait") rung = co_await self->bell.wait(10s);
        if (request.path == "/ring") self->bell.ring();
        co_return HttpResponse{.status = rung ? 200U : 504U, .body = request.path};
    }
    static Task<Result<std::string>> both(std::uint16_t port) {
        auto first = co_await connect_tcp("127.0.0.1", port, 10s);
        if (!first) co_return tl::unexpected(first.error());
        auto written = co_await (*first)->write_all("GET /wait HTTP/1.1\r\n" + close_it, 10s);
        if (!written) co_return tl::unexpected(written.error());
        std::vector<std::string> ring{"GET /ring HTTP/1.1\r\n" + close_it};
        auto second = co_await talk(port, ring);
        if (!second) co_return second;
        std::array<char, 1000> part{};
        auto got = co_await (*first)->read_some(part, 10s);
        co_return *second + " then " + std::string(part.data(), got ? *got : 0);
    }
};

}  // namespace

TEST_CASE("a page is served with its length and type") {
    Server server;
    CHECK(server.ask({"GET /healthz HTTP/1.1\r\nHost: x\r\n" + close_it}) ==
          "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\nConnection: "
          "close\r\n\r\nok\n");
}

TEST_CASE("a request may be split anywhere") {
    Server server;
    const std::string request =
        "POST /echo?a=b HTTP/1.1\r\nHost: x\r\nX-One: 1\r\nContent-Length: 5\r\n" + close_it + "hello";
    const auto whole = server.ask({request});
    CHECK(whole.ends_with("POST a=b 1 hello"));
    CHECK(whole.find("X-Two: 2\r\n") != std::string::npos);
    CHECK(whole.find("X-Bad") == std::string::npos);
    for (std::size_t at = 1; at < request.size(); ++at) {
        CHECK(server.ask({request.substr(0, at), request.substr(at)}) == whole);
    }
}

TEST_CASE("requests in a row on one connection are answered in order") {
    Server server;
    const auto text =
        server.ask({"GET /echo?1 HTTP/1.1\r\nHost: x\r\n\r\nGET /echo?2 HTTP/1.1\r\nHost: x\r\n\r\n",
                    "GET /none HTTP/1.1\r\nHost: x\r\n" + close_it});
    const auto first = text.find("GET 1"), second = text.find("GET 2"), third = text.find("404 Not Found");
    CHECK(first < second);
    CHECK(second < third);
    CHECK(third != std::string::npos);
}

TEST_CASE("a response that has to be waited for holds up no other connection") {
    Slow slow;
    auto door = serve_http(slow.loop.executor(), {},
                           [&slow](HttpRequest request) { return Slow::answer(&slow, std::move(request)); });
    REQUIRE(door);
    auto text = slow.loop.run_to_end(Slow::both((*door)->port()));
    REQUIRE(text);
    REQUIRE(*text);
    CHECK((**text).find("/ring then HTTP/1.1 200 OK") != std::string::npos);
    CHECK((**text).ends_with("/wait"));
}

TEST_CASE("HEAD has no body, HTTP/1.0 closes") {
    Server server;
    const auto text = server.ask({"HEAD /healthz HTTP/1.0\r\n\r\n"});
    CHECK(text.find("Content-Length: 3") != std::string::npos);
    CHECK(text.ends_with("\r\n\r\n"));
}

TEST_CASE("too large, too slow and no HTTP at all are refused") {
    Server server({.max_header = 200, .max_body = 10});
    CHECK(server.ask({"GET / HTTP/1.1\r\nX: " + std::string(300, 'x') + "\r\n\r\n"})
              .starts_with("HTTP/1.1 431"));
    CHECK(server.ask({"POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n"}).starts_with("HTTP/1.1 413"));
    CHECK(server.ask({"\x16\x03\x01 hello\r\n\r\n"}).starts_with("HTTP/1.1 400"));
    Server hasty({.request_limit = 1ms, .idle_limit = 1h});
    CHECK(hasty.ask({"GET / HTTP/1.1\r\nHost"}).empty());
    Server idle({.idle_limit = 1ms});
    CHECK(idle.ask({}).empty());
}
