#include "oksana/journal.hpp"

#include "store/time.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

namespace pbx::oksana {

using store::from_ms;
using store::to_ms;

namespace {
constexpr std::array<std::pair<TurnKind, std::string_view>, 8> kinds{{
    {TurnKind::said, "said"},
    {TurnKind::heard, "heard"},
    {TurnKind::key, "key"},
    {TurnKind::silence, "silence"},
    {TurnKind::hangup, "hangup"},
    {TurnKind::step, "step"},
    {TurnKind::remark, "remark"},
    {TurnKind::timing, "timing"},
}};

constexpr const char* call_columns =
    "SELECT "
    "id,uniqueid,dialog,language,caller,callername,called,started,ended,outcome,detail,transfer,recording,"
    "questions,not_understood,silences,confirmed,interrupted,lost_turns FROM calls ";

Call call_of(const store::Statement& row) {
    Call call{.start = {.id = row.text(0),
                        .uniqueid = row.text(1),
                        .dialog = row.text(2),
                        .language = row.text(3),
                        .caller = row.text(4),
                        .callername = row.text(5),
                        .called = row.text(6),
                        .started = from_ms(row.integer(7))},
              .end = std::nullopt,
              .lost_turns = row.integer(18)};
    if (!row.is_null(8))
        call.end = CallEnd{.ended = from_ms(row.integer(8)),
                           .outcome = row.text(9),
                           .detail = row.text(10),
                           .transfer = row.text(11),
                           .recording = row.text(12),
                           .counters = {.questions = row.integer(13),
                                        .not_understood = row.integer(14),
                                        .silences = row.integer(15),
                                        .confirmed = row.integer(16),
                                        .interrupted = row.integer(17)}};
    return call;
}

Turn turn_of(const store::Statement& row) {
    Turn turn{.at = std::chrono::milliseconds(row.integer(0)),
              .kind = turn_kind_named(row.text(1)).value_or(TurnKind::remark),
              .text = row.text(2),
              .step = row.text(3),
              .verdict = row.text(4),
              .score = std::nullopt,
              .latency = std::nullopt};
    if (!row.is_null(5)) turn.score = row.real(5);
    if (!row.is_null(6)) turn.latency = std::chrono::milliseconds(row.integer(6));
    return turn;
}

// An empty filter is any.
std::optional<std::string> filter(const std::string& text) {
    if (text.empty()) return std::nullopt;
    return text;
}
}  // namespace

std::string_view name_of(TurnKind kind) {
    for (auto [known, name] : kinds)
        if (known == kind) return name;
    return "remark";
}

std::optional<TurnKind> turn_kind_named(std::string_view name) {
    for (auto [kind, known] : kinds)
        if (known == name) return kind;
    return std::nullopt;
}

std::string run_id(std::string_view uniqueid, WallTime started) {
    std::string id;
    for (char c : uniqueid) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           c == '.' || c == '_' || c == '-';
        id += plain ? c : '_';
    }
    return fmt::format("{}-{:x}", id, to_ms(started));
}

Result<std::vector<Call>> list_calls(store::Database& database, const CallQuery& query) {
    auto rows = database.prepare(std::string(call_columns) +
                                 "WHERE (?1 IS NULL OR started>=?1) AND (?2 IS NULL OR started<?2) "
                                 "AND (?3 IS NULL OR dialog=?3) AND (?4 IS NULL OR outcome=?4) "
                                 "AND (?5 IS NULL OR caller=?5) ORDER BY started DESC, rowid DESC LIMIT ?6");
    if (!rows) return tl::unexpected(rows.error());
    auto bound = rows->bind(to_ms(query.since), to_ms(query.until), filter(query.dialog),
                            filter(query.outcome), filter(query.caller), query.most);
    if (!bound) return tl::unexpected(bound.error());
    std::vector<Call> calls;
    for (;;) {
        auto row = rows->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return calls;
        calls.push_back(call_of(*rows));
    }
}

Result<std::optional<Call>> find_call(store::Database& database, std::string_view id) {
    auto rows = database.prepare(std::string(call_columns) + "WHERE id=?");
    if (!rows) return tl::unexpected(rows.error());
    if (auto bound = rows->bind(id); !bound) return tl::unexpected(bound.error());
    auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return std::nullopt;
    return call_of(*rows);
}

Result<std::vector<Turn>> list_turns(store::Database& database, std::string_view id) {
    auto rows =
        database.prepare("SELECT at,kind,text,step,verdict,score,latency FROM turns WHERE call=? ORDER BY n");
    if (!rows) return tl::unexpected(rows.error());
    if (auto bound = rows->bind(id); !bound) return tl::unexpected(bound.error());
    std::vector<Turn> turns;
    for (;;) {
        auto row = rows->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return turns;
        turns.push_back(turn_of(*rows));
    }
}

// A batch whose commit ended in an unclear disk error is written once more: what is there already stays as it
// is.
Result<void> begin_call(store::Database& database, const CallStart& start) {
    return database.run(
        "INSERT INTO calls(id,uniqueid,dialog,language,caller,callername,called,started) "
        "VALUES(?,?,?,?,?,?,?,?) "
        "ON CONFLICT(id) DO NOTHING",
        start.id, start.uniqueid, start.dialog, start.language, start.caller, start.callername, start.called,
        to_ms(start.started));
}

Result<void> add_turn(store::Database& database, std::string_view id, std::int64_t n, const Turn& turn) {
    std::optional<std::int64_t> latency;
    if (turn.latency) latency = turn.latency->count();
    return database.run(
        "INSERT INTO turns(call,n,at,kind,text,step,verdict,score,latency) VALUES(?,?,?,?,?,?,?,?,?) "
        "ON CONFLICT(call,n) DO NOTHING",
        id, n, turn.at.count(), name_of(turn.kind), turn.text, turn.step, turn.verdict, turn.score, latency);
}

Result<void> end_call(store::Database& database, std::string_view id, const CallEnd& end,
                      std::int64_t lost_turns) {
    return database.run(
        "UPDATE calls SET "
        "ended=?,outcome=?,detail=?,transfer=?,recording=?,questions=?,not_understood=?,silences=?,"
        "confirmed=?,interrupted=?,lost_turns=? WHERE id=?",
        to_ms(end.ended), end.outcome, end.detail, end.transfer, end.recording, end.counters.questions,
        end.counters.not_understood, end.counters.silences, end.counters.confirmed, end.counters.interrupted,
        lost_turns, id);
}

Result<std::int64_t> forget_calls(store::Database& database, WallTime before) {
    if (auto done = database.run("DELETE FROM calls WHERE started<?", to_ms(before)); !done)
        return tl::unexpected(done.error());
    return database.changed();
}

}  // namespace pbx::oksana
