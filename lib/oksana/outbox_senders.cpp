#include "oksana/outbox_senders.hpp"

#include "core/log.hpp"
#include "core/text.hpp"
#include "net/http_client.hpp"
#include "net/program.hpp"
#include "telegram/client.hpp"

#include <memory>
#include <utility>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::oksana {

namespace {
constexpr std::string_view repeat_mark = "\n(may be a repeat)";
constexpr std::string_view placeholder = "{text}";
constexpr std::size_t most_exec_words = 2000;  // of its output, in an error

Delivery later(std::string error) {
    return {.fate = Fate::again, .error = std::move(error)};
}

Delivery not_set_up(const QueuedMessage& message) {
    const auto& [key, call, kind, target, text, created] = message.message;
    return later(kind == "tg" ? fmt::format("no chat = {}, … in [tg] of pbxctl.conf", target)
                              : fmt::format("no [{} {}] in pbxctl.conf", kind, target));
}

// Opened by the first message: a run that has none pays nothing for curl.
template <class Client>
Result<Client*> once(std::optional<Client>& client, const std::function<Client(net::HttpClient)>& make) {
    if (!client) {
        auto http = net::HttpClient::open();
        if (!http) return tl::unexpected(http.error());
        client.emplace(make(std::move(*http)));
    }
    return &*client;
}

Delivery deliver_tg(telegram::Client& client, const TgChat& chat, const QueuedMessage& message) {
    auto text = message.message.text;
    if (message.maybe_sent) text += repeat_mark;
    const auto sending = client.send({.chat = chat.chat, .topic = chat.topic, .text = std::move(text)});
    if (sending.moved_to)
        log::warning("tg: chat {} is now {}: change it in pbxctl.conf", message.message.target,
                     *sending.moved_to);
    Delivery delivery{.fate = Fate::again, .error = sending.error, .maybe_sent = sending.maybe_sent};
    if (sending.verdict == telegram::Verdict::sent) delivery.fate = Fate::sent;
    if (sending.verdict == telegram::Verdict::refused) delivery.fate = Fate::refused;
    if (sending.wait) delivery.wait = *sending.wait;
    return delivery;
}

std::string http_body(const QueuedMessage& message) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(message.message.created);
    const nlohmann::ordered_json body{{"v", 1},
                                      {"type", "note"},
                                      {"id", message.id},
                                      {"call", message.message.call},
                                      {"time", fmt::format("{:%FT%TZ}", fmt::gmtime(seconds))},
                                      {"text", message.message.text},
                                      {"repeat", message.maybe_sent}};
    return body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

net::HttpClient::Request http_request(const HttpTarget& target, const QueuedMessage& message) {
    const auto key = message.message.key.empty() ? fmt::format("note/{}", message.id) : message.message.key;
    net::HttpClient::Request request{
        .method = "POST",
        .url = target.url,
        .headers = {{"Content-Type", "application/json"}, {"Idempotency-Key", key}},
        .body = http_body(message),
        .whole = target.most,
        .proxy = target.proxy,
        .ca_file = target.ca_file};
    if (!target.bearer.empty())
        request.headers.emplace_back("Authorization", "Bearer " + target.bearer.read());
    return request;
}

Delivery deliver_http(net::HttpClient& http, const HttpTarget& target, const QueuedMessage& message) {
    auto answer = http.send(http_request(target, message));
    if (!answer) return {.fate = Fate::again, .error = answer.error().text(), .maybe_sent = http.left()};
    const int status = answer->status;
    if (status >= 200 && status < 300) return {.fate = Fate::sent};
    auto error = fmt::format("{}: HTTP status {}", net::origin_of(target.url), status);
    // RFC 9110 15.5.9 (408), RFC 8470 (425), RFC 6585 (429): come back later; other 3xx and 4xx will not
    // change
    const bool passing = status >= 500 || status == 408 || status == 425 || status == 429;
    Delivery delivery{.fate = passing ? Fate::again : Fate::refused, .error = std::move(error)};
    auto wait = text::to_integer(answer->header("Retry-After"));
    if (passing && wait && *wait >= 0) delivery.wait = std::chrono::seconds(std::min(*wait, 86'400LL));
    return delivery;
}

Delivery deliver_exec(const ExecTarget& target, const QueuedMessage& message) {
    net::Program program{.argv = {target.program}, .input = message.message.text, .most = target.most};
    for (auto argument : target.arguments) {
        if (auto at = argument.find(placeholder); at != std::string::npos)
            argument.replace(at, placeholder.size(), message.message.text);
        program.argv.push_back(std::move(argument));
    }
    program.environment = {"PBXCTL_CALL=" + message.message.call, "PBXCTL_NOTE=" + std::to_string(message.id),
                           std::string("PBXCTL_REPEAT=") + (message.maybe_sent ? "1" : "0")};
    auto end = net::run_program(program);
    if (!end)
        return {.fate = Fate::again,
                .error = end.error().text(),
                .maybe_sent = end.error().code == Code::try_again};
    if (end->status == 0) return {.fate = Fate::sent};
    auto error = fmt::format("{}: exit {}: {}", target.program, end->status,
                             log::cleaned(std::string_view(end->output).substr(0, most_exec_words)));
    return {.fate = end->status == static_cast<int>(Code::data) ? Fate::refused : Fate::again,
            .error = std::move(error)};
}
}  // namespace

Result<std::map<std::string, TgChat, std::less<>>> parse_chats(const std::vector<std::string>& lines) {
    std::map<std::string, TgChat, std::less<>> chats;
    for (const auto& line : lines) {
        const auto words = text::split(line, ',');
        auto word = [&](std::size_t n) {
            return n < words.size() ? text::trim(words[n]) : std::string_view();
        };
        const auto topic = text::to_integer(word(2));
        if (words.size() < 2 || words.size() > 3 || word(0).empty() || !telegram::is_chat(word(1)) ||
            (words.size() == 3 && !topic))
            return fail(Code::config, fmt::format("'{}' is no chat", line), "[tg] chat",
                        "write NAME, NUMBER or NAME, NUMBER, TOPIC");
        TgChat chat{.chat = std::string(word(1))};
        if (topic) chat.topic = *topic;
        chats.insert_or_assign(std::string(word(0)), std::move(chat));
    }
    return chats;
}

Sender tg_sender(TgTargets targets) {
    auto shared = std::make_shared<TgTargets>(std::move(targets));
    auto client = std::make_shared<std::optional<telegram::Client>>();
    return [shared, client](const QueuedMessage& message) {
        auto chat = shared->chats.find(message.message.target);
        if (chat == shared->chats.end()) return not_set_up(message);
        auto ready = once<telegram::Client>(*client, [&](net::HttpClient http) {
            return telegram::Client(std::move(http), {.token = shared->token,
                                                      .api_root = shared->api_root,
                                                      .proxy = shared->proxy,
                                                      .ca_file = shared->ca_file});
        });
        if (!ready) return later(ready.error().text());
        return deliver_tg(**ready, chat->second, message);
    };
}

Sender http_sender(std::map<std::string, HttpTarget, std::less<>> targets) {
    auto shared = std::make_shared<decltype(targets)>(std::move(targets));
    auto client = std::make_shared<std::optional<net::HttpClient>>();
    return [shared, client](const QueuedMessage& message) {
        auto target = shared->find(message.message.target);
        if (target == shared->end()) return not_set_up(message);
        auto ready = once<net::HttpClient>(*client, [](net::HttpClient http) { return http; });
        if (!ready) return later(ready.error().text());
        return deliver_http(**ready, target->second, message);
    };
}

Sender exec_sender(std::map<std::string, ExecTarget, std::less<>> targets) {
    auto shared = std::make_shared<decltype(targets)>(std::move(targets));
    return [shared](const QueuedMessage& message) {
        auto target = shared->find(message.message.target);
        return target == shared->end() ? not_set_up(message) : deliver_exec(target->second, message);
    };
}

}  // namespace pbx::oksana
