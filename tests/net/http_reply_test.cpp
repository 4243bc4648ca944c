#include "net/http_reply.hpp"

#include "net/http_get.hpp"
#include "net/loop.hpp"
#include "support/fake_http.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::net;
using namespace std::chrono_literals;

namespace {
constexpr std::size_t most = 64;
const std::string good = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\ncontent-length:  5 \r\n\r\nhello";

// All at once, and byte by byte: both must say the same.
Result<HttpReply> decoded(const std::string& bytes, bool ended = true) {
    const auto read = [&](std::size_t step) -> Result<HttpReply> {
        HttpReplyDecoder decoder(most);
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            decoder.feed(std::string_view(bytes).substr(at, step));
            auto reply = decoder.next();
            if (!reply) return Unexpected(reply.error());
            if (*reply) return std::move(**reply);
        }
        auto reply = decoder.next(ended);
        if (!reply) return Unexpected(reply.error());
        return *reply ? Result<HttpReply>(std::move(**reply)) : fail(Code::no, "wants more");
    };
    auto whole = read(std::max<std::size_t>(bytes.size(), 1)), parts = read(1);
    CHECK(whole.has_value() == parts.has_value());
    if (whole && parts) {
        CHECK(whole->status == parts->status);
        CHECK(whole->body == parts->body);
    }
    return whole;
}

Result<HttpReply> get(const test::FakeHttp& server, std::chrono::milliseconds limit = 10s,
                      const std::string& path = "/status") {
    const auto port = std::stoi(server.url().substr(server.url().rfind(':') + 1));
    Loop loop;
    auto reply = loop.run_to_end(http_get({.host = "127.0.0.1",
                                           .port = static_cast<std::uint16_t>(port),
                                           .path = path,
                                           .limit = limit,
                                           .max_body = most}));
    REQUIRE(reply);
    return std::move(*reply);
}
}  // namespace

TEST_CASE("http reply: a body ends with its length or with the connection") {
    for (const auto& bytes : {good, std::string("HTTP/1.0 200\r\nX: y\r\n\r\nhello"),
                              std::string("HTTP/1.1 200 OK\r\n\r\nhello")}) {
        const auto reply = decoded(bytes);
        REQUIRE(reply);
        CHECK(reply->status == 200);
        CHECK(reply->body == "hello");
    }
    CHECK(decoded("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", false).value().status == 404);
}

TEST_CASE("http reply: as long as it isn't whole it asks for more") {
    for (std::size_t size = 0; size < good.size(); ++size) {
        INFO(size);
        CHECK(decoded(good.substr(0, size), false).error().what == "wants more");
        CHECK(decoded(good.substr(0, size)).error().code == Code::protocol);  // cut off there
    }
    CHECK(decoded("HTTP/1.1 200 OK\r\n\r\nhello", false).error().what == "wants more");
}

TEST_CASE("http reply: what is no answer, or over a limit, is refused with the reason") {
    struct Row {
        std::string bytes, reason;
    };
    const std::string begin = "HTTP/1.1 200 OK\r\n";
    for (const auto& row : {
             Row{"SSH-2.0-OpenSSH_9.2\r\n\r\n", "no HTTP answer"},
             Row{"HTTP/2 200 OK\r\n\r\n", "no HTTP answer"},
             Row{"HTTP/1.1 2x0 OK\r\n\r\n", "no HTTP answer"},
             Row{"HTTP/1.1 2000 OK\r\n\r\n", "no HTTP answer"},
             Row{"HTTP/1.\r\n\r\n", "no HTTP answer"},
             Row{"\r\n\r\n", "no HTTP answer"},
             Row{begin + "nonsense\r\n\r\n", "bad HTTP header"},
             Row{begin + ": x\r\n\r\n", "bad HTTP header"},
             Row{begin + "Content-Length: -1\r\n\r\n", "bad Content-Length"},
             Row{begin + "Content-Length: 99999999999999999999\r\n\r\n", "bad Content-Length"},
             Row{begin + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", "two Content-Lengths"},
             Row{begin + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                 "HTTP answer in chunks that were not asked for"},
             Row{begin + "Content-Length: 65\r\n\r\n", "answer is too big"},
             Row{begin + "\r\n" + std::string(most + 1, 'x'), "answer is too big"},
             Row{begin + "X: " + std::string(max_reply_head, 'x') + "\r\n\r\n", "HTTP header too large"},
             Row{std::string(2 * max_reply_head, 'x'), "HTTP header too large"},
         }) {
        INFO(row.bytes.substr(0, 80));
        const auto reply = decoded(row.bytes);
        REQUIRE_FALSE(reply);
        CHECK(reply.error().what == row.reason);
        CHECK(reply.error().code == Code::protocol);
    }
    CHECK(decoded(begin + "\r\n" + std::string(most, 'x')).value().body.size() == most);
}

TEST_CASE("http get: asks one page of one host and takes any status") {
    test::FakeHttp server([](const test::FakeRequest& request) {
        return test::FakeHttp::reply(request.line == "GET /status HTTP/1.0" ? "200 OK" : "404 Not Found",
                                     "x");
    });
    const auto reply = get(server);
    REQUIRE(reply);
    CHECK(reply->status == 200);
    CHECK(reply->body == "x");
    CHECK(get(server, 10s, "/other").value().status == 404);
    CHECK(server.requests().front().has("Host: 127.0.0.1:"));
    CHECK(get(server, 10s, "/a b").error().code == Code::data);
    CHECK(get(server, 10s, "/a\r\nX: y").error().code == Code::data);
    CHECK(server.requests().size() == 2);
}

TEST_CASE("http get: who never answers, answers too much or is not there is an error in time") {
    test::FakeHttp silent([](const test::FakeRequest& request) {
        request.wait_until_left();
        return std::string();
    });
    CHECK(get(silent, 50ms).error().code == Code::try_again);
    test::FakeHttp endless(
        [](const test::FakeRequest&) { return "HTTP/1.0 200 OK\r\n\r\n" + std::string(100'000, 'x'); });
    CHECK(get(endless).error().what == "answer is too big");
    test::FakeHttp mute([](const test::FakeRequest&) { return std::string(); });
    CHECK(get(mute).error().what == "closed without an answer");
    CHECK(get(mute).error().code == Code::unavailable);
    std::uint16_t closed = 0;
    {
        const test::FakeHttp gone([](const test::FakeRequest&) { return std::string(); });
        closed = static_cast<std::uint16_t>(std::stoi(gone.url().substr(gone.url().rfind(':') + 1)));
    }
    Loop loop;
    const auto reply = loop.run_to_end(http_get({.host = "127.0.0.1", .port = closed}));
    REQUIRE(reply);
    CHECK(reply->error().code == Code::unavailable);
}
