// The open SQLite file behind Database, Statement and Transaction, and the words for its errors. Private to
// this room.
#pragma once

#include "store/database.hpp"

#include <map>
#include <string>

namespace pbx::store {

constexpr std::size_t most_idle_statements = 48;

struct Connection {
    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection();

    [[nodiscard]] Unexpected error(int status) const;          // in the words an admin can act on
    [[nodiscard]] Result<void> script(const char* sql) const;  // our own text only, no values
    void put_back(sqlite3_stmt* statement);

    sqlite3* handle = nullptr;
    std::string file;
    Durability durability = Durability::disk;
    std::map<std::string, sqlite3_stmt*, std::less<>> idle;  // prepared and not in use, by their text
};

// Makes the folder and the empty file with the right owner and modes, so that SQLite's own files take them
// over.
[[nodiscard]] Result<void> make_file(const std::string& file);

// Brings the schema from user_version to the last migration.
[[nodiscard]] Result<void> migrate(Connection& connection, const Options& options);
[[nodiscard]] Result<int> schema_version(const Connection& connection);

}  // namespace pbx::store
