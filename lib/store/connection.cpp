#include "store/connection.hpp"

#include <sqlite3.h>

namespace pbx::store {

Connection::~Connection() {
    for (auto& [text, statement] : idle)
        sqlite3_finalize(statement);
    sqlite3_close_v2(handle);
}

void Connection::put_back(sqlite3_stmt* statement) {
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    const char* text = sqlite3_sql(statement);
    if (text == nullptr || idle.size() >= most_idle_statements || !idle.emplace(text, statement).second)
        sqlite3_finalize(statement);
}

Result<void> Connection::script(const char* sql) const {
    const int status = sqlite3_exec(handle, sql, nullptr, nullptr, nullptr);
    if (status == SQLITE_OK) return {};
    return error(status);
}

Unexpected Connection::error(int status) const {
    // sqlite.org/rescode.html; the low byte is the primary code
    switch (status & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return fail(Code::try_again, "database is locked", file,
                        "see who writes to it: fuser -v " + file);
        case SQLITE_FULL:
            return fail(Code::write_failed, "disk is full", file, "free some space there");
        case SQLITE_IOERR:
            return fail(Code::write_failed, std::string("disk error: ") + sqlite3_errstr(status), file,
                        "check the disk, its free space and quota");
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return fail(Code::data, "database is damaged", file,
                        "stop its writers, then: sqlite3 " + file + " .recover | sqlite3 " + file + ".new");
        case SQLITE_CANTOPEN:
            return fail(Code::no_input, "cannot open database", file,
                        "check that its folder exists and that this user may enter it");
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return fail(Code::refused, "no permission to write", file,
                        "file and folder must belong to the user who runs the calls: chown asterisk");
        case SQLITE_CONSTRAINT:
            return fail(Code::data, handle != nullptr ? sqlite3_errmsg(handle) : "constraint failed", file);
        default:
            return fail(Code::bug, handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(status), file);
    }
}

}  // namespace pbx::store
