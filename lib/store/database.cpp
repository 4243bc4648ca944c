#include "store/database.hpp"

#include "store/connection.hpp"

#include <utility>

#include <fmt/format.h>
#include <sqlite3.h>

namespace pbx::store {

namespace {
// A WAL that a long reader made grow is cut back to this at the next checkpoint.
constexpr int most_wal_bytes = 64 * 1024 * 1024;
constexpr int wal_try_pause_ms = 5;

Result<std::string> one_text(const Connection& connection, const char* sql) {
    sqlite3_stmt* statement = nullptr;
    int status = sqlite3_prepare_v2(connection.handle, sql, -1, &statement, nullptr);
    if (status == SQLITE_OK) status = sqlite3_step(statement);
    std::string text;
    if (status == SQLITE_ROW) {
        const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
        text = bytes != nullptr ? bytes : "";
    }
    sqlite3_finalize(statement);
    if (status != SQLITE_ROW && status != SQLITE_DONE) return connection.error(status);
    return text;
}

// Turning a file to WAL needs it alone for a moment, and SQLite does not wait for that by itself: so we ask
// again until `busy` is over.
Result<void> use_wal(const Connection& connection, std::chrono::milliseconds busy) {
    for (auto tries = busy.count() / wal_try_pause_ms;; --tries) {
        auto mode = one_text(connection, "PRAGMA journal_mode=WAL");
        if (mode && *mode == "wal") return {};
        if (mode)
            return fail(Code::config, fmt::format("cannot use WAL here, only '{}'", *mode), connection.file,
                        "put the database on a local file system");
        if (mode.error().code != Code::try_again || tries <= 0) return tl::unexpected(mode.error());
        sqlite3_sleep(wal_try_pause_ms);
    }
}

// Tables first, then the mark: another process that creates the file meanwhile sets both in one transaction.
Result<void> check_owner(const Connection& connection, std::int32_t application) {
    auto tables = one_text(connection, "SELECT count(*) FROM sqlite_schema");
    if (!tables) return tl::unexpected(tables.error());
    if (*tables == "0") return {};  // empty: it becomes ours
    auto mark = one_text(connection, "PRAGMA application_id");
    if (!mark) return tl::unexpected(mark.error());
    if (*mark == std::to_string(application)) return {};
    return fail(Code::config, "is another program's database", connection.file, "name a file of its own");
}
}  // namespace

Result<Database> Database::open(const Options& options) {
    if (!options.read_only)
        if (auto made = make_file(options.file); !made) return tl::unexpected(made.error());
    auto connection = std::make_shared<Connection>();
    connection->file = options.file;
    const int access = options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    const int status = sqlite3_open_v2(options.file.c_str(), &connection->handle,
                                       access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    if (status != SQLITE_OK) return connection->error(status);
    sqlite3_busy_timeout(connection->handle, static_cast<int>(options.busy.count()));

    if (auto ours = check_owner(*connection, options.application); !ours) return tl::unexpected(ours.error());
    auto settings = fmt::format(
        "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA journal_size_limit={}", most_wal_bytes);
    if (auto set = connection->script(settings.c_str()); !set) return tl::unexpected(set.error());
    if (!options.read_only)
        if (auto wal = use_wal(*connection, options.busy); !wal) return tl::unexpected(wal.error());
    if (auto current = migrate(*connection, options); !current) return tl::unexpected(current.error());
    return Database(std::move(connection));
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* handle = nullptr;
    if (auto ready = connection_->idle.find(sql); ready != connection_->idle.end()) {
        handle = ready->second;
        connection_->idle.erase(ready);
    } else {
        const int status = sqlite3_prepare_v3(connection_->handle, sql.data(), static_cast<int>(sql.size()),
                                              SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
        if (status != SQLITE_OK) return connection_->error(status);
    }
    return Statement(connection_, handle);
}

Result<Transaction> Database::begin() {
    if (auto begun = run("BEGIN IMMEDIATE"); !begun) return tl::unexpected(begun.error());
    return Transaction(connection_);
}

Result<void> Database::keep(Durability durability) {
    if (durability == connection_->durability) return {};
    const bool disk = durability == Durability::disk;
    auto set = connection_->script(disk ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
    if (set) connection_->durability = durability;
    return set;
}

std::int64_t Database::last_id() const {
    return sqlite3_last_insert_rowid(connection_->handle);
}

std::int64_t Database::changed() const {
    return sqlite3_changes64(connection_->handle);
}

Result<int> Database::version() {
    return schema_version(*connection_);
}

Result<void> Database::verify() {
    auto found = one_text(*connection_, "PRAGMA quick_check(1)");
    if (!found) return tl::unexpected(found.error());
    if (*found == "ok") return {};
    return connection_->error(SQLITE_CORRUPT);
}

const std::string& Database::file() const {
    return connection_->file;
}

Transaction::~Transaction() {
    // SQLite rolls back by itself after some disk errors: then there is nothing to undo
    if (connection_ != nullptr && sqlite3_get_autocommit(connection_->handle) == 0)
        static_cast<void>(connection_->script("ROLLBACK"));
}

Result<void> Transaction::commit() {
    auto done = connection_->script("COMMIT");
    if (done) connection_.reset();
    return done;
}

}  // namespace pbx::store
