#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "config/settings.hpp"
#include "core/duration.hpp"
#include "oksana/journal.hpp"
#include "oksana/orders.hpp"
#include "oksana/outbox.hpp"
#include "oksana/recordings.hpp"

#include <filesystem>

#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
struct Forgotten {
    std::int64_t calls = 0, messages = 0, saved = 0;
    oksana::ForgottenRecordings recordings;
};

Result<oksana::WallTime> limit_of(Frame& frame) {
    auto age = parse_duration(frame.given.value_or("older", ""));
    if (!age) return tl::unexpected(within("--older", age.error()));
    if (*age < std::chrono::hours(1))
        return fail(Code::usage, "less than an hour would forget calls that are going on", "--older");
    return frame.context.clock.wall() - *age;
}

// In one transaction, which a dry run does not commit.
Result<void> forget_rows(store::Database& database, oksana::WallTime before, bool saved, bool dry,
                         Forgotten& counts) {
    auto transaction = database.begin();
    if (!transaction) return tl::unexpected(transaction.error());
    auto calls = oksana::forget_calls(database, before);
    if (!calls) return tl::unexpected(calls.error());
    auto messages = oksana::Outbox(database, {}).forget(before);
    if (!messages) return tl::unexpected(messages.error());
    counts.calls = *calls;
    counts.messages = *messages;
    if (saved) {
        auto rows = oksana::forget_orders(database, before);
        if (!rows) return tl::unexpected(rows.error());
        counts.saved = *rows;
    }
    return dry ? Result<void>() : transaction->commit();
}

Result<int> run(Frame& frame) {
    const auto before = limit_of(frame);
    if (!before) return Unexpected(before.error());
    auto settings = frame.settings();
    if (!settings) return Unexpected(settings.error());
    const bool dry = frame.given.has("dry-run");
    const std::string path = (*settings)->text("store", "path");
    Forgotten counts;
    std::error_code ignored;
    if (std::filesystem::exists(path, ignored)) {
        auto database = oksana::open_database(path);
        if (!database) return Unexpected(database.error());
        auto done = forget_rows(*database, *before, frame.given.has("saved"), dry, counts);
        if (!done) return Unexpected(done.error());
    }
    auto recordings = oksana::forget_recordings((*settings)->text("oksana", "recordings"), *before, dry);
    if (!recordings) return Unexpected(recordings.error());
    counts.recordings = *recordings;
    if (frame.output.json())
        frame.output.document({{"calls", counts.calls},
                               {"recordings", counts.recordings.files},
                               {"recording_bytes", counts.recordings.bytes},
                               {"messages", counts.messages},
                               {"saved", counts.saved},
                               {"dry_run", dry}});
    else
        frame.output.table({{"calls", "recordings", "messages", "saved"},
                            {{std::to_string(counts.calls), std::to_string(counts.recordings.files),
                              std::to_string(counts.messages), std::to_string(counts.saved)}}});
    return 0;
}

constexpr Option options[] = {
    {.name = "older", .value = "AGE", .help = "what is older than that: 90d, 36h; required"},
    {.name = "dry-run", .help = "only count what would be removed", .letter = 'n'},
    {.name = "saved", .help = "rows of save = too; without this they stay for ever"},
};
constexpr Example examples[] = {
    {"pbxctl oksana forget --older 90d -n", "see how much that is"},
    {"12 4 * * *  asterisk  pbxctl -q oksana forget --older 90d >/dev/null",
     "every night, a line of /etc/cron.d"},
};
constexpr Exit exits[] = {{0, "done, or nothing was that old"}};
}  // namespace

const Leaf oksana_forget{
    .noun = "oksana",
    .verb = "forget",
    .summary = "remove old calls, recordings and delivered messages",
    .description =
        "Removes calls with their transcripts, the recordings and the messages that were sent or given up, "
        "once they "
        "are older than you have a use (or a right) for. What dialogs saved stays unless you say --saved.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
