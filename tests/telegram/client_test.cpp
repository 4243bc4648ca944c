#include "telegram/client.hpp"

#include "support/fake_http.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace pbx;
using namespace pbx::telegram;
using test::FakeHttp;
using test::FakeRequest;

namespace {
const std::string token = "123456:AAtoken";

Sending send_to(const FakeHttp& server, const std::string& given = token,
                std::chrono::milliseconds whole = std::chrono::seconds(10)) {
    auto http = net::HttpClient::open();
    REQUIRE(http);
    Client client(std::move(*http), {.token = Secret(given), .api_root = server.url(), .whole = whole});
    return client.send({.chat = "-5", .text = "Заказ"});
}

Sending answered(const std::string& bytes) {
    FakeHttp server([&](const FakeRequest&) { return bytes; });
    auto sending = send_to(server);
    CHECK(server.requests().size() == 1);  // it retries nothing by itself
    CHECK(sending.error.find("AAtoken") == std::string::npos);
    return sending;
}

std::string refusal(int code, const std::string& parameters = "{}") {
    return R"({"ok":false,"error_code":)" + std::to_string(code) + R"(,"description":"no","parameters":)" +
           parameters + "}";
}
const std::string accepted = R"({"ok":true,"result":{"message_id":7}})";
}  // namespace

TEST_CASE("telegram: sendMessage is posted to the bot's own path") {
    FakeHttp server([](const FakeRequest&) { return FakeHttp::reply("200 OK", accepted); });
    auto sending = send_to(server);
    CHECK((sending.verdict == Verdict::sent && sending.message_id == 7 && sending.error.empty()));
    auto request = server.requests().at(0);
    CHECK(request.line == "POST /bot123456:AAtoken/sendMessage HTTP/1.1");
    CHECK(request.has("Content-Type: application/json\r\n"));
    CHECK(nlohmann::json::parse(request.body)["text"] == "Заказ");
}

TEST_CASE("telegram: what is final is refused, what passes is for later") {
    CHECK(answered(FakeHttp::reply("400 Bad Request", refusal(400))).verdict == Verdict::refused);
    CHECK(answered(FakeHttp::reply("403 Forbidden", refusal(403))).verdict == Verdict::refused);
    CHECK(answered(FakeHttp::reply("401 Unauthorized", refusal(401))).verdict == Verdict::again);
    CHECK(answered(FakeHttp::reply("404 Not Found", refusal(404))).error.find("secret_file") !=
          std::string::npos);
    CHECK(answered(FakeHttp::reply("502 Bad Gateway", "<html>")).verdict == Verdict::again);
    auto wait = answered(FakeHttp::reply("429 Too Many Requests", refusal(429, R"({"retry_after":3})")));
    CHECK((wait.verdict == Verdict::again && wait.wait == std::chrono::seconds(3) && !wait.maybe_sent));
    auto header = answered(FakeHttp::reply("429 Too Many Requests", "slow down", "Retry-After: 4\r\n"));
    CHECK(header.wait == std::chrono::seconds(4));
}

TEST_CASE("telegram: a request without an answer may have been sent") {
    auto dropped = answered("");
    CHECK((dropped.verdict == Verdict::again && dropped.maybe_sent));
    FakeHttp silent([](const FakeRequest& request) { return request.wait_until_left(), ""; });
    auto late = send_to(silent, token, std::chrono::milliseconds(200));
    CHECK((late.verdict == Verdict::again && late.maybe_sent));
    CHECK(late.error.find("AAtoken") == std::string::npos);
}

TEST_CASE("telegram: a group that became a supergroup is followed once and said") {
    FakeHttp server([](const FakeRequest& request) {
        return request.body.find("-1009") == std::string::npos
                   ? FakeHttp::reply("400 Bad Request", refusal(400, R"({"migrate_to_chat_id":-1009})"))
                   : FakeHttp::reply("200 OK", accepted);
    });
    auto sending = send_to(server);
    CHECK((sending.verdict == Verdict::sent && sending.moved_to == -1009));
    CHECK(server.requests().size() == 2);
    FakeHttp round([](const FakeRequest&) {
        return FakeHttp::reply("400 Bad Request", refusal(400, R"({"migrate_to_chat_id":-1009})"));
    });
    CHECK(send_to(round).verdict == Verdict::refused);
    CHECK(round.requests().size() == 2);
}

TEST_CASE("telegram: without a token nothing is sent") {
    FakeHttp server([](const FakeRequest&) { return FakeHttp::reply("200 OK", accepted); });
    auto sending = send_to(server, "nonsense/../x");
    CHECK((sending.verdict == Verdict::again && !sending.maybe_sent));
    CHECK(server.requests().empty());
}
