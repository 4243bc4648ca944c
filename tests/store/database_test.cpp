#include "store/database.hpp"

#include "support/temp_folder.hpp"

#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::store;

namespace {
constexpr std::array<Migration, 3> three{{
    {1, "CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"},
    {2, "ALTER TABLE notes ADD COLUMN score REAL"},
    {3,
     "CREATE TABLE marks(note INTEGER NOT NULL REFERENCES notes(id), mark TEXT UNIQUE) STRICT;"
     "INSERT INTO notes(text) VALUES('from version 3')"},
}};

Options options(const std::string& file, std::size_t versions = 3) {
    return {.file = file, .schema = std::span(three).first(versions), .application = 77};
}

std::int64_t count(Database& database, std::string_view sql) {
    auto statement = database.prepare(sql);
    REQUIRE(statement);
    REQUIRE(statement->step().value());
    return statement->integer(0);
}

void write(const std::string& file, std::string_view bytes, std::ios::openmode mode = std::ios::trunc) {
    std::ofstream(file, std::ios::binary | mode) << bytes;
}
}  // namespace

TEST_CASE("store: a new file gets its folder, mode 0640 and the whole schema") {
    test::TempFolder folder;
    auto database = Database::open(options(folder / "a/b/x.db"));
    REQUIRE(database);
    CHECK(database->version().value() == 3);
    CHECK(count(*database, "SELECT count(*) FROM notes") == 1);
    struct stat info {};
    for (const char* suffix : {"", "-wal", "-shm"}) {
        REQUIRE(stat((folder / "a/b/x.db" + suffix).c_str(), &info) == 0);
        CHECK((info.st_mode & 07777) == 0640);
    }
    REQUIRE(stat((folder / "a/b").c_str(), &info) == 0);
    CHECK((info.st_mode & 07777) == 0750);
    CHECK(std::distance(std::filesystem::directory_iterator(folder / "a/b"), {}) == 3);  // nothing left aside
}

TEST_CASE("store: values come back as they were bound, text with any byte too") {
    test::TempFolder folder;
    auto database = Database::open(options(folder / "x.db"));
    REQUIRE(database);
    const std::string odd("a'; DROP TABLE notes;--\0б", 25);
    REQUIRE(
        database->run("INSERT INTO notes(id,text,score) VALUES(?,?,?)", std::int64_t{1} << 62, odd, 0.25));
    REQUIRE(database->run("INSERT INTO notes(id,text,score) VALUES(?,?,?)", 7, "", std::optional<double>()));
    auto rows = database->prepare("SELECT id,text,score FROM notes WHERE id IN (?,?) ORDER BY id");
    REQUIRE(rows);
    REQUIRE(rows->bind(7, std::int64_t{1} << 62));
    REQUIRE(rows->step().value());
    CHECK((rows->text(1).empty() && !rows->is_null(1) && rows->is_null(2)));
    REQUIRE(rows->step().value());
    CHECK((rows->integer(0) == std::int64_t{1} << 62 && rows->text(1) == odd && rows->real(2) == 0.25));
    CHECK_FALSE(rows->step().value());
}

TEST_CASE("store: a transaction that is not committed leaves nothing") {
    test::TempFolder folder;
    auto database = Database::open(options(folder / "x.db"));
    REQUIRE(database);
    {
        auto transaction = database->begin();
        REQUIRE(transaction);
        REQUIRE(database->run("INSERT INTO notes(text) VALUES('gone')"));
    }
    CHECK(count(*database, "SELECT count(*) FROM notes") == 1);
    auto transaction = database->begin();
    REQUIRE(transaction);
    REQUIRE(database->run("INSERT INTO notes(text) VALUES('kept')"));
    REQUIRE(transaction->commit());
    CHECK(count(*database, "SELECT count(*) FROM notes") == 2);
}

TEST_CASE("store: foreign keys are in force") {
    test::TempFolder folder;
    auto database = Database::open(options(folder / "x.db"));
    REQUIRE(database);
    auto orphan = database->run("INSERT INTO marks(note,mark) VALUES(99,'x')");
    REQUIRE_FALSE(orphan);
    CHECK(orphan.error().code == Code::data);
}

TEST_CASE("store: a file of every older version is brought up to date and keeps its rows") {
    for (std::size_t from : {1U, 2U}) {
        test::TempFolder folder;
        {
            auto old = Database::open(options(folder / "x.db", from));
            REQUIRE(old);
            REQUIRE(old->run("INSERT INTO notes(text) VALUES('old')"));
        }
        auto database = Database::open(options(folder / "x.db"));
        REQUIRE(database);
        CHECK(database->version().value() == 3);
        CHECK(count(*database, "SELECT count(*) FROM notes WHERE text='old'") == 1);
        CHECK(count(*database, "SELECT count(*) FROM notes") == 2);
    }
}

TEST_CASE("store: a newer schema is refused and the file left alone") {
    test::TempFolder folder;
    REQUIRE(Database::open(options(folder / "x.db")));
    auto older = Database::open(options(folder / "x.db", 2));
    REQUIRE_FALSE(older);
    CHECK(older.error().code == Code::config);
    CHECK(older.error().text() ==
          folder / "x.db" + ": schema 3 is newer than the 2 this pbxctl knows; upgrade pbxctl here too");
    CHECK(Database::open(options(folder / "x.db"))->version().value() == 3);
}

TEST_CASE("store: a migration that fails leaves the version before it") {
    test::TempFolder folder;
    constexpr std::array<Migration, 2> bad{
        {three[0], {2, "CREATE TABLE half(x); CREATE TABLE notes(again)"}}};
    auto broken = Database::open({.file = folder / "x.db", .schema = bad, .application = 77});
    REQUIRE_FALSE(broken);
    CHECK(broken.error().where.find("migration 2") != std::string::npos);
    auto database = Database::open(options(folder / "x.db", 1));
    REQUIRE(database);
    CHECK(count(*database, "SELECT count(*) FROM sqlite_schema WHERE name='half'") == 0);
}

TEST_CASE("store: another program's database is refused") {
    test::TempFolder folder;
    {
        auto foreign = Database::open({.file = folder / "x.db", .schema = {}, .application = 5});
        REQUIRE(foreign);
        REQUIRE(foreign->run("CREATE TABLE astdb(key, value)"));
    }
    auto ours = Database::open(options(folder / "x.db"));
    REQUIRE_FALSE(ours);
    CHECK(ours.error().code == Code::config);
}

TEST_CASE("store: a file that is no database says so") {
    test::TempFolder folder;
    write(folder / "x.db", std::string(8192, 'x'));
    auto database = Database::open(options(folder / "x.db"));
    REQUIRE_FALSE(database);
    CHECK(database.error().code == Code::data);
    CHECK(database.error().hint.find(".recover") != std::string::npos);
}

TEST_CASE("store: damage inside a file is found by verify") {
    test::TempFolder folder;
    {
        auto database = Database::open(options(folder / "x.db"));
        REQUIRE(database);
        for (int i = 0; i < 200; ++i)
            REQUIRE(database->run("INSERT INTO notes(text) VALUES(?)", std::string(500, 'n')));
        CHECK(database->verify());
    }
    std::fstream file(folder / "x.db", std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(5 * 4096);
    file << std::string(3 * 4096, '\x55');
    file.close();
    auto database = Database::open(options(folder / "x.db"));
    auto verified = database ? database->verify() : tl::unexpected(database.error());
    REQUIRE_FALSE(verified);
    CHECK(verified.error().code == Code::data);
}

TEST_CASE("store: a lock held by another is waited for no longer than asked") {
    test::TempFolder folder;
    auto first = Database::open(options(folder / "x.db"));
    REQUIRE(first);
    auto held = first->begin();
    REQUIRE(held);
    auto impatient = options(folder / "x.db");
    impatient.busy = std::chrono::milliseconds(20);
    auto second = Database::open(impatient);  // opening needs no write lock
    REQUIRE(second);
    auto refused = second->begin();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::try_again);
    CHECK(count(*second, "SELECT count(*) FROM notes") == 1);  // readers are not held up
    REQUIRE(held->commit());
    CHECK(second->begin());
}

TEST_CASE("store: a disk that takes no more is an error, and what was committed stays") {
    test::TempFolder folder;
    auto database = Database::open(options(folder / "x.db"));
    REQUIRE(database);
    REQUIRE(database->run("INSERT INTO notes(text) VALUES('before')"));

    rlimit old{};
    getrlimit(RLIMIT_FSIZE, &old);
    auto* old_handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit small{200 * 1024, old.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    Result<void> done;
    int kept = 0;
    for (; done && kept < 100; ++kept)
        done = database->run("INSERT INTO notes(text) VALUES(?)", std::string(10'000, 'n'));
    setrlimit(RLIMIT_FSIZE, &old);
    std::signal(SIGXFSZ, old_handler);

    REQUIRE_FALSE(done);
    CHECK(done.error().code == Code::write_failed);
    auto again = Database::open(options(folder / "x.db"));
    REQUIRE(again);
    CHECK(count(*again, "SELECT count(*) FROM notes WHERE text='before'") == 1);
    CHECK(count(*again, "SELECT count(*) FROM notes") == 2 + kept - 1);
    CHECK(again->run("INSERT INTO notes(text) VALUES('after')"));
}

TEST_CASE("store: a folder that cannot be written is refused with what to do") {
    test::TempFolder folder;
    write(folder / "file", "x");
    auto database = Database::open(options(folder / "file/x.db"));
    REQUIRE_FALSE(database);
    CHECK(database.error().hint.find("chown") != std::string::npos);
}

TEST_CASE("store: read-only neither creates nor changes") {
    test::TempFolder folder;
    auto wanted = options(folder / "x.db");
    wanted.read_only = true;
    auto none = Database::open(wanted);
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Code::no_input);
    CHECK_FALSE(std::filesystem::exists(folder / "x.db"));
    auto writer = Database::open(options(folder / "x.db"));
    REQUIRE(writer);
    auto reader = Database::open(wanted);
    REQUIRE(reader);
    CHECK(count(*reader, "SELECT count(*) FROM notes") == 1);
    auto refused = reader->run("INSERT INTO notes(text) VALUES('x')");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::refused);
}

TEST_CASE("store: a prepared statement can be used twice at once and again later") {
    test::TempFolder folder;
    auto database = Database::open(options(folder / "x.db"));
    REQUIRE(database);
    for (int round = 0; round < 3; ++round) {
        auto first = database->prepare("SELECT ?");
        auto second = database->prepare("SELECT ?");
        REQUIRE((first && second && first->bind(1) && second->bind(2)));
        REQUIRE((first->step().value() && second->step().value()));
        CHECK((first->integer(0) == 1 && second->integer(0) == 2));
    }
    CHECK_FALSE(database->prepare("SELECT nonsense FROM nowhere"));
}
