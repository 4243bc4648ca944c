#include "cmd/command.hpp"
#include "cmd/devstate_session.hpp"
#include "cmd/leaves.hpp"
#include "devstate/settable.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {

void print(Frame& frame, const devstate::Setting& setting) {
    if (frame.output.json())
        frame.output.document({{"variable", setting.variable}, {"value", setting.value}});
    else if (frame.given.has("dry-run"))
        frame.output.line(fmt::format("Set({}={})", setting.variable, setting.value));
}

// Asterisk says no more than this of a device it can't set.
Error told(Error error, const devstate::Setting& setting) {
    if (error.code == Code::data && error.what.ends_with("Variable not set"))
        error.hint = fmt::format("is func_{}.so loaded?",
                                 setting.variable.starts_with("DEVICE") ? "devstate" : "presencestate");
    return error;
}

Result<int> run(Frame& frame) {
    const auto setting =
        devstate::setting_of(frame.given.value_or("DEVICE", ""), frame.given.value_or("STATE", ""));
    if (!setting) return Unexpected(setting.error());
    if (!frame.given.has("dry-run")) {
        auto session = ManagerSession::log_in(frame);
        if (!session) return Unexpected(session.error());
        auto answer = (*session)->ask(
            ami::Action("Setvar").with("Variable", setting->variable).with("Value", setting->value));
        if (!answer) return Unexpected(told(answer.error(), *setting));
    }
    print(frame, *setting);
    return 0;
}

constexpr Argument arguments[] = {
    {.name = "DEVICE", .help = "Custom:NAME, or CustomPresence:NAME"},
    {.name = "STATE",
     .help = "NOT_INUSE, INUSE, BUSY, RINGING, RINGINUSE, ONHOLD, UNAVAILABLE, INVALID; a presence: "
             "available, away, xa, chat, dnd, unavailable, not_set, with ,SUBTYPE,MESSAGE"},
};
constexpr Option options[] = {
    {.name = "dry-run", .help = "check, and print what would be set", .letter = 'n'},
};
constexpr Example examples[] = {
    {"pbxctl devstate set Custom:night INUSE", "from cron: the night lamp is on"},
    {"pbxctl devstate set CustomPresence:101 'dnd,,lunch'", "a telephone's presence"},
};
constexpr Exit exits[] = {
    {0, "set"},
    {65, "a device or state that Asterisk would refuse or spoil"},
    {69, "Asterisk is down"},
    {77, "the login, or the right to set, is refused"},
    {78, "[ami] is not set up"},
};
}  // namespace

const Leaf devstate_set{
    .noun = "devstate",
    .verb = "set",
    .summary = "set a Custom: device or a CustomPresence:",
    .description =
        "Sets by AMI what a BLF lamp shows. Asterisk keeps it in its database, over restarts. Names with a / "
        "or of more than 72 bytes are refused, for Asterisk would cut them.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
