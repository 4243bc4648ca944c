#include "store/connection.hpp"
#include "store/database.hpp"

#include <utility>

#include <sqlite3.h>

namespace pbx::store {

Statement::Statement(std::shared_ptr<Connection> connection, sqlite3_stmt* handle)
    : connection_(std::move(connection)), handle_(handle) {}

Statement::Statement(Statement&& other) noexcept
    : connection_(std::move(other.connection_)), handle_(std::exchange(other.handle_, nullptr)) {}

Statement::~Statement() {
    if (handle_ != nullptr) connection_->put_back(handle_);
}

Result<void> Statement::checked(int status) const {
    if (status == SQLITE_OK) return {};
    return connection_->error(status);
}

Result<void> Statement::put(int at, std::int64_t value) {
    return checked(sqlite3_bind_int64(handle_, at, value));
}

Result<void> Statement::put(int at, double value) {
    return checked(sqlite3_bind_double(handle_, at, value));
}

Result<void> Statement::put(int at, std::string_view value) {
    // an empty view may hold a null pointer, which SQLite would read as NULL
    const char* bytes = value.empty() ? "" : value.data();
    return checked(sqlite3_bind_text64(handle_, at, bytes, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

Result<void> Statement::put(int at, std::nullopt_t) {
    return checked(sqlite3_bind_null(handle_, at));
}

Result<bool> Statement::step() {
    const int status = sqlite3_step(handle_);
    if (status == SQLITE_ROW) return true;
    if (status == SQLITE_DONE) return false;
    auto error = connection_->error(status);
    sqlite3_reset(handle_);
    return error;
}

Result<void> Statement::run() {
    for (;;) {
        auto row = step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return {};
    }
}

void Statement::rewind() {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(handle_, column);
}

double Statement::real(int column) const {
    return sqlite3_column_double(handle_, column);
}

std::string Statement::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
    if (bytes == nullptr) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

}  // namespace pbx::store
