// The database: one SQLite file in WAL mode that many processes write at once (one a call), each commit on
// disk before it returns. Three small classes over prepared statements with bound values; not an ORM.
// PostgreSQL for several machines is not here: it would come as a second engine behind these same three
// classes.
#pragma once

#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace pbx::store {

// One step of a schema. Versions run 1, 2, 3, … without holes; a step that was ever released never changes.
struct Migration {
    int version;
    const char* sql;  // one or more statements, run in one transaction
};

struct Options {
    std::string file{};  // created with mode 0640, its folder with 0750
    std::span<const Migration> schema{};
    std::int32_t application = 0;  // marks the file as this schema's own; another program's file is refused
    std::chrono::milliseconds busy{5000};  // how long one statement waits for another writer
    bool read_only = false;                // no creation, no migration
};

// What a commit survives. `disk`: power loss (fsync). `system`: the death of the process, not of the machine.
enum class Durability { disk, system };

struct Connection;  // the open file with its prepared statements

// A prepared statement; it goes back to its connection's cache when destroyed. Values are bound from 1.
class Statement {
  public:
    Statement(Statement&&) noexcept;
    Statement& operator=(Statement&&) = delete;
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    ~Statement();

    template <class... Values>
    [[nodiscard]] Result<void> bind(const Values&... values) {
        int at = 0;
        Result<void> done;
        static_cast<void>(((done = put(++at, values)) && ...));
        return done;
    }
    [[nodiscard]] Result<bool> step();  // true: a row is there; false: done
    [[nodiscard]] Result<void> run();   // steps to the end, rows are dropped
    void rewind();                      // to be bound and stepped again

    // Columns of the row that step() found, counted from 0.
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string text(int column) const;

  private:
    friend class Database;
    Statement(std::shared_ptr<Connection> connection, sqlite3_stmt* handle);
    Result<void> put(int at, std::int64_t value);
    Result<void> put(int at, int value) { return put(at, static_cast<std::int64_t>(value)); }
    Result<void> put(int at, double value);
    Result<void> put(int at, std::string_view value);
    Result<void> put(int at, const std::string& value) { return put(at, std::string_view(value)); }
    Result<void> put(int at, const char* value) { return put(at, std::string_view(value)); }
    Result<void> put(int at, std::nullopt_t);
    template <class Value>
    Result<void> put(int at, const std::optional<Value>& value) {
        return value ? put(at, *value) : put(at, std::nullopt);
    }
    [[nodiscard]] Result<void> checked(int status) const;

    std::shared_ptr<Connection> connection_;
    sqlite3_stmt* handle_;
};

// A writing transaction (BEGIN IMMEDIATE): rolled back unless committed.
class Transaction {
  public:
    Transaction(Transaction&&) noexcept = default;
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    [[nodiscard]] Result<void> commit();

  private:
    friend class Database;
    explicit Transaction(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
    std::shared_ptr<Connection> connection_;
};

// Used by one thread at a time; each process and each thread opens its own.
class Database {
  public:
    // Opens or creates the file and brings its schema up to date. A file with a newer schema than ours is
    // refused (Code::config). Errors: try_again locked, refused no permission, write_failed disk, data
    // damaged file.
    [[nodiscard]] static Result<Database> open(const Options& options);

    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    // One statement with its values, run to its end.
    template <class... Values>
    [[nodiscard]] Result<void> run(std::string_view sql, const Values&... values) {
        auto statement = prepare(sql);
        if (!statement) return tl::unexpected(statement.error());
        if (auto bound = statement->bind(values...); !bound) return bound;
        return statement->run();
    }
    [[nodiscard]] Result<Transaction> begin();
    [[nodiscard]] Result<void> keep(Durability durability);  // from the next transaction on; `disk` at first

    [[nodiscard]] std::int64_t last_id() const;  // of the last inserted row
    [[nodiscard]] std::int64_t changed() const;  // rows the last statement changed
    [[nodiscard]] Result<int> version();         // the schema's
    [[nodiscard]] Result<void> verify();         // reads the whole file: damage is an Error (doctor)
    [[nodiscard]] const std::string& file() const;

  private:
    explicit Database(std::shared_ptr<Connection> connection) : connection_(std::move(connection)) {}
    std::shared_ptr<Connection> connection_;
};

}  // namespace pbx::store
