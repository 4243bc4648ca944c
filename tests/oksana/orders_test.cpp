#include "oksana/orders.hpp"

#include "oksana/journal.hpp"
#include "support/temp_folder.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::oksana;
using namespace std::chrono_literals;

namespace {
const WallTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

Order order(const std::string& key, Fields fields, const std::string& table = "orders") {
    return {.key = key,
            .call = "run-1",
            .dialog = "taxi",
            .step = "confirmed",
            .table = table,
            .fields = std::move(fields),
            .saved = noon};
}

std::vector<std::string> row(store::Database& database, std::string_view sql, int columns) {
    auto statement = database.prepare(sql);
    REQUIRE(statement);
    REQUIRE(statement->step().value());
    std::vector<std::string> values;
    for (int n = 0; n < columns; ++n)
        values.push_back(statement->text(n));
    return values;
}
}  // namespace

TEST_CASE("orders: a row comes back with its fields in order, whatever is in them") {
    test::TempFolder folder;
    auto database = open_database(folder / "x.db");
    REQUIRE(database);
    const Fields fields{{"caller", "7916'; DROP TABLE saved;--"},
                        {"from", "ул. Ленина, \"5\"\n\\ {}"},
                        {"who.2", ""},
                        {"куда", "аэропорт"}};
    REQUIRE(save_order(*database, order(order_key("run-1", 1), fields)).value());
    auto saved = list_orders(*database, {.table = "orders"}).value();
    REQUIRE(saved.size() == 1);
    CHECK(saved[0].order.fields == fields);
    CHECK(saved[0].order.key == "run-1/1");
    CHECK(saved[0].order.saved == noon);
    CHECK((saved[0].order.dialog == "taxi" && saved[0].order.step == "confirmed"));
}

TEST_CASE("orders: one key is one row") {
    test::TempFolder folder;
    auto database = open_database(folder / "x.db");
    REQUIRE(database);
    CHECK(save_order(*database, order("run-1/1", {{"a", "1"}})).value());
    CHECK_FALSE(save_order(*database, order("run-1/1", {{"a", "1"}})).value());
    CHECK(save_order(*database, order("run-1/2", {{"a", "1"}})).value());
    CHECK(list_orders(*database, {}).value().size() == 2);
    auto other = save_order(*database, order("run-1/1", {{"a", "2"}}));
    REQUIRE_FALSE(other);  // or the second order would be lost in silence
    CHECK(other.error().code == Code::bug);
}

TEST_CASE("orders: each table is a view with a column for every field that was ever saved") {
    test::TempFolder folder;
    auto database = open_database(folder / "x.db");
    REQUIRE(database);
    REQUIRE(save_order(*database, order("1", {{"from", "A"}, {"step", "own"}})));
    REQUIRE(save_order(*database, order("2", {{"to", "Б"}, {"select", "'\u00a0"}})));
    CHECK(row(*database, "SELECT id,\"from\",step,\"to\" FROM saved_orders WHERE id=1", 4) ==
          std::vector<std::string>{"1", "A", "own", ""});
    CHECK(row(*database, "SELECT \"from\",\"to\",\"select\" FROM saved_orders WHERE id=2", 3) ==
          std::vector<std::string>{"", "Б", "'\u00a0"});
    auto tables = list_order_tables(*database).value();
    REQUIRE(tables.size() == 1);
    CHECK((tables[0].name == "orders" && tables[0].rows == 2));
    CHECK(tables[0].fields == std::vector<std::string>{"from", "step", "to", "select"});
}

TEST_CASE("orders: what a dialog may not name is refused") {
    test::TempFolder folder;
    auto database = open_database(folder / "x.db");
    REQUIRE(database);
    auto refused = [&](const Order& bad) {
        auto saved = save_order(*database, bad);
        return !saved && saved.error().code == Code::data;
    };
    for (const char* table : {"", "Orders", "1st", "a b", "a;b", "a\"b", "заказы"})
        CHECK(refused(order("k", {{"a", "b"}}, table)));
    CHECK(is_table_name(std::string(41, 'a')));
    CHECK_FALSE(is_table_name(std::string(42, 'a')));
    for (const char* name : {"", "a\"b", "a'b", "a\nb", "a\\b", "\xff"})
        CHECK(refused(order("k", {{name, "b"}})));
    CHECK(refused(order("k", {{"a", std::string(longest_order_value + 1, 'x')}})));
    CHECK(refused(order("k", Fields(most_order_fields + 1, {"a", "b"}))));
    CHECK(list_orders(*database, {}).value().empty());
}

TEST_CASE("orders: bytes that are no UTF-8 are saved with a mark in their place") {
    test::TempFolder folder;
    auto database = open_database(folder / "x.db");
    REQUIRE(database);
    REQUIRE(save_order(*database, order("1", {{"callername", "Iv\xe0n"}})));
    CHECK(list_orders(*database, {}).value()[0].order.fields[0].second == "Iv\uFFFDn");
}

TEST_CASE("orders: an export goes on where it ended") {
    test::TempFolder folder;
    auto database = open_database(folder / "x.db");
    REQUIRE(database);
    for (int n = 0; n < 25; ++n)
        REQUIRE(save_order(*database, order(std::to_string(n), {})));
    std::int64_t after = 0, seen = 0;
    for (;;) {
        auto part = list_orders(*database, {.table = "orders", .after = after, .most = 10}).value();
        if (part.empty()) break;
        seen += static_cast<std::int64_t>(part.size());
        after = part.back().id;
    }
    CHECK(seen == 25);
    CHECK(list_orders(*database, {.since = noon + 1ms}).value().empty());
    CHECK(list_orders(*database, {.call = "run-2"}).value().empty());
}

TEST_CASE("orders: what is old is forgotten when a person wants it") {
    test::TempFolder folder;
    auto database = open_database(folder / "x.db");
    REQUIRE(database);
    REQUIRE(save_order(*database, order("1", {{"a", "b"}})));
    CHECK(forget_orders(*database, noon).value() == 0);
    CHECK(forget_orders(*database, noon + 1ms).value() == 1);
    CHECK(list_orders(*database, {}).value().empty());
}
