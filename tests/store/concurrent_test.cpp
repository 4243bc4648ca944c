// Many processes write one file, as many calls do.
#include "store/database.hpp"
#include "support/temp_folder.hpp"

#include <array>
#include <vector>

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::store;

namespace {
constexpr std::array<Migration, 2> schema{{
    {1, "CREATE TABLE rows(writer INTEGER, n INTEGER, UNIQUE(writer, n)) STRICT"},
    {2, "CREATE TABLE log(text TEXT)"},
}};
constexpr int writers = 50, rows_each = 12;

Options options(const std::string& file) {
    return {.file = file, .schema = schema, .application = 1, .busy = std::chrono::seconds(30)};
}

int write_rows(const std::string& file, int writer) {
    auto database = Database::open(options(file));
    if (!database) return 1;
    for (int n = 0; n < rows_each; ++n)
        if (!database->run("INSERT INTO rows(writer,n) VALUES(?,?)", writer, n)) return 2;
    return 0;
}

std::int64_t rows_in(const std::string& file) {
    auto database = Database::open(options(file));
    REQUIRE(database);
    REQUIRE(database->verify());
    auto rows = database->prepare("SELECT count(*) FROM rows");
    REQUIRE((rows && rows->step().value()));
    return rows->integer(0);
}
}  // namespace

TEST_CASE("store: 50 processes that create, migrate and write one file at once lose nothing") {
    test::TempFolder folder;
    const auto file = folder / "deep/x.db";
    std::vector<pid_t> children;
    for (int writer = 0; writer < writers; ++writer) {
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0) _exit(write_rows(file, writer));
        children.push_back(child);
    }
    for (pid_t child : children) {
        int status = 0;
        REQUIRE(waitpid(child, &status, 0) == child);
        CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    }
    CHECK(rows_in(file) == writers * rows_each);
}
