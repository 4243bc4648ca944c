// Asterisk's manager, when [ami] is set up: the login, the rights that devstate needs, the modules that tell
// states.
#include "ami/answer.hpp"
#include "ami/settings.hpp"
#include "cmd/devstate_session.hpp"
#include "cmd/probe.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
using config::Settings;

constexpr std::string_view subject = "[ami]";

bool is_set_up(const Settings& settings) {
    return std::any_of(settings.values().begin(), settings.values().end(), [](const config::Value& value) {
        return value.section == "ami" && value.origin != config::Origin::preset;
    });
}

std::string version_of(ManagerSession& session) {
    const auto core =
        session.ask(ami::Action("CoreSettings"));  // may be refused: it needs system or reporting
    const auto version = core ? core->get("AsteriskVersion") : std::string_view{};
    return version.empty() ? session.banner().text : fmt::format("Asterisk {}", version);
}

// ListCommands names what the user may do and what is loaded (main/manager.c).
struct Actions {
    ami::Message list;
    [[nodiscard]] bool has(std::string_view action) const { return list.find(action).has_value(); }
};

void right(const Actions& actions, std::string_view action, const std::string& user, std::string_view why,
           Findings& out) {
    const auto name = fmt::format("[ami] {}", action);
    if (actions.has(action)) return out.push_back({Verdict::pass, name, "allowed"});
    out.push_back({Verdict::fail, name, fmt::format("not allowed: {}", why),
                   fmt::format("manager.conf, [{}]: write = {}", user, ami::rights_for(action))});
}

void module(const Actions& actions, std::string_view action, std::string_view why, Findings& out) {
    // the same right allows both, and Getvar is in the core
    if (actions.has(action) || !actions.has("Getvar")) return;
    // Asterisk before 13 has neither
    if (!actions.has("ExtensionStateList")) return;
    out.push_back({Verdict::warn, fmt::format("[ami] {}", action), fmt::format("there is none: {}", why),
                   fmt::format("modules.conf: load = {}", ami::module_of(action))});
}

// AMI doesn't tell what a user may read; the file does.
void reading(const Settings& settings, const std::string& user, Findings& out) {
    const auto path = ami::manager_conf_path(settings, {});
    if (path.empty()) return;
    const auto found = ami::manager_user(path, user);
    if (!found || ami::has_class(found->read, "call")) return;
    out.push_back({Verdict::fail, fmt::format("[ami] {}", path),
                   fmt::format("[{}] is told of no changes", user), fmt::format("[{}]: read = call", user)});
}
}  // namespace

void probe_ami(const Settings& settings, Findings& out) {
    if (!is_set_up(settings)) return;
    static const SystemClock clock;
    auto session = ManagerSession::log_in(settings, {}, clock);
    if (!session) return out.push_back(failed(std::string(subject), session.error()));
    const auto user = settings.text("ami", "user");
    out.push_back(
        {Verdict::pass, std::string(subject), fmt::format("{}, user {}", version_of(**session), user)});
    reading(settings, user, out);
    auto list = (*session)->ask(ami::Action("ListCommands"));
    if (!list) return out.push_back(failed("[ami] ListCommands", list.error()));
    const Actions actions{std::move(*list)};
    right(actions, "Setvar", user, "no lamp can be set", out);
    right(actions, "Getvar", user, "no state can be asked for", out);
    module(actions, "DeviceStateList", "devices and their changes are not told", out);
    module(actions, "PresenceStateList", "presences and their changes are not told", out);
}

}  // namespace pbx::cmd
