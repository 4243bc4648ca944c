// How one message of the outbox leaves: to a Telegram chat, as a POST to a web hook, into a program. Targets
// are names of pbxctl.conf; what a caller said never chooses an address, a program or an option of it.
#pragma once

#include "config/settings.hpp"
#include "oksana/outbox_deliver.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pbx::oksana {

struct TgChat {
    std::string chat{};  // number or @name
    std::optional<std::int64_t> topic{};
};
struct TgTargets {
    Secret token{};
    std::string api_root{}, proxy{}, ca_file{};
    std::map<std::string, TgChat, std::less<>> chats{};
};
struct HttpTarget {
    std::string url{};
    Secret bearer{};  // empty: no Authorization header
    std::string proxy{}, ca_file{};
    std::chrono::milliseconds most{10'000};
};
struct ExecTarget {
    std::string program{};
    std::vector<std::string> arguments{};  // "{text}" in one stands for the message
    std::chrono::milliseconds most{10'000};
};

// [tg] chat = NAME, NUMBER[, TOPIC]
[[nodiscard]] Result<std::map<std::string, TgChat, std::less<>>> parse_chats(
    const std::vector<std::string>& lines);

[[nodiscard]] Sender tg_sender(TgTargets targets);
// POST {"v":1,"type":"note","id":…,"call":…,"time":…,"text":…,"repeat":…} with an Idempotency-Key header.
[[nodiscard]] Sender http_sender(std::map<std::string, HttpTarget, std::less<>> targets);
// The text on stdin; exit 0 done, 65 never try again, else try later.
[[nodiscard]] Sender exec_sender(std::map<std::string, ExecTarget, std::less<>> targets);

// From [tg], [http NAME] and [exec NAME]. A kind that is wrongly set up leaves its messages waiting with the
// reason.
[[nodiscard]] Senders senders_of(const config::Settings& settings);

}  // namespace pbx::oksana
