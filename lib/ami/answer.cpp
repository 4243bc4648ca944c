#include "ami/answer.hpp"

#include "ami/codec.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace pbx::ami {

namespace {
struct Row {
    std::string_view action, rights, module;
};
// The flags an action is registered with in Asterisk's sources (22), and the file that does it.
constexpr Row rows[] = {
    {"Command", "command", ""},
    {"CoreSettings", "system or reporting", ""},
    {"CoreStatus", "system or reporting", ""},
    {"DeviceStateList", "call or reporting", "res_manager_devicestate.so"},
    {"ExtensionState", "call or reporting", ""},
    {"ExtensionStateList", "call or reporting", ""},
    {"Filter", "system", ""},
    {"Getvar", "call or reporting", ""},
    {"MailboxCount", "call or reporting", ""},
    {"MailboxStatus", "call or reporting", ""},
    {"Originate", "originate", ""},
    {"PresenceState", "call or reporting", ""},
    {"PresenceStateList", "call or reporting", "res_manager_presencestate.so"},
    {"Redirect", "call", ""},
    {"Setvar", "call", ""},
    {"Status", "system, call or reporting", ""},
    {"VoicemailUsersList", "call or reporting", "app_voicemail.so"},
};

const Row* find(std::string_view action) {
    const auto* row = std::find_if(std::begin(rows), std::end(rows),
                                   [&](const Row& r) { return text::iequal_ascii(r.action, action); });
    return row == std::end(rows) ? nullptr : row;
}
}  // namespace

std::string_view rights_for(std::string_view action) {
    const auto* row = find(action);
    return row == nullptr ? std::string_view{} : row->rights;
}

std::string_view module_of(std::string_view action) {
    const auto* row = find(action);
    return row == nullptr ? std::string_view{} : row->module;
}

Error error_of(std::string_view action, const Message& response, std::string_view user) {
    const auto said = log_name(response.get("Message"));
    if (said.starts_with("Permission denied")) {
        const auto rights = rights_for(action);
        return {
            Code::refused,
            fmt::format("no permission for {}", action),
            {},
            fmt::format("manager.conf, [{}]: write = {}", user, rights.empty() ? "more classes" : rights)};
    }
    if (said.starts_with("Invalid/unknown command")) {
        const auto module = module_of(action);
        return {Code::no,
                fmt::format("Asterisk has no action {}", action),
                {},
                module.empty() ? "" : fmt::format("load {} (modules.conf)", module)};
    }
    if (action == "Login") return {Code::refused, "login refused: " + said, {}, {}};
    return {Code::data, fmt::format("{} was not taken: {}", action, said), {}, {}};
}

bool ends_list(const Message& event) {
    if (const auto list = event.find("EventList"))
        return text::iequal_ascii(*list, "Complete") || text::iequal_ascii(*list, "Cancelled");
    return event.event().ends_with("Complete");
}

}  // namespace pbx::ami
