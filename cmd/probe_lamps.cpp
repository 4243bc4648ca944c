// Lamps of other servers, when [devstate] and [ami] are set up: whether a telephone would find their hints.
#include "cmd/devstate_session.hpp"
#include "cmd/probe.hpp"
#include "devstate/name.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
using config::Settings;

constexpr std::size_t most_asked = 5;
constexpr std::string_view prefix = "Custom:";

bool is_set_up(const Settings& settings, std::string_view section) {
    return std::any_of(settings.values().begin(), settings.values().end(),
                       [section](const config::Value& value) {
                           return value.section == section && value.origin != config::Origin::preset;
                       });
}

std::vector<std::string> remote_lamps(const devstate::Table& table, const devstate::NameTemplate& names) {
    std::vector<std::string> out;
    for (const auto& local : table.locals) {
        if (local.kind != devstate::Local::Kind::device || !local.name.starts_with(prefix)) continue;
        auto extension = local.name.substr(prefix.size());
        if (names.decode(extension)) out.push_back(std::move(extension));
    }
    return out;
}

// ExtensionState makes the hint of a pattern as a telephone's SUBSCRIBE does, and needs no more than `call`.
bool has_hint(ManagerSession& session, const std::string& extension, const std::string& context) {
    const auto answer =
        session.ask(ami::Action("ExtensionState").with("Exten", extension).with("Context", context));
    return answer && answer->get("Hint").find(prefix) != std::string_view::npos;
}
}  // namespace

void probe_lamps(const Settings& settings, Findings& out) {
    if (!is_set_up(settings, "devstate") || !is_set_up(settings, "ami")) return;
    const std::string subject = "[devstate] hints";
    const auto names = devstate::NameTemplate::parse(settings.text("devstate", "template"));
    static const SystemClock clock;
    auto session = ManagerSession::log_in(settings, {}, clock);
    if (!names || !session) return;  // told by config check and [ami]
    auto table =
        (*session)->snapshot({.devices = true, .extensions = false, .presences = false, .mailboxes = false});
    if (!table) return out.push_back(failed(subject, table.error()));
    const auto lamps = remote_lamps(*table, *names);
    const auto context = settings.text("devstate", "context");
    if (lamps.empty()) return out.push_back({Verdict::pass, subject, "no lamp of another server yet"});
    for (std::size_t i = 0; i < std::min(lamps.size(), most_asked); ++i) {
        if (has_hint(**session, lamps[i], context)) continue;
        return out.push_back(
            {Verdict::warn, subject,
             fmt::format("{} has no hint in {}: no telephone can subscribe to it", lamps[i], context),
             "pbxctl devstate dialplan prints them"});
    }
    out.push_back({Verdict::pass, subject,
                   fmt::format("{} lamps of other servers, found in {}", lamps.size(), context)});
}

}  // namespace pbx::cmd
