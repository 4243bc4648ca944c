// What callers ordered: rows of `save = TABLE: fields`, on disk before the next word is spoken, never twice
// for one key. Fields are kept as one JSON object a row, because a dialog's variables change from day to day
// and no ALTER TABLE may hold up a caller; for people with sqlite3 each table is also a view saved_TABLE with
// real columns.
#pragma once

#include "core/result.hpp"
#include "store/database.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pbx::oksana {

using Fields = std::vector<std::pair<std::string, std::string>>;  // as dialog::Fields

constexpr std::size_t most_order_fields = 64;
constexpr std::size_t longest_order_value = 64 * 1024;

struct Order {
    std::string key{};   // the same key is the same row, however often it is saved: see order_key
    std::string call{};  // the run's id
    std::string dialog{}, step{};
    std::string table{};  // [a-z_][a-z0-9_]{0,40}
    Fields fields{};
    std::chrono::system_clock::time_point saved{};
};

// "RUN/SEQUENCE": the n-th save of this run.
[[nodiscard]] std::string order_key(std::string_view run, std::int64_t sequence);

[[nodiscard]] bool is_table_name(std::string_view name);

// Within the transaction that the caller has open. True: a new row; false: the key was there already.
// Errors: data (table name, field name, size), and the store's.
[[nodiscard]] Result<bool> save_order(store::Database& database, const Order& order);

struct OrderQuery {
    std::string table{};                                                    // empty: all
    std::string call{};                                                     // empty: any
    std::optional<std::chrono::system_clock::time_point> since{}, until{};  // since <= saved < until
    std::int64_t after = 0;  // rows with a greater id only: for export in parts
    std::int64_t most = 1000;
};
struct SavedOrder {
    std::int64_t id = 0;  // grows by age
    Order order{};
};
// Oldest first.
[[nodiscard]] Result<std::vector<SavedOrder>> list_orders(store::Database& database, const OrderQuery& query);

struct OrderTable {
    std::string name{};
    std::int64_t rows = 0;
    std::vector<std::string> fields{};  // every name that was ever saved, oldest first
};
[[nodiscard]] Result<std::vector<OrderTable>> list_order_tables(store::Database& database);

// Removes rows saved before; how many.
[[nodiscard]] Result<std::int64_t> forget_orders(store::Database& database,
                                                 std::chrono::system_clock::time_point before);

}  // namespace pbx::oksana
