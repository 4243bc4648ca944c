#include "cmd/command.hpp"
#include "cmd/devstate_session.hpp"
#include "cmd/leaves.hpp"
#include "core/text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
using devstate::State;

struct Field {
    std::string_view name;
    std::string value;
};
using Fields = std::vector<Field>;

Unexpected unknown(const std::string& name, std::string_view what) {
    return fail(Code::no, std::string(what), name);
}

Result<Fields> get_device(ManagerSession& session, const std::string& name) {
    auto answer = session.ask(ami::Action("Getvar").with("Variable", fmt::format("DEVICE_STATE({})", name)));
    if (!answer) return Unexpected(answer.error());
    const auto state = devstate::state_of(answer->get("Value"));
    if (!state)
        return fail(Code::unavailable, "Asterisk has no function DEVICE_STATE", name,
                    "load func_devstate.so (modules.conf)");
    // a Custom: device that nobody has set is UNKNOWN, and may have been set to INVALID
    const bool is_custom = name.starts_with("Custom:");
    if (*state == State::unknown && is_custom) return unknown(name, "nobody has set it");
    if (*state == State::invalid && !is_custom) return unknown(name, "Asterisk knows no such device");
    return Fields{{"kind", "device"}, {"name", name}, {"state", std::string(devstate::name_of(*state))}};
}

Result<Fields> get_extension(ManagerSession& session, const std::string& name) {
    const auto at = name.rfind('@');
    const auto context = at == std::string::npos ? std::string("default") : name.substr(at + 1);
    auto answer =
        session.ask(ami::Action("ExtensionState").with("Exten", name.substr(0, at)).with("Context", context));
    if (!answer) return Unexpected(answer.error());
    const auto status = text::to_integer(answer->get("Status"));
    const auto hint = std::string(answer->get("Hint"));
    if (hint.empty()) return unknown(name, "no extension with a hint");
    const auto state = devstate::state_of_extension(status ? static_cast<int>(*status) : -1);
    return Fields{{"kind", "extension"},
                  {"name", name},
                  {"state", std::string(devstate::name_of(state.value_or(State::unavailable)))},
                  {"hint", hint}};
}

Result<Fields> get_presence(ManagerSession& session, const std::string& name) {
    auto answer = session.ask(ami::Action("PresenceState").with("Provider", name));
    if (!answer) return Unexpected(answer.error());
    const auto state = std::string(answer->get("State"));
    if (state.empty() || state == "not_set") return unknown(name, "nobody has set it");
    return Fields{{"kind", "presence"},
                  {"name", name},
                  {"state", state},
                  {"subtype", std::string(answer->get("Subtype"))},
                  {"message", std::string(answer->get("PresenceMessage"))}};
}

Result<Fields> get_mailbox(ManagerSession& session, const std::string& name) {
    auto answer = session.ask(ami::Action("MailboxCount").with("Mailbox", name));
    if (!answer) return Unexpected(answer.error());
    const auto fresh = std::string(answer->get("NewMessages"));
    return Fields{{"kind", "mailbox"},
                  {"name", name},
                  {"state", fresh.empty() || fresh == "0" ? "NOT_INUSE" : "INUSE"},
                  {"new", fresh},
                  {"old", std::string(answer->get("OldMessages"))}};
}

// "101@internal" has a hint, "PJSIP/101" and "Custom:x" are devices.
std::string kind_of(const std::string& name) {
    if (name.starts_with("CustomPresence:")) return "presence";
    const bool is_plain = name.find('/') == std::string::npos && name.find(':') == std::string::npos;
    return is_plain && name.find('@') != std::string::npos ? "extension" : "device";
}

Result<Fields> get(ManagerSession& session, const std::string& kind, const std::string& name) {
    if (kind == "extension") return get_extension(session, name);
    if (kind == "presence") return get_presence(session, name);
    if (kind == "mailbox") return get_mailbox(session, name);
    return get_device(session, name);
}

Result<int> print_one(Frame& frame, const Fields& fields, const std::string& wanted) {
    const auto field =
        std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == wanted; });
    if (field == fields.end())
        return fail(Code::usage, fmt::format("{} has no {}", fields.front().value, wanted), "--print");
    frame.context.out << field->value;
    if (!frame.given.has("no-newline")) frame.context.out << '\n';
    return 0;
}

Result<int> run(Frame& frame) {
    const auto name = frame.given.value_or("DEVICE", "");
    if (name.empty()) return fail(Code::usage, "is empty", "DEVICE");
    auto session = ManagerSession::log_in(frame);
    if (!session) return Unexpected(session.error());
    const auto fields = get(**session, frame.given.value_or("kind", kind_of(name)), name);
    if (!fields) return Unexpected(fields.error());
    if (const auto wanted = frame.given.value("print")) return print_one(frame, *fields, *wanted);
    if (frame.output.json()) {
        nlohmann::ordered_json json;
        for (const auto& field : *fields)
            json[std::string(field.name)] = field.value;
        frame.output.document(json);
        return 0;
    }
    Table table;
    table.rows.emplace_back();
    for (const auto& field : *fields) {
        table.columns.emplace_back(field.name);
        table.rows.front().push_back(field.value);
    }
    frame.output.table(table);
    return 0;
}

constexpr Argument arguments[] = {
    {.name = "DEVICE", .help = "PJSIP/101, Custom:lamp, 101@internal (a hint), CustomPresence:101"},
};
constexpr Option options[] = {
    {.name = "print",
     .value = "FIELD",
     .help = "print this alone",
     .choices = "state hint subtype message new old kind name"},
    {.name = "no-newline", .help = "nothing behind what --print prints, for SHELL()", .letter = 'n'},
    {.name = "kind",
     .value = "KIND",
     .help = "what DEVICE is",
     .preset = "as its name looks",
     .choices = kind_choices},
};
constexpr Example examples[] = {
    {"pbxctl devstate get PJSIP/101", "one device"},
    {"pbxctl devstate get 101@internal --print state", "an extension, by its hint"},
    {"same => n,Set(S=${SHELL(/usr/bin/pbxctl devstate get PJSIP/101 --print state -n)})", "in the dialplan"},
    {"pbxctl devstate get --kind mailbox 101@default --print new", "how many new messages"},
};
constexpr Exit exits[] = {
    {0, "printed"},
    {1, "no such device, hint or presence"},
    {69, "Asterisk is down"},
    {77, "the login, or the right to ask, is refused"},
    {78, "[ami] is not set up"},
};
}  // namespace

const Leaf devstate_get{
    .noun = "devstate",
    .verb = "get",
    .summary = "show one state",
    .description =
        "Asks Asterisk by AMI for the state of a device, of an extension by its hint, of a presence or of a "
        "mailbox, whose state is INUSE when it has new messages.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
