// The senders as pbxctl.conf sets them up.
#include "oksana/outbox_senders.hpp"

#include <utility>

namespace pbx::oksana {

namespace {
// Messages of a kind that is set up wrongly wait, with the reason in their rows.
Sender broken(Error why) {
    return [why = why.text()](const QueuedMessage&) { return Delivery{.fate = Fate::again, .error = why}; };
}

Sender tg_of(const config::Settings& settings) {
    auto chats = parse_chats(settings.all("tg", "chat"));
    if (!chats) return broken(chats.error());
    if (chats->empty()) return {};
    auto token = settings.secret("tg");
    if (!token) return broken(token.error());
    return tg_sender({.token = std::move(*token),
                      .api_root = settings.text("tg", "api_root"),
                      .proxy = settings.text("tg", "proxy"),
                      .ca_file = settings.text("tg", "ca_file"),
                      .chats = std::move(*chats)});
}

Sender http_of(const config::Settings& settings) {
    std::map<std::string, HttpTarget, std::less<>> targets;
    for (const auto& name : settings.names("http")) {
        const auto section = "http " + name;
        HttpTarget target{.url = settings.text(section, "url"),
                          .proxy = settings.text(section, "proxy"),
                          .ca_file = settings.text(section, "ca_file"),
                          .most = settings.duration(section, "timeout")};
        if (!settings.secret_path(section).empty()) {
            auto bearer = settings.secret(section);
            if (!bearer) return broken(bearer.error());
            target.bearer = std::move(*bearer);
        }
        targets.emplace(name, std::move(target));
    }
    return targets.empty() ? Sender() : http_sender(std::move(targets));
}

Sender exec_of(const config::Settings& settings) {
    std::map<std::string, ExecTarget, std::less<>> targets;
    for (const auto& name : settings.names("exec")) {
        const auto section = "exec " + name;
        targets.emplace(name, ExecTarget{.program = settings.text(section, "program"),
                                         .arguments = settings.all(section, "arg"),
                                         .most = settings.duration(section, "timeout")});
    }
    return targets.empty() ? Sender() : exec_sender(std::move(targets));
}
}  // namespace

Senders senders_of(const config::Settings& settings) {
    return {.tg = tg_of(settings), .http = http_of(settings), .exec = exec_of(settings)};
}

}  // namespace pbx::oksana
