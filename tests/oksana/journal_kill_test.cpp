// What survives kill -9, and many calls at once: the promise behind "accepted".
#include "oksana/journal.hpp"
#include "oksana/journal_writer.hpp"
#include "support/temp_folder.hpp"

#include <csignal>
#include <cstdint>
#include <random>
#include <set>
#include <vector>

#include <catch2/catch.hpp>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::oksana;
using namespace std::chrono_literals;

namespace {
constexpr int kills = 50;
constexpr std::int64_t endless = 1'000'000;
const WallTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

Order order(const std::string& run, std::int64_t n) {
    return {.key = order_key(run, n),
            .call = run,
            .dialog = "taxi",
            .step = "confirmed",
            .table = "orders",
            .fields = {{"n", std::to_string(n)}},
            .saved = noon};
}

// A call that saves without end; each number goes to the pipe once save() has answered.
[[noreturn]] void call(const std::string& file, const std::string& run, std::int64_t first,
                       std::int64_t count, int pipe) {
    JournalWriter writer(file);
    writer.begin({.id = run, .dialog = "taxi", .started = noon});
    for (std::int64_t n = first; n < first + count; ++n) {
        writer.turn(run, {.kind = TurnKind::step, .text = std::to_string(n)});
        const Message note{
            .key = message_key(run, n), .kind = "exec", .target = "x", .text = "t", .created = noon};
        auto saved = writer.save(order(run, n), {note}, 30s);
        if (!saved || write(pipe, &n, sizeof n) != sizeof n) _exit(1);
    }
    const bool closed = writer.close(30s).has_value();
    _exit(closed ? 0 : 2);
}

std::vector<std::int64_t> read_all(int pipe) {
    std::vector<std::int64_t> numbers;
    std::int64_t n = 0;
    while (read(pipe, &n, sizeof n) == sizeof n)
        numbers.push_back(n);
    return numbers;
}

std::multiset<std::string> saved_keys(const std::string& file, const std::string& run) {
    auto database = open_database(file);
    REQUIRE(database);
    std::multiset<std::string> keys;
    const auto rows = list_orders(*database, {.table = "orders", .call = run, .most = endless}).value();
    for (const auto& row : rows)
        keys.insert(row.order.key);
    return keys;
}

std::size_t notes_in(const std::string& file) {
    auto database = open_database(file);
    REQUIRE(database);
    return Outbox(*database, {}).list(std::nullopt, endless).value().size();
}
}  // namespace

TEST_CASE(
    "journal: kill -9 at 50 random instants loses no acknowledged row and doubles none, retries included") {
    test::TempFolder folder;
    const auto file = folder / "oksana.db";
    std::mt19937 random(20261122);
    std::size_t acknowledged = 0, turns = 0;
    for (int kill_number = 0; kill_number < kills; ++kill_number) {
        const auto run = "run-" + std::to_string(kill_number);
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        const pid_t child = fork();
        REQUIRE(child >= 0);
        if (child == 0) call(file, run, 1, endless, ends[1]);
        close(ends[1]);
        // the instant: some acknowledgements in, then a part of one save's time
        std::int64_t first = 0;
        const auto before = std::uniform_int_distribution(0, 12)(random);
        std::vector<std::int64_t> seen;
        for (int n = 0; n < before && read(ends[0], &first, sizeof first) == sizeof first; ++n)
            seen.push_back(first);
        usleep(std::uniform_int_distribution<useconds_t>(0, 3000)(random));
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        for (auto n : read_all(ends[0]))
            seen.push_back(n);
        close(ends[0]);

        const auto keys = saved_keys(file, run);
        for (auto n : seen)
            CHECK(keys.count(order_key(run, n)) == 1);
        for (const auto& key : keys)
            CHECK(keys.count(key) == 1);
        CHECK(keys.size() <= seen.size() + 1);  // at most the one whose answer was cut off

        // the same number again, as after an answer that never came: still one row
        JournalWriter retry(file);
        const auto last = static_cast<std::int64_t>(seen.size());
        for (auto n = std::max<std::int64_t>(last, 1); n <= last + 1; ++n)
            REQUIRE(retry.save(order(run, n)));
        REQUIRE(retry.close());
        CHECK(saved_keys(file, run).size() == seen.size() + 1);
        acknowledged += seen.size();
        auto database = open_database(file);
        const auto left = list_turns(database.value(), run).value();
        CHECK(left.size() >= seen.size());  // each turn was given before its save
        turns += left.size();
    }
    CHECK(acknowledged > 100);
    CHECK(turns >= acknowledged);
    CHECK(notes_in(file) >= acknowledged);
    CHECK(open_database(file).value().verify());
}

TEST_CASE("journal: 50 calls in processes of their own at once lose nothing") {
    constexpr int calls = 50;
    constexpr std::int64_t orders_each = 5;
    test::TempFolder folder;
    const auto file = folder / "oksana.db";
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    std::vector<pid_t> children;
    for (int n = 0; n < calls; ++n) {
        children.push_back(fork());
        REQUIRE(children.back() >= 0);
        if (children.back() == 0) call(file, "run-" + std::to_string(n), 1, orders_each, ends[1]);
    }
    close(ends[1]);
    for (pid_t child : children) {
        int status = 0;
        waitpid(child, &status, 0);
        CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
    }
    CHECK(read_all(ends[0]).size() == calls * orders_each);
    close(ends[0]);
    for (int n = 0; n < calls; ++n)
        CHECK(saved_keys(file, "run-" + std::to_string(n)).size() == orders_each);
    CHECK(notes_in(file) == calls * orders_each);
    auto database = open_database(file);
    for (int n = 0; n < calls; ++n)
        CHECK(list_turns(database.value(), "run-" + std::to_string(n)).value().size() == orders_each);
}

TEST_CASE("journal: a thousand calls in one process keep their turns apart and in order") {
    test::TempFolder folder;
    JournalWriter writer(folder / "oksana.db");
    constexpr int calls = 1000, turns = 5;
    for (int n = 0; n < calls; ++n)
        writer.begin({.id = std::to_string(n), .started = noon});
    for (int turn = 0; turn < turns; ++turn)
        for (int n = 0; n < calls; ++n)
            writer.turn(std::to_string(n), {.kind = TurnKind::said, .text = std::to_string(turn)});
    for (int n = 0; n < calls; ++n)
        writer.end(std::to_string(n), {.ended = noon, .outcome = "finished"});
    REQUIRE(writer.close(30s));
    CHECK(writer.lost() == 0);
    auto database = open_database(folder / "oksana.db", true);
    REQUIRE(database);
    CHECK(list_calls(*database, {.outcome = "finished", .most = endless}).value().size() == calls);
    for (int n = 0; n < calls; n += 97) {
        const auto rows = list_turns(*database, std::to_string(n)).value();
        REQUIRE(rows.size() == turns);
        for (int turn = 0; turn < turns; ++turn)
            CHECK(rows[static_cast<std::size_t>(turn)].text == std::to_string(turn));
    }
}
