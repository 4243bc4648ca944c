// The journal: every call and every turn of it, written as it happens, so that a dropped call leaves what it
// had. Here are the rows and how to read them; journal_writer.hpp writes them from a running call. Not the
// recording.
#pragma once

#include "core/result.hpp"
#include "store/database.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::oksana {

using WallTime = std::chrono::system_clock::time_point;  // kept to the millisecond

struct CallStart {
    std::string id{};        // one run of a dialog; unique for ever (a channel may run two: see run_id)
    std::string uniqueid{};  // the channel's, as CDRs know it
    std::string dialog{}, language{};
    std::string caller{}, callername{}, called{};
    WallTime started{};
};

struct Counters {
    std::int64_t questions = 0;
    std::int64_t not_understood = 0;
    std::int64_t silences = 0;
    std::int64_t confirmed = 0;    // asks of "did you say …?"
    std::int64_t interrupted = 0;  // prompts the caller cut short
};

struct CallEnd {
    WallTime ended{};
    std::string outcome{};    // the word of PBXCTL_RESULT, e.g. transferred, finished, hungup, failed
    std::string detail{};     // why, for people
    std::string transfer{};   // where the call went
    std::string recording{};  // file of the whole call
    Counters counters{};
};

enum class TurnKind { said, heard, key, silence, hangup, step, remark, timing };
[[nodiscard]] std::string_view name_of(TurnKind kind);
[[nodiscard]] std::optional<TurnKind> turn_kind_named(std::string_view name);

struct Turn {
    std::chrono::milliseconds at{0};  // since the call's start
    TurnKind kind = TurnKind::remark;
    std::string text{};             // said, heard, the keys, the step entered, the remark without its "= "
    std::string step{};             // where it happened
    std::string verdict{};          // of what was heard: sure, unsure, not_understood
    std::optional<double> score{};  // the ear's
    std::optional<std::chrono::milliseconds> latency{};  // from the caller's last word to our first
};

struct Call {  // a row of the journal
    CallStart start{};
    std::optional<CallEnd> end{};  // none: the call is going on, or its process died
    std::int64_t lost_turns = 0;   // turns the disk could not take in time
};

struct CallQuery {
    std::optional<WallTime> since{}, until{};   // of the start: since <= started < until
    std::string dialog{}, outcome{}, caller{};  // empty: any
    std::int64_t most = 100;                    // the newest ones
};

// A run's id: the channel's uniqueid and the start, because one channel can run dialogs twice. Only
// [A-Za-z0-9._-] is kept of the uniqueid, so that the id can also name files.
[[nodiscard]] std::string run_id(std::string_view uniqueid, WallTime started);

// The file with calls, turns, saved and outbox; created unless read_only.
[[nodiscard]] Result<store::Database> open_database(const std::string& file, bool read_only = false);
[[nodiscard]] std::span<const store::Migration> schema();

// Reading (oksana report, scripts/demo). Newest call first; turns in the order they happened.
[[nodiscard]] Result<std::vector<Call>> list_calls(store::Database& database, const CallQuery& query);
[[nodiscard]] Result<std::optional<Call>> find_call(store::Database& database, std::string_view id);
[[nodiscard]] Result<std::vector<Turn>> list_turns(store::Database& database, std::string_view id);
// The turns in the form of a test script (dialog-language: "<", ">", "="), headed by "[title]".
[[nodiscard]] std::string transcript(std::string_view title, std::span<const Turn> turns);

// Writing, each in the transaction that the caller has open.
[[nodiscard]] Result<void> begin_call(store::Database& database, const CallStart& start);
[[nodiscard]] Result<void> add_turn(store::Database& database, std::string_view id, std::int64_t n,
                                    const Turn& turn);
[[nodiscard]] Result<void> end_call(store::Database& database, std::string_view id, const CallEnd& end,
                                    std::int64_t lost_turns);
// Removes calls that started before, with their turns; saved rows stay. Returns how many.
[[nodiscard]] Result<std::int64_t> forget_calls(store::Database& database, WallTime before);

}  // namespace pbx::oksana
