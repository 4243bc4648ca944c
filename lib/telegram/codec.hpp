// The Bot API's bytes: a message to send as JSON, an answer read back, the limits of both. No socket and no
// token is needed here. Not a bot: nothing is received.
#pragma once

#include "core/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::telegram {

// "1-4096 characters after entities parsing" (core.telegram.org/bots/api#sendmessage); counted in UTF-16
// units, as Telegram counts entities, that is never too much.
constexpr std::size_t most_text_units = 4096;

struct SendMessage {
    std::string chat{};                   // a number (groups are negative) or @channel
    std::optional<std::int64_t> topic{};  // message_thread_id of a forum
    std::string text{};                   // plain: no parse_mode, so nothing in it is markup
    bool silent = false;
};
[[nodiscard]] std::string encode(const SendMessage& message);

struct Answer {
    bool ok = false;
    int code = 0;               // error_code, or the HTTP status when the body has none
    std::string description{};  // for people
    std::optional<std::chrono::seconds> retry_after{};
    std::optional<std::int64_t> migrate_to{};  // a group became a supergroup with this number
    std::optional<std::int64_t> message_id{};
};
// A server that is down may answer with HTML: then ok is false and code its status. Code::protocol: a success
// that is none. `retry_after` is the header of that name, "" when absent.
[[nodiscard]] Result<Answer> decode_answer(int status, std::string_view retry_after, std::string_view body);

[[nodiscard]] bool is_chat(std::string_view chat);    // -1001234567890, @name
[[nodiscard]] bool is_token(std::string_view token);  // digits ':' rest, at most 80

[[nodiscard]] std::size_t utf16_units(std::string_view utf8);
// Pieces of at most `most` units, cut after a line, else at a blank, else between characters; no piece is
// only blanks.
[[nodiscard]] std::vector<std::string> split_text(std::string_view utf8, std::size_t most = most_text_units);

}  // namespace pbx::telegram
