#include "oksana/journal.hpp"

#include <array>

namespace pbx::oksana {

namespace {
// "OKSA": marks the file as this schema's own
constexpr std::int32_t application = 0x4F4B5341;

// Times are milliseconds since 1970, UTC. `saved` has no foreign key: orders outlive the journal.
constexpr std::array<store::Migration, 1> migrations{{
    {1, R"sql(
CREATE TABLE calls(
  id TEXT PRIMARY KEY NOT NULL, uniqueid TEXT NOT NULL, dialog TEXT NOT NULL, language TEXT NOT NULL,
  caller TEXT NOT NULL, callername TEXT NOT NULL, called TEXT NOT NULL, started INTEGER NOT NULL,
  ended INTEGER, outcome TEXT, detail TEXT, transfer TEXT, recording TEXT,
  questions INTEGER, not_understood INTEGER, silences INTEGER, confirmed INTEGER, interrupted INTEGER,
  lost_turns INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE INDEX calls_started ON calls(started);

CREATE TABLE turns(
  call TEXT NOT NULL REFERENCES calls(id) ON DELETE CASCADE, n INTEGER NOT NULL, at INTEGER NOT NULL,
  kind TEXT NOT NULL, text TEXT NOT NULL, step TEXT NOT NULL, verdict TEXT NOT NULL, score REAL, latency INTEGER,
  PRIMARY KEY(call, n)) STRICT, WITHOUT ROWID;

CREATE TABLE saved(
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, call TEXT NOT NULL, dialog TEXT NOT NULL,
  step TEXT NOT NULL, table_name TEXT NOT NULL, saved INTEGER NOT NULL, fields TEXT NOT NULL) STRICT;
CREATE INDEX saved_by_table ON saved(table_name, id);
CREATE INDEX saved_by_call ON saved(call);
CREATE TABLE saved_fields(
  n INTEGER PRIMARY KEY, table_name TEXT NOT NULL, name TEXT NOT NULL, UNIQUE(table_name, name)) STRICT;

CREATE TABLE outbox(
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT UNIQUE, call TEXT NOT NULL, kind TEXT NOT NULL,
  target TEXT NOT NULL, text TEXT NOT NULL, created INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting', due INTEGER NOT NULL, since INTEGER NOT NULL, lease INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0, tries INTEGER NOT NULL DEFAULT 0,
  maybe_sent INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '') STRICT;
CREATE INDEX outbox_due ON outbox(due, id) WHERE state IN ('waiting', 'sending');
CREATE INDEX outbox_target ON outbox(kind, target, id) WHERE state IN ('waiting', 'sending');
)sql"},
}};
}  // namespace

std::span<const store::Migration> schema() {
    return migrations;
}

Result<store::Database> open_database(const std::string& file, bool read_only) {
    return store::Database::open(
        {.file = file, .schema = schema(), .application = application, .read_only = read_only});
}

}  // namespace pbx::oksana
