#include "telegram/client.hpp"

#include <utility>

#include <fmt/format.h>

namespace pbx::telegram {

namespace {
// 400 bad request, 403 blocked or kicked, 413 too long: the same message will be refused again. A wrong token
// (401, 404) is no fault of the message: it waits until pbxctl.conf is right.
bool is_final(int code) {
    return code == 400 || code == 403 || code == 413;
}

Sending sending_of(const Answer& answer) {
    if (answer.ok) return {.verdict = Verdict::sent, .message_id = answer.message_id};
    auto error = fmt::format("telegram: {} {}", answer.code, answer.description);
    if (answer.code == 401 || answer.code == 404) error += "; check [tg] secret_file";
    if (is_final(answer.code)) return {.verdict = Verdict::refused, .error = std::move(error)};
    return {.verdict = Verdict::again, .error = std::move(error), .wait = answer.retry_after};
}
}  // namespace

Result<Answer> Client::call(const std::string& method, std::string body) {
    const auto& token = options_.token.read();
    auto answer = http_.send({.method = "POST",
                              .url = fmt::format("{}/bot{}/{}", options_.api_root, token, method),
                              .headers = {{"Content-Type", "application/json"}},
                              .body = std::move(body),
                              .whole = options_.whole,
                              .proxy = options_.proxy,
                              .ca_file = options_.ca_file});
    if (!answer) return tl::unexpected(answer.error());
    return decode_answer(answer->status, answer->header("Retry-After"), answer->body);
}

Sending Client::send(SendMessage message) {
    if (!is_chat(message.chat))
        return {.verdict = Verdict::refused, .error = "no chat number or @name: " + message.chat};
    if (!is_token(options_.token.read()))
        return {.verdict = Verdict::again, .error = "telegram: no bot token; check [tg] secret_file"};
    std::optional<std::int64_t> moved_to;
    for (;;) {
        auto answer = call("sendMessage", encode(message));
        if (!answer)
            return {.verdict = Verdict::again,
                    .error = answer.error().text(),
                    .maybe_sent = http_.left(),
                    .moved_to = moved_to};
        if (!answer->ok && answer->migrate_to && !moved_to) {
            moved_to = answer->migrate_to;
            message.chat = std::to_string(*moved_to);
            continue;
        }
        auto sending = sending_of(*answer);
        sending.moved_to = moved_to;
        return sending;
    }
}

}  // namespace pbx::telegram
