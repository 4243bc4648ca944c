#include "oksana/outbox_senders.hpp"

#include "oksana/journal.hpp"
#include "support/fake_http.hpp"
#include "support/temp_folder.hpp"

#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

using namespace pbx;
using namespace pbx::oksana;
using namespace std::chrono_literals;
using test::FakeHttp;
using test::FakeRequest;

namespace {
const WallTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

QueuedMessage message(const std::string& kind, const std::string& target, bool maybe_sent = false) {
    return {.id = 17,
            .message = {.key = "run-1/note/2",
                        .call = "run-1",
                        .kind = kind,
                        .target = target,
                        .text = "Заказ -rf $(id)\nдва",
                        .created = noon},
            .maybe_sent = maybe_sent};
}

std::string script(const test::TempFolder& folder, const std::string& body) {
    auto file = folder / "notify";
    std::ofstream(file) << "#!/bin/sh\n" << body;
    chmod(file.c_str(), 0755);
    return file;
}

std::string contents(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

Sender http_to(const FakeHttp& server, const std::string& bearer = "") {
    return http_sender({{"crm", {.url = server.url("/hook"), .bearer = Secret(bearer)}}});
}

Delivery http_answered(const std::string& bytes) {
    FakeHttp server([&](const FakeRequest&) { return bytes; });
    return http_to(server)(message("http", "crm"));
}

class TestClock final : public Clock {
  public:
    [[nodiscard]] std::chrono::steady_clock::time_point now() const override {
        return std::chrono::steady_clock::time_point(step_ * calls_++);
    }
    [[nodiscard]] WallTime wall() const override { return noon; }
    std::chrono::milliseconds step_{0};

  private:
    mutable int calls_ = 0;
};
}  // namespace

TEST_CASE("outbox: a web hook gets JSON, a key against repeats and its token") {
    FakeHttp server([](const FakeRequest&) { return FakeHttp::reply("204 No Content", ""); });
    CHECK(http_to(server, "t0ken")(message("http", "crm", true)).fate == Fate::sent);
    auto request = server.requests().at(0);
    CHECK(request.line == "POST /hook HTTP/1.1");
    CHECK(request.has("Idempotency-Key: run-1/note/2\r\n"));
    CHECK(request.has("Authorization: Bearer t0ken\r\n"));
    auto body = nlohmann::json::parse(request.body);
    CHECK(body["v"] == 1);
    CHECK(body["id"] == 17);
    CHECK(body["call"] == "run-1");
    CHECK(body["time"] == "2026-11-22T12:00:00Z");
    CHECK(body["text"] == "Заказ -rf $(id)\nдва");
    CHECK(body["repeat"] == true);
}

TEST_CASE("outbox: a web hook's status decides") {
    CHECK(http_answered(FakeHttp::reply("404 Not Found", "")).fate == Fate::refused);
    CHECK(http_answered(FakeHttp::reply("301 Moved", "", "Location: http://127.0.0.1/\r\n")).fate ==
          Fate::refused);
    CHECK(http_answered(FakeHttp::reply("408 Request Timeout", "")).fate == Fate::again);
    auto busy = http_answered(FakeHttp::reply("503 Unavailable", "", "Retry-After: 30\r\n"));
    CHECK((busy.fate == Fate::again && busy.wait == 30s));
    CHECK(busy.error.find("/hook") == std::string::npos);
    auto dropped = http_answered("");
    CHECK((dropped.fate == Fate::again && dropped.maybe_sent));
}

TEST_CASE("outbox: a program gets the text on stdin and in the argument that asks for it, never as a shell") {
    test::TempFolder folder;
    const auto out = folder / "out";
    auto program = script(folder, "cat > " + out + "; printf '|%s' \"$@\" >> " + out +
                                      "; echo \"|$PBXCTL_CALL|$PBXCTL_NOTE|$PBXCTL_REPEAT\" >> " + out);
    auto send = exec_sender({{"pager", {.program = program, .arguments = {"--to", "ops", "--text={text}"}}}});
    CHECK(send(message("exec", "pager")).fate == Fate::sent);
    CHECK(contents(out) == "Заказ -rf $(id)\nдва|--to|ops|--text=Заказ -rf $(id)\nдва|run-1|17|0\n");
}

TEST_CASE("outbox: a program's exit status decides") {
    test::TempFolder folder;
    auto fate = [&](const std::string& body) {
        return exec_sender({{"x", {.program = script(folder, body), .most = 300ms}}})(message("exec", "x"));
    };
    auto failed = fate("echo no line; exit 1");
    CHECK((failed.fate == Fate::again && failed.error.find("exit 1: no line") != std::string::npos));
    CHECK(fate("exit 65").fate == Fate::refused);
    auto slow = fate("sleep 600");
    CHECK((slow.fate == Fate::again && slow.maybe_sent));
    auto none = exec_sender({{"x", {.program = "/no/such"}}})(message("exec", "x"));
    CHECK((none.fate == Fate::again && !none.maybe_sent));
}

TEST_CASE("outbox: a Telegram message goes to the chat by its name, a repeat says so") {
    FakeHttp server([](const FakeRequest&) {
        return FakeHttp::reply("200 OK", R"({"ok":true,"result":{"message_id":1}})");
    });
    auto send = tg_sender({.token = Secret("12:AA"),
                           .api_root = server.url(),
                           .chats = parse_chats({"ops, -1001, 5", "boss,@boss"}).value()});
    CHECK(send(message("tg", "ops", true)).fate == Fate::sent);
    CHECK(send(message("tg", "boss")).fate == Fate::sent);
    auto first = nlohmann::json::parse(server.requests().at(0).body);
    CHECK(first["chat_id"] == -1001);
    CHECK(first["message_thread_id"] == 5);
    CHECK(first["text"] == "Заказ -rf $(id)\nдва\n(may be a repeat)");
    CHECK(nlohmann::json::parse(server.requests().at(1).body)["chat_id"] == "@boss");
    auto unknown = send(message("tg", "nobody"));
    CHECK((unknown.fate == Fate::again && unknown.error.find("nobody") != std::string::npos));
}

TEST_CASE("outbox: a Telegram flood wait holds the chat") {
    FakeHttp server([](const FakeRequest&) {
        return FakeHttp::reply(
            "429 Too Many Requests",
            R"({"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":7}})");
    });
    auto send = tg_sender(
        {.token = Secret("12:AA"), .api_root = server.url(), .chats = parse_chats({"ops, -1"}).value()});
    auto delivery = send(message("tg", "ops"));
    CHECK((delivery.fate == Fate::again && delivery.wait == 7s && !delivery.maybe_sent));
}

TEST_CASE("outbox: chats are read as pbxctl.conf writes them") {
    CHECK(parse_chats({}).value().empty());
    for (const char* line : {"ops", "ops,", ", -1", "ops, name", "ops, -1, x", "ops, -1, 2, 3"})
        CHECK(parse_chats({line}).error().code == Code::config);
}

TEST_CASE("outbox: what is due is sent, what failed waits, within the limits") {
    test::TempFolder folder;
    auto database = open_database(folder / "x.db");
    REQUIRE(database);
    Outbox outbox(*database, {});
    for (const char* text : {"1", "2", "bad", "4", "5"})
        REQUIRE(enqueue(*database, {.kind = "http", .target = "crm", .text = text, .created = noon}));
    REQUIRE(enqueue(*database, {.kind = "exec", .target = "x", .text = "no sender", .created = noon}));
    std::vector<std::string> seen;
    const Senders senders{.http = [&](const QueuedMessage& queued) {
        seen.push_back(queued.message.text);
        return Delivery{.fate = queued.message.text == "bad" ? Fate::refused : Fate::sent};
    }};
    auto half = [] { return 0.5; };
    TestClock clock;
    auto two = deliver_due(outbox, senders, {.most = 2}, clock, half);
    REQUIRE(two);
    CHECK((two->sent == 2 && seen == std::vector<std::string>{"1", "2"}));
    auto stopped = deliver_due(outbox, senders, {}, clock, half, [] { return false; });
    CHECK((stopped && stopped->sent == 0));
    clock.step_ = 400ms;
    auto timed = deliver_due(outbox, senders, {.whole = 1000ms}, clock, half);
    CHECK((timed && timed->sent == 1 && timed->refused == 1));
    clock.step_ = 0ms;
    auto rest = deliver_due(outbox, senders, {}, clock, half);
    CHECK((rest && rest->sent == 1 && rest->again == 1));
    CHECK(outbox.list(MessageState::waiting, 9).value().at(0).error.find("exec is not set up") == 0);
    auto none = deliver_due(outbox, senders, {}, clock, half);
    CHECK((none && none->sent + none->again + none->refused == 0));
}

TEST_CASE("outbox: a long Telegram text becomes several messages, queued once") {
    test::TempFolder folder;
    auto database = open_database(folder / "x.db");
    REQUIRE(database);
    const Message message{
        .key = "k", .kind = "tg", .target = "ops", .text = std::string(9000, 'x'), .created = noon};
    CHECK(enqueue(*database, message).value());
    CHECK_FALSE(enqueue(*database, message).value());
    auto pieces = Outbox(*database, {}).list(std::nullopt, 99).value();
    CHECK(pieces.size() == 3);
    std::size_t whole = 0;
    for (const auto& piece : pieces)
        whole += piece.message.text.size();
    CHECK(whole == 9000);
    CHECK(enqueue(*database, {.kind = "tg", .target = "ops", .text = " ", .created = noon}).error().code ==
          Code::data);
}
