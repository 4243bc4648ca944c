#include "telegram/codec.hpp"

#include "core/text.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace pbx;
using namespace pbx::telegram;

TEST_CASE("telegram: a message is JSON with its text as it is") {
    const std::string text = "<b>Заказ</b> *5* \"от\"\n\\ 😀";
    auto body =
        nlohmann::json::parse(encode({.chat = "-1001234567890", .topic = 7, .text = text, .silent = true}));
    CHECK(body["chat_id"] == -1001234567890);
    CHECK(body["text"] == text);
    CHECK(body["message_thread_id"] == 7);
    CHECK(body["disable_notification"] == true);
    CHECK_FALSE(body.contains("parse_mode"));
    auto named = nlohmann::json::parse(encode({.chat = "@ops", .text = "Iv\xe0n"}));
    CHECK(named["chat_id"] == "@ops");
    CHECK(named["text"] == "Iv\uFFFDn");
    CHECK_FALSE(named.contains("message_thread_id"));
}

TEST_CASE("telegram: answers of every kind are read") {
    auto sent = decode_answer(200, "", R"({"ok":true,"result":{"message_id":42,"chat":{"id":1}}})").value();
    CHECK((sent.ok && sent.message_id == 42));
    auto wait = decode_answer(
        429, "9",
        R"({"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":5}})");
    CHECK((wait->code == 429 && wait->retry_after == std::chrono::seconds(5) &&
           wait->description == "Too Many Requests"));
    CHECK(decode_answer(429, "9", R"({"ok":false})")->retry_after == std::chrono::seconds(9));
    auto moved = decode_answer(
        400, "",
        R"({"ok":false,"error_code":400,"description":"x","parameters":{"migrate_to_chat_id":-1009999999999}})");
    CHECK((!moved->ok && moved->migrate_to == -1009999999999));
    auto html = decode_answer(502, "", "<html>Bad Gateway</html>").value();
    CHECK((!html.ok && html.code == 502));
    CHECK(decode_answer(200, "", R"({"ok":true})")->ok);
}

TEST_CASE("telegram: a success that is none is nonsense, and no body breaks the reader") {
    for (const char* body : {"", "<html>", "[]", "null", "{}", R"({"ok":"true"})", R"({"ok":false})"})
        CHECK(decode_answer(200, "", body).error().code == Code::protocol);
    for (const char* body : {R"({"ok":true,"result":[1]})", R"({"ok":true,"result":{"message_id":"x"}})",
                             R"({"ok":true,"result":null,"parameters":7})"})
        CHECK(decode_answer(200, "", body)->ok);
    auto odd = decode_answer(
        500, "-1",
        R"({"ok":false,"error_code":"x","description":5,"parameters":{"retry_after":99999999999}})");
    CHECK((odd->code == 500 && odd->retry_after == std::chrono::seconds(86'400)));
    CHECK_FALSE(decode_answer(500, "soon", "{}")->retry_after);
}

TEST_CASE("telegram: chats and tokens are known by their form") {
    for (const char* chat : {"1", "-1001234567890", "@ops", "@a_1"})
        CHECK(is_chat(chat));
    for (const char* chat : {"", "0", "ops", "@", "@a b", "1x", "@a\n"})
        CHECK_FALSE(is_chat(chat));
    CHECK(is_token("123456:AAe-_9"));
    for (const char* token : {"", "123456", ":x", "0123:x", "12a:x", "12:", "12:a/b", "12:a b", "12:a\n"})
        CHECK_FALSE(is_token(token));
    CHECK_FALSE(is_token("1:" + std::string(79, 'x')));
}

TEST_CASE("telegram: a long text is cut where it reads best, and nothing is lost") {
    CHECK(utf16_units("aб😀") == 4);
    CHECK(split_text("", 10).empty());
    CHECK(split_text(" \n\n", 10).empty());
    CHECK(split_text("short", 10) == std::vector<std::string>{"short"});
    CHECK(split_text("one two\nthree four", 12) == std::vector<std::string>{"one two\n", "three four"});
    CHECK(split_text("onetwo three", 10) == std::vector<std::string>{"onetwo ", "three"});
    CHECK(split_text("абвгдежзий", 4) == std::vector<std::string>{"абвг", "дежз", "ий"});
    CHECK(split_text("😀😀😀", 3) == std::vector<std::string>{"😀", "😀", "😀"});
    std::string text, joined;
    for (int n = 0; n < 2000; ++n)
        text += "слово" + std::to_string(n) + (n % 7 == 0 ? "\n" : " ");
    for (const auto& piece : split_text(text)) {
        CHECK(utf16_units(piece) <= most_text_units);
        CHECK(text::is_utf8(piece));
        joined += piece;
    }
    CHECK(joined == text);
}
