#include "store/connection.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace pbx::store {

namespace {
// Another process may bring the file up to date at the same moment: the version counts once we have the write
// lock.
Result<void> apply(Connection& connection, const Migration& next, std::int32_t application) {
    auto script = fmt::format("{}; PRAGMA user_version={}; PRAGMA application_id={}; COMMIT", next.sql,
                              next.version, application);
    if (auto begun = connection.script("BEGIN IMMEDIATE"); !begun) return begun;
    auto version = schema_version(connection);
    Result<void> done;
    if (!version) {
        done = tl::unexpected(version.error());
    } else if (*version == next.version - 1) {
        done = connection.script(script.c_str());
        if (done) return done;
    }
    if (sqlite3_get_autocommit(connection.handle) == 0) static_cast<void>(connection.script("ROLLBACK"));
    if (!done) return within(fmt::format("migration {}", next.version), done.error());
    return done;
}
}  // namespace

Result<int> schema_version(const Connection& connection) {
    sqlite3_stmt* statement = nullptr;
    int status = sqlite3_prepare_v2(connection.handle, "PRAGMA user_version", -1, &statement, nullptr);
    if (status == SQLITE_OK) status = sqlite3_step(statement);
    const int version = status == SQLITE_ROW ? sqlite3_column_int(statement, 0) : 0;
    sqlite3_finalize(statement);
    if (status != SQLITE_ROW) return connection.error(status);
    return version;
}

Result<void> migrate(Connection& connection, const Options& options) {
    auto found = schema_version(connection);
    if (!found) return tl::unexpected(found.error());
    const int known = options.schema.empty() ? 0 : options.schema.back().version;
    if (*found > known)
        return fail(Code::config,
                    fmt::format("schema {} is newer than the {} this pbxctl knows", *found, known),
                    connection.file, "upgrade pbxctl here too");
    if (*found < known && options.read_only)
        return fail(Code::config, fmt::format("schema {} is older than {}", *found, known), connection.file,
                    "let a pbxctl that may write open it once");
    for (const auto& step : options.schema)
        if (step.version > *found)
            if (auto done = apply(connection, step, options.application); !done) return done;
    return {};
}

}  // namespace pbx::store
