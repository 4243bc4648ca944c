#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "config/settings.hpp"
#include "core/log.hpp"
#include "net/program.hpp"
#include "oksana/journal.hpp"
#include "oksana/outbox.hpp"
#include "oksana/robot.hpp"

#include <filesystem>
#include <utility>

namespace pbx::cmd {

namespace {
Result<oksana::Robot> prepare(Frame& frame) {
    auto settings = frame.settings();
    if (!settings) return Unexpected(settings.error());
    auto file =
        oksana::find_dialog(frame.given.value_or("DIALOG", ""), (*settings)->text("oksana", "dialogs"));
    if (!file) return Unexpected(file.error());
    return oksana::prepare_robot(**settings, *file);
}

bool is_due(const std::string& store, oksana::WallTime now) {
    auto database = oksana::open_database(store);
    if (!database) return false;
    auto due = oksana::Outbox(*database, {}).next_due();
    return due && *due && **due <= now;
}

// By a process of its own: the dialplan goes on while a message is on its way. What it cannot send waits for
// the next call, or for cron.
void send_notes(Frame& frame, const std::string& store) {
    if (!is_due(store, frame.context.clock.wall())) return;
    std::error_code ignored;
    std::vector<std::string> argv{std::filesystem::read_symlink("/proc/self/exe", ignored).string(),
                                  "--quiet"};
    if (auto file = frame.given.value("config")) argv.insert(argv.end(), {"--config", *file});
    argv.insert(argv.end(), {"oksana", "deliver"});
    if (auto started = net::start_program(argv); !started)
        log::warning("notes wait in the outbox: {}", started.error().text());
}

Result<int> run(Frame& frame) {
    auto robot = prepare(frame);
    if (!robot) {
        oksana::refuse_call(robot.error());
        return Unexpected(std::move(robot.error()));
    }
    const auto store = robot->store;
    auto result = oksana::answer_call(std::move(*robot), frame.context.clock);
    send_notes(frame, store);
    if (!result) return Unexpected(result.error());
    return 0;  // however the call ended: its outcome is in PBXCTL_RESULT
}

constexpr Argument arguments[] = {
    {.name = "DIALOG",
     .help = "a dialog file, or its name in [oksana] dialogs",
     .completes = Completes::dialog},
};
constexpr Option options[] = {
    {.name = "record", .help = "record the whole call, by MixMonitor()", .key = "oksana.record_calls"},
    {.name = "ear", .value = "NAME", .help = "an [ear NAME], an engine, or none", .key = "oksana.ear"},
    {.name = "voice", .value = "NAME", .help = "a [voice NAME], an engine, or none", .key = "oksana.voice"},
};
constexpr Example examples[] = {
    {"same => n,EAGI(/usr/bin/pbxctl,oksana,run,secretary)", "the caller is heard by voice and keys"},
    {"same => n,AGI(/usr/bin/pbxctl,oksana,run,secretary)", "by keys only"},
    {"same => n,GotoIf($[\"${PBXCTL_RESULT}\" = \"failed\"]?support,1)",
     "what to do when she could not help"},
};
constexpr Exit exits[] = {
    {0, "the call was taken, however it ended: see PBXCTL_RESULT"},
    {65, "the dialog file has a fault"},
    {66, "no such dialog"},
    {78, "pbxctl.conf has a fault"},
};
}  // namespace

const Leaf oksana_run{
    .noun = "oksana",
    .verb = "run",
    .summary = "take this call: AGI() and EAGI() of the dialplan start it",
    .description =
        "Leads one caller through a dialog: speaks, listens, transfers, saves. Sets PBXCTL_RESULT (finished, "
        "transferred, hungup, failed), PBXCTL_ERROR, PBXCTL_STEP and PBXCTL_CALL, the call's id in the "
        "journal.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .agi = true,
    .run = run,
};

}  // namespace pbx::cmd
