#include "telegram/codec.hpp"

#include "core/text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace pbx::telegram {

using Json = nlohmann::json;

namespace {
constexpr std::size_t longest_token = 80;          // telegram-bot-api, ClientManager.cpp
constexpr std::size_t longest_description = 300;   // kept of what a server says
constexpr long long longest_retry_after = 86'400;  // a day: more is nonsense

// Of an object's member, when it is there and an integer.
std::optional<std::int64_t> integer(const Json& object, const char* name) {
    if (!object.is_object()) return std::nullopt;
    auto found = object.find(name);
    if (found == object.end() || !found->is_number_integer()) return std::nullopt;
    return found->get<std::int64_t>();
}

std::optional<std::chrono::seconds> pause(std::optional<std::int64_t> in_body, std::string_view header) {
    auto seconds = in_body ? std::optional<long long>(*in_body) : text::to_integer(text::trim(header));
    if (!seconds || *seconds < 0) return std::nullopt;
    return std::chrono::seconds(std::min(*seconds, longest_retry_after));
}

std::size_t units_of(char32_t c) {
    return c >= 0x10000 ? 2 : 1;
}

bool is_blank(char32_t c) {
    return c == U' ' || c == U'\n' || c == U'\t' || c == U'\r';
}

// Where a piece that begins at `from` ends: `end` is where the limit falls.
std::size_t cut(const std::u32string& text, std::size_t from, std::size_t end) {
    if (end == text.size()) return end;
    for (bool (*good)(char32_t) :
         {+[](char32_t c) { return c == U'\n'; }, +[](char32_t c) { return is_blank(c); }})
        for (auto at = end; at > from + (end - from) / 2; --at)
            if (good(text[at - 1])) return at;
    return end;
}
}  // namespace

std::string encode(const SendMessage& message) {
    Json body{{"text", message.text}, {"link_preview_options", {{"is_disabled", true}}}};
    if (auto number = text::to_integer(message.chat)) {
        body["chat_id"] = *number;
    } else {
        body["chat_id"] = message.chat;
    }
    if (message.topic) body["message_thread_id"] = *message.topic;
    if (message.silent) body["disable_notification"] = true;
    return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Answer> decode_answer(int status, std::string_view retry_after, std::string_view body) {
    Answer answer{.code = status};
    const auto json = Json::parse(body, nullptr, false);
    const bool success = status >= 200 && status < 300;
    if (!json.is_object()) {
        if (success) return fail(Code::protocol, "answer is no JSON object");
        answer.description = "HTTP status " + std::to_string(status);
        answer.retry_after = pause(std::nullopt, retry_after);
        return answer;
    }
    if (auto ok = json.find("ok"); ok != json.end() && ok->is_boolean())
        answer.ok = ok->get<bool>() && success;
    if (auto code = integer(json, "error_code"); code && *code > 0 && *code < 1000)
        answer.code = static_cast<int>(*code);
    if (auto said = json.find("description"); said != json.end() && said->is_string())
        answer.description = said->get<std::string>().substr(0, longest_description);
    const auto parameters = json.value("parameters", Json::object());
    answer.retry_after = pause(integer(parameters, "retry_after"), retry_after);
    answer.migrate_to = integer(parameters, "migrate_to_chat_id");
    if (!answer.ok) {
        if (success) return fail(Code::protocol, "a refusal with HTTP status " + std::to_string(status));
        return answer;
    }
    answer.message_id = integer(json.value("result", Json::object()), "message_id");
    return answer;
}

bool is_chat(std::string_view chat) {
    if (chat.starts_with('@')) {
        auto part = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        };
        return chat.size() > 1 && chat.size() <= 33 && std::all_of(chat.begin() + 1, chat.end(), part);
    }
    auto number = text::to_integer(chat);
    return number && *number != 0;
}

bool is_token(std::string_view token) {
    auto digit = [](char c) { return c >= '0' && c <= '9'; };
    auto part = [&](char c) {
        return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
    };
    const auto colon = token.find(':');
    if (token.size() > longest_token || colon == std::string_view::npos || colon == 0 || token.front() == '0')
        return false;
    const auto rest = token.substr(colon + 1);
    return std::all_of(token.begin(), token.begin() + static_cast<std::ptrdiff_t>(colon), digit) &&
           !rest.empty() && std::all_of(rest.begin(), rest.end(), part);
}

std::size_t utf16_units(std::string_view utf8) {
    std::size_t units = 0;
    for (char32_t c : text::decode_utf8(utf8))
        units += units_of(c);
    return units;
}

std::vector<std::string> split_text(std::string_view utf8, std::size_t most) {
    const auto whole = text::decode_utf8(utf8);
    std::vector<std::string> pieces;
    for (std::size_t from = 0; from < whole.size();) {
        std::size_t units = 0, end = from;
        while (end < whole.size() && units + units_of(whole[end]) <= most)
            units += units_of(whole[end++]);
        end = cut(whole, from, std::max(end, from + 1));
        auto piece = whole.substr(from, end - from);
        if (!std::all_of(piece.begin(), piece.end(), is_blank)) pieces.push_back(text::encode_utf8(piece));
        from = end;
    }
    return pieces;
}

}  // namespace pbx::telegram
