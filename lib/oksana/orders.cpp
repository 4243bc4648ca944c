#include "oksana/orders.hpp"

#include "core/text.hpp"
#include "store/time.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::oksana {

using Json = nlohmann::ordered_json;

namespace {
constexpr std::size_t longest_table_name = 41;
constexpr std::size_t longest_field_name = 100;
// SQLite's views end at 2000 columns; a table of the 200 names saved first is what a person can read
constexpr int most_view_columns = 200;

bool is_field_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_field_name && text::is_plain_line(name) &&
           text::is_utf8(name) && name.find_first_of("\"'\\") == std::string_view::npos;
}

Result<void> check(const Order& order) {
    if (!is_table_name(order.table))
        return fail(Code::data, fmt::format("'{}' is no table name", order.table), order.step,
                    "use a-z, 0-9 and _, at most 41, a letter first");
    if (order.key.empty()) return fail(Code::bug, "order without a key", order.table);
    if (order.fields.size() > most_order_fields)
        return fail(Code::data, fmt::format("more than {} fields", most_order_fields), order.table);
    for (const auto& [name, value] : order.fields) {
        if (!is_field_name(name)) return fail(Code::data, "bad field name", order.table);
        if (value.size() > longest_order_value)
            return fail(Code::data, fmt::format("'{}' is longer than {} bytes", name, longest_order_value),
                        order.table);
    }
    return {};
}

std::string to_json(const Fields& fields) {
    Json object = Json::object();
    for (const auto& [name, value] : fields)
        object[name] = value;
    // what the channel brought may be no UTF-8: its bad bytes become U+FFFD
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Fields from_json(const std::string& text) {
    Fields fields;
    auto object = Json::parse(text, nullptr, false);
    if (!object.is_object()) return fields;
    for (const auto& [name, value] : object.items())
        fields.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
    return fields;
}

Result<std::vector<std::string>> field_names(store::Database& database, std::string_view table) {
    auto rows = database.prepare("SELECT name FROM saved_fields WHERE table_name=? ORDER BY n");
    if (!rows) return tl::unexpected(rows.error());
    if (auto bound = rows->bind(table); !bound) return tl::unexpected(bound.error());
    std::vector<std::string> names;
    for (;;) {
        auto row = rows->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return names;
        names.push_back(rows->text(0));
    }
}

// Our own columns give way to a dialog's variables of the same name. The names were checked: no quote and no
// control byte can leave its place in this text.
std::string view_text(std::string_view table, const std::vector<std::string>& names) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> own{
        {{"id", "id"},
         {"saved_at", "datetime(saved/1000,'unixepoch','localtime')"},
         {"call", "call"},
         {"dialog", "dialog"},
         {"step", "step"}}};
    std::string columns;
    for (auto [name, expression] : own)
        if (std::find(names.begin(), names.end(), name) == names.end())
            columns += fmt::format("{} AS {}, ", expression, name);
    int count = 0;
    for (const auto& name : names)
        if (++count <= most_view_columns)
            columns += fmt::format("json_extract(fields,'$.\"{0}\"') AS \"{0}\", ", name);
    columns.resize(columns.size() - 2);
    return fmt::format("CREATE VIEW saved_{} AS SELECT {} FROM saved WHERE table_name='{}'", table, columns,
                       table);
}

// A key that is there already must hold this very order, or one of two would be lost.
Result<bool> is_same(store::Database& database, const Order& order) {
    auto row = database.prepare("SELECT 1 FROM saved WHERE key=? AND table_name=? AND fields=?");
    if (!row) return tl::unexpected(row.error());
    if (auto bound = row->bind(order.key, order.table, to_json(order.fields)); !bound)
        return tl::unexpected(bound.error());
    auto found = row->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return fail(Code::bug, "one key for two orders", order.key);
    return false;
}

// New names are rare (a changed dialog's first order), so the view is only then made anew.
Result<void> keep_view(store::Database& database, const Order& order) {
    bool changed = false;
    for (const auto& [name, value] : order.fields) {
        auto done =
            database.run("INSERT INTO saved_fields(table_name,name) VALUES(?,?) ON CONFLICT DO NOTHING",
                         order.table, name);
        if (!done) return done;
        changed = changed || database.changed() != 0;
    }
    if (!changed) return {};
    auto names = field_names(database, order.table);
    if (!names) return tl::unexpected(names.error());
    if (auto done = database.run(fmt::format("DROP VIEW IF EXISTS saved_{}", order.table)); !done)
        return done;
    return database.run(view_text(order.table, *names));
}
}  // namespace

std::string order_key(std::string_view run, std::int64_t sequence) {
    return fmt::format("{}/{}", run, sequence);
}

bool is_table_name(std::string_view name) {
    auto letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
    auto part = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
    return !name.empty() && name.size() <= longest_table_name && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), part);
}

Result<bool> save_order(store::Database& database, const Order& order) {
    if (auto good = check(order); !good) return tl::unexpected(good.error());
    auto done = database.run(
        "INSERT INTO saved(key,call,dialog,step,table_name,saved,fields) VALUES(?,?,?,?,?,?,?) "
        "ON CONFLICT(key) DO NOTHING",
        order.key, order.call, order.dialog, order.step, order.table, store::to_ms(order.saved),
        to_json(order.fields));
    if (!done) return tl::unexpected(done.error());
    if (database.changed() == 0) return is_same(database, order);
    if (auto view = keep_view(database, order); !view) return tl::unexpected(view.error());
    return true;
}

Result<std::vector<SavedOrder>> list_orders(store::Database& database, const OrderQuery& query) {
    auto any_if_empty = [](const std::string& text) {
        return text.empty() ? std::nullopt : std::optional(text);
    };
    auto rows = database.prepare(
        "SELECT id,key,call,dialog,step,table_name,saved,fields FROM saved WHERE id>?1 "
        "AND (?2 IS NULL OR table_name=?2) AND (?3 IS NULL OR call=?3) AND (?4 IS NULL OR saved>=?4) "
        "AND (?5 IS NULL OR saved<?5) ORDER BY id LIMIT ?6");
    if (!rows) return tl::unexpected(rows.error());
    auto bound = rows->bind(query.after, any_if_empty(query.table), any_if_empty(query.call),
                            store::to_ms(query.since), store::to_ms(query.until), query.most);
    if (!bound) return tl::unexpected(bound.error());
    std::vector<SavedOrder> orders;
    for (;;) {
        auto row = rows->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return orders;
        orders.push_back({.id = rows->integer(0),
                          .order = {.key = rows->text(1),
                                    .call = rows->text(2),
                                    .dialog = rows->text(3),
                                    .step = rows->text(4),
                                    .table = rows->text(5),
                                    .fields = from_json(rows->text(7)),
                                    .saved = store::from_ms(rows->integer(6))}});
    }
}

Result<std::vector<OrderTable>> list_order_tables(store::Database& database) {
    std::vector<OrderTable> tables;
    {
        auto rows = database.prepare("SELECT table_name,count(*) FROM saved GROUP BY table_name");
        if (!rows) return tl::unexpected(rows.error());
        for (;;) {
            auto row = rows->step();
            if (!row) return tl::unexpected(row.error());
            if (!*row) break;
            tables.push_back({.name = rows->text(0), .rows = rows->integer(1), .fields = {}});
        }
    }
    for (auto& table : tables) {
        auto names = field_names(database, table.name);
        if (!names) return tl::unexpected(names.error());
        table.fields = std::move(*names);
    }
    return tables;
}

Result<std::int64_t> forget_orders(store::Database& database, std::chrono::system_clock::time_point before) {
    if (auto done = database.run("DELETE FROM saved WHERE saved<?", store::to_ms(before)); !done)
        return tl::unexpected(done.error());
    return database.changed();
}

}  // namespace pbx::oksana
