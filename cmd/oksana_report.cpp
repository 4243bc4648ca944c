#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "cmd/oksana_json.hpp"
#include "cmd/output.hpp"
#include "config/settings.hpp"
#include "core/text.hpp"
#include "oksana/journal.hpp"
#include "oksana/orders.hpp"

#include <filesystem>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
constexpr long long most_calls = 100'000;

Result<int> print_calls(Frame& frame, store::Database& database) {
    oksana::CallQuery query{.dialog = frame.given.value_or("dialog", ""),
                            .outcome = frame.given.value_or("outcome", ""),
                            .caller = frame.given.value_or("caller", "")};
    if (auto wanted = frame.given.value("most")) {
        auto most = text::to_integer(*wanted);
        if (!most || *most < 1 || *most > most_calls)
            return fail(Code::usage, fmt::format("'{}' is no number from 1 to {}", *wanted, most_calls),
                        "--most");
        query.most = *most;
    }
    auto calls = oksana::list_calls(database, query);
    if (!calls) return Unexpected(calls.error());
    Table table{{"call", "started", "dialog", "caller", "outcome", "transfer", "questions"}, {}};
    for (const auto& call : *calls)
        table.rows.push_back({call.start.id, shown_time(call.start.started), call.start.dialog,
                              call.start.caller, call.end ? call.end->outcome : "",
                              call.end ? call.end->transfer : "",
                              call.end ? std::to_string(call.end->counters.questions) : ""});
    frame.output.table(table);
    return calls->empty() ? static_cast<int>(Code::no) : 0;
}

Result<int> print_call(Frame& frame, store::Database& database, std::string id) {
    if (id == "last") {
        auto newest = oksana::list_calls(database, {.most = 1});
        if (!newest) return Unexpected(newest.error());
        if (!newest->empty()) id = newest->front().start.id;
    }
    auto call = oksana::find_call(database, id);
    if (!call) return Unexpected(call.error());
    if (!*call) return fail(Code::no, "no such call", id, "pbxctl oksana report lists them");
    auto turns = oksana::list_turns(database, id);
    if (!turns) return Unexpected(turns.error());
    if (frame.output.json())
        frame.output.document(call_json(**call, *turns));
    else
        frame.output.line(oksana::transcript(id, *turns));
    return 0;
}

Result<int> print_saved(Frame& frame, store::Database& database, const std::string& name) {
    if (name.empty() || !oksana::is_table_name(name))
        return fail(Code::usage, fmt::format("'{}' is no table's name", name), "--saved");
    auto rows = oksana::list_orders(database, {.table = name, .most = most_calls});
    if (!rows) return Unexpected(rows.error());
    auto tables = oksana::list_order_tables(database);
    if (!tables) return Unexpected(tables.error());
    Table table{{"saved", "call", "step"}, {}};
    const auto fixed = table.columns.size();
    for (const auto& one : *tables)
        if (one.name == name) table.columns.insert(table.columns.end(), one.fields.begin(), one.fields.end());
    for (const auto& row : *rows) {
        std::vector<std::string> cells{shown_time(row.order.saved), row.order.call, row.order.step};
        cells.resize(table.columns.size());
        for (const auto& [field, value] : row.order.fields)
            for (std::size_t column = fixed; column < table.columns.size(); ++column)
                if (table.columns[column] == field) cells[column] = value;
        table.rows.push_back(std::move(cells));
    }
    frame.output.table(table);
    return rows->empty() ? static_cast<int>(Code::no) : 0;
}

Result<int> run(Frame& frame) {
    auto settings = frame.settings();
    if (!settings) return Unexpected(settings.error());
    const std::string path = (*settings)->text("store", "path");
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return fail(Code::no, "no call was taken yet", path, "the database is made by the first call");
    auto database = oksana::open_database(path, true);
    if (!database) return Unexpected(database.error());
    if (auto name = frame.given.value("saved")) return print_saved(frame, *database, *name);
    if (auto id = frame.given.value("CALL")) return print_call(frame, *database, *id);
    return print_calls(frame, *database);
}

constexpr Argument arguments[] = {
    {.name = "CALL", .help = "a call's id, or last: its transcript", .required = false},
};
constexpr Option options[] = {
    {.name = "saved", .value = "TABLE", .help = "rows of save = TABLE: in a dialog"},
    {.name = "most", .value = "N", .help = "so many calls, the newest", .preset = "100"},
    {.name = "dialog", .value = "NAME", .help = "calls of this dialog only"},
    {.name = "outcome", .value = "WORD", .help = "finished, transferred, hungup or failed"},
    {.name = "caller", .value = "NUMBER", .help = "calls from this number only"},
};
constexpr Example examples[] = {
    {"pbxctl oksana report", "the newest calls"},
    {"pbxctl oksana report last", "the last call as a transcript, a test script in itself"},
    {"pbxctl oksana report --saved messages --json", "what callers left, for another program"},
};
constexpr Exit exits[] = {{0, "something was found"}, {1, "nothing was"}};
}  // namespace

const Leaf oksana_report{
    .noun = "oksana",
    .verb = "report",
    .summary = "calls taken, their transcripts, and what they saved",
    .description =
        "Reads the journal. Without a word it lists calls; with a call's id (PBXCTL_CALL in the "
        "dialplan) or last it prints the transcript.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
