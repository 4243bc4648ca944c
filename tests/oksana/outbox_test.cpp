#include "oksana/outbox.hpp"

#include "oksana/journal.hpp"
#include "support/temp_folder.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::oksana;
using namespace std::chrono_literals;

namespace {
const WallTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

struct Box {
    test::TempFolder folder;
    store::Database database = open_database(folder / "x.db").value();
    Outbox outbox{database, {.attempts = 3, .age = 1h, .first = 4s, .most = 60s, .lease = 30s}};

    void add(const std::string& kind, const std::string& target, const std::string& text,
             const std::string& key = {}) {
        REQUIRE(
            enqueue(database, {.key = key, .kind = kind, .target = target, .text = text, .created = noon}));
    }
    QueuedMessage claim(WallTime now) {
        auto message = outbox.claim(now);
        REQUIRE(message);
        REQUIRE(*message);
        return **message;
    }
    bool empty(WallTime now) { return !outbox.claim(now).value(); }
    MessageState state(std::int64_t id) {
        const auto all = outbox.list(std::nullopt, 100).value();
        for (const auto& message : all)
            if (message.id == id) return message.state;
        FAIL("no such message");
        return MessageState::dead;
    }
};
}  // namespace

TEST_CASE("outbox: a message is claimed once, sent and over") {
    Box box;
    box.add("http", "crm", "заказ");
    auto message = box.claim(noon);
    CHECK((message.message.text == "заказ" && message.attempts == 1 && !message.maybe_sent));
    CHECK(box.empty(noon));
    CHECK(box.outbox.finish(message, {.fate = Fate::sent}, noon, 0).value());
    CHECK(box.empty(noon + 24h));
    CHECK(box.state(message.id) == MessageState::sent);
    CHECK_FALSE(box.outbox.next_due().value());
}

TEST_CASE("outbox: one key is queued once, no key every time") {
    Box box;
    const Message message{
        .key = message_key("run", 1), .kind = "exec", .target = "x", .text = "t", .created = noon};
    CHECK(enqueue(box.database, message).value());
    CHECK_FALSE(enqueue(box.database, message).value());
    box.add("exec", "x", "t");
    box.add("exec", "x", "t");
    CHECK(box.outbox.list(MessageState::waiting, 100).value().size() == 3);
}

TEST_CASE("outbox: tries are spaced out and end") {
    Box box;
    box.add("http", "crm", "x");
    auto now = noon;
    for (auto wait : {4s, 8s}) {
        auto message = box.claim(now);
        REQUIRE(box.outbox.finish(message, {.fate = Fate::again, .error = "down"}, now, 0.999).value());
        CHECK(box.outbox.next_due().value().value() > now + wait - 100ms);
        CHECK(box.outbox.next_due().value().value() <= now + wait);
        CHECK(box.empty(now + wait / 2 - 1ms));
        now += wait;
    }
    auto last = box.claim(now);
    REQUIRE(box.outbox.finish(last, {.fate = Fate::again, .error = "still down"}, now, 0).value());
    CHECK(box.state(last.id) == MessageState::dead);
    CHECK(box.outbox.list(MessageState::dead, 1).value()[0].error == "still down");
}

TEST_CASE("outbox: a message grows too old") {
    Box box;
    box.add("http", "crm", "x");
    auto message = box.claim(noon + 59min + 59s);
    REQUIRE(box.outbox.finish(message, {.fate = Fate::again}, noon + 59min + 59s, 0).value());
    CHECK(box.state(message.id) == MessageState::dead);
}

TEST_CASE("outbox: a refusal is final until a person puts it back") {
    Box box;
    box.add("http", "crm", "x");
    auto message = box.claim(noon);
    REQUIRE(box.outbox.finish(message, {.fate = Fate::refused, .error = "no such chat"}, noon, 0).value());
    CHECK(box.empty(noon + 10h));
    CHECK(box.outbox.retry(message.id, noon + 10h).value());
    CHECK_FALSE(box.outbox.retry(message.id, noon + 10h).value());
    auto again = box.claim(noon + 10h);
    CHECK((again.tries == 1 && again.attempts == 2));
    REQUIRE(box.outbox.finish(again, {.fate = Fate::again}, noon + 10h, 0).value());
    CHECK(box.state(message.id) == MessageState::waiting);  // its age counts from then
}

TEST_CASE("outbox: a dead sender's message is sent again, says so, and its late word changes nothing") {
    Box box;
    box.add("http", "crm", "x");
    auto lost = box.claim(noon);
    CHECK(box.outbox.next_due().value().value() == noon + 30s);
    CHECK(box.empty(noon + 29s));
    auto again = box.claim(noon + 30s);
    CHECK((again.maybe_sent && again.attempts == 2));
    CHECK_FALSE(box.outbox.finish(lost, {.fate = Fate::refused}, noon + 31s, 0).value());
    CHECK(box.outbox.finish(again, {.fate = Fate::sent}, noon + 31s, 0).value());
    CHECK(box.state(again.id) == MessageState::sent);
}

TEST_CASE("outbox: the other side's wait holds its whole target and costs no try") {
    Box box;
    box.add("tg", "ops", "1");
    box.add("tg", "ops", "2");
    box.add("tg", "boss", "3");
    const Delivery wait{.fate = Fate::again, .error = "429", .wait = 10s};
    REQUIRE(box.outbox.finish(box.claim(noon), wait, noon, 0).value());
    auto other = box.claim(noon);
    CHECK(other.message.text == "3");
    REQUIRE(box.outbox.finish(other, {.fate = Fate::sent}, noon, 0).value());
    for (int n = 1; n < 6; ++n) {
        auto now = noon + n * 10s;
        CHECK(box.empty(now - 1ms));
        auto first = box.claim(now);
        CHECK(first.message.text == "1");
        REQUIRE(box.outbox.finish(first, wait, now, 0).value());
    }
    auto first = box.claim(noon + 60s);
    REQUIRE(box.outbox.finish(first, {.fate = Fate::sent}, noon + 60s, 0).value());
    CHECK(box.claim(noon + 60s).message.text == "2");
}

TEST_CASE("outbox: in a chat none overtakes an older message, elsewhere it may") {
    Box box;
    box.add("tg", "ops", "1");
    box.add("tg", "ops", "2");
    box.add("http", "crm", "a");
    box.add("http", "crm", "b");
    auto one = box.claim(noon);
    CHECK(one.message.text == "1");
    CHECK(box.claim(noon).message.text == "a");
    CHECK(box.claim(noon).message.text == "b");
    CHECK(box.empty(noon));
    CHECK(box.outbox.next_due().value().value() == noon + 30s);  // "2" is not due before "1" is over
    REQUIRE(box.outbox.finish(one, {.fate = Fate::refused}, noon, 0).value());
    CHECK(box.claim(noon).message.text == "2");
}

TEST_CASE("outbox: what can never be sent is refused at once") {
    Box box;
    auto refused = [&](Message message) {
        auto queued = enqueue(box.database, message);
        return !queued && queued.error().code == Code::data;
    };
    CHECK(refused({.kind = "sms", .target = "x", .text = "t", .created = noon}));
    CHECK(refused({.kind = "tg", .target = "", .text = "t", .created = noon}));
    CHECK(refused({.kind = "tg", .target = "a\nb", .text = "t", .created = noon}));
    CHECK(refused(
        {.kind = "tg", .target = "a", .text = std::string(longest_message + 1, 'x'), .created = noon}));
}

TEST_CASE("outbox: only what is over is forgotten") {
    Box box;
    box.add("http", "crm", "1");
    box.add("http", "crm", "2");
    REQUIRE(box.outbox.finish(box.claim(noon), {.fate = Fate::sent}, noon, 0));
    CHECK(box.outbox.forget(noon).value() == 0);
    CHECK(box.outbox.forget(noon + 1ms).value() == 1);
    CHECK(box.outbox.list(std::nullopt, 9).value().size() == 1);
}
