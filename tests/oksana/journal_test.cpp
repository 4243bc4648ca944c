#include "oksana/journal.hpp"

#include "oksana/journal_writer.hpp"
#include "support/temp_folder.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::oksana;
using namespace std::chrono_literals;

namespace {
const WallTime noon = std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 12h;

CallStart start(const std::string& id, WallTime at = noon) {
    return {.id = id,
            .uniqueid = "pbx-1700000000.17",
            .dialog = "secretary",
            .language = "ru",
            .caller = "79161234567",
            .callername = "Иван",
            .called = "100",
            .started = at};
}

CallEnd finished() {
    return {
        .ended = noon + 42s,
        .outcome = "transferred",
        .detail = "to 105",
        .transfer = "105",
        .recording = "/var/spool/x.wav",
        .counters = {.questions = 3, .not_understood = 1, .silences = 2, .confirmed = 1, .interrupted = 4}};
}

const Turn heard{.at = 1500ms,
                 .kind = TurnKind::heard,
                 .text = "соедините с ивановой",
                 .step = "hello",
                 .verdict = "sure",
                 .score = 0.875,
                 .latency = 320ms};
}  // namespace

TEST_CASE("journal: a call comes back as it was written") {
    test::TempFolder folder;
    JournalWriter writer(folder / "oksana.db");
    writer.begin(start("a"));
    writer.turn("a", {.at = 20ms, .kind = TurnKind::said, .text = "Здравствуйте!", .step = "hello"});
    writer.turn("a", heard);
    writer.end("a", finished());
    REQUIRE(writer.flush());

    auto database = open_database(folder / "oksana.db", true);
    REQUIRE(database);
    auto call = find_call(*database, "a").value();
    REQUIRE(call);
    CHECK(call->start.callername == "Иван");
    CHECK(call->start.started == noon);
    REQUIRE(call->end);
    CHECK(call->end->ended == noon + 42s);
    CHECK((call->end->outcome == "transferred" && call->end->detail == "to 105" &&
           call->end->transfer == "105"));
    CHECK((call->end->counters.interrupted == 4 && call->end->counters.not_understood == 1));
    auto turns = list_turns(*database, "a").value();
    REQUIRE(turns.size() == 2);
    CHECK((turns[0].kind == TurnKind::said && !turns[0].score && !turns[0].latency));
    CHECK((turns[1].text == heard.text && turns[1].verdict == "sure" && turns[1].score == 0.875));
    CHECK((turns[1].latency == 320ms && turns[1].at == 1500ms && turns[1].step == "hello"));
}

TEST_CASE("journal: a call without an end keeps the turns it had") {
    test::TempFolder folder;
    JournalWriter writer(folder / "oksana.db");
    writer.begin(start("a"));
    for (int n = 0; n < 500; ++n)
        writer.turn("a", {.kind = TurnKind::remark, .text = std::to_string(n)});
    REQUIRE(writer.flush());
    auto database = open_database(folder / "oksana.db", true);
    REQUIRE(database);
    CHECK_FALSE(find_call(*database, "a").value()->end);
    auto turns = list_turns(*database, "a").value();
    REQUIRE(turns.size() == 500);
    for (std::size_t n = 0; n < turns.size(); ++n)
        CHECK(turns[n].text == std::to_string(n));
}

TEST_CASE("journal: every kind of turn has a name of its own") {
    for (auto kind : {TurnKind::said, TurnKind::heard, TurnKind::key, TurnKind::silence, TurnKind::hangup,
                      TurnKind::step, TurnKind::remark, TurnKind::timing})
        CHECK(turn_kind_named(name_of(kind)) == kind);
    CHECK_FALSE(turn_kind_named("nonsense"));
}

TEST_CASE("journal: calls are listed newest first and by what is asked for") {
    test::TempFolder folder;
    auto database = open_database(folder / "oksana.db");
    REQUIRE(database);
    for (int n = 0; n < 5; ++n)
        REQUIRE(begin_call(*database, start("c" + std::to_string(n), noon + n * 1h)));
    REQUIRE(end_call(*database, "c3", finished(), 7));
    CHECK(list_calls(*database, {.most = 2}).value().front().start.id == "c4");
    CHECK(list_calls(*database, {.most = 2}).value().size() == 2);
    auto ended = list_calls(*database, {.outcome = "transferred"}).value();
    REQUIRE(ended.size() == 1);
    CHECK((ended[0].start.id == "c3" && ended[0].lost_turns == 7));
    CHECK(list_calls(*database, {.since = noon + 1h, .until = noon + 3h}).value().size() == 2);
    CHECK(list_calls(*database, {.dialog = "taxi"}).value().empty());
    CHECK(list_calls(*database, {.caller = "79161234567"}).value().size() == 5);
    CHECK_FALSE(find_call(*database, "none").value());
}

TEST_CASE("journal: forgotten calls take their turns along, orders stay") {
    test::TempFolder folder;
    auto database = open_database(folder / "oksana.db");
    REQUIRE(database);
    for (const char* id : {"old", "new"}) {
        REQUIRE(begin_call(*database, start(id, id == std::string("old") ? noon : noon + 24h)));
        REQUIRE(add_turn(*database, id, 0, heard));
    }
    REQUIRE(save_order(*database,
                       {.key = "old/1", .call = "old", .table = "orders", .fields = {}, .saved = noon}));
    CHECK(forget_calls(*database, noon + 1h).value() == 1);
    CHECK(list_turns(*database, "old").value().empty());
    CHECK(list_turns(*database, "new").value().size() == 1);
    CHECK(list_orders(*database, {.table = "orders"}).value().size() == 1);
}

TEST_CASE("journal: a run's id is unique for each start and can name a file") {
    CHECK(run_id("pbx-1.5", noon) != run_id("pbx-1.5", noon + 1ms));
    auto id = run_id("../a b\n", noon);
    CHECK(id.substr(0, 7) == ".._a_b_");
    CHECK(id.find_first_of("/\n ") == std::string::npos);
}

TEST_CASE("journal: a writer without a place to write reports it and loses nothing while it can wait") {
    test::TempFolder folder;
    auto blocker = folder / "not-a-folder";
    std::FILE* file = std::fopen(blocker.c_str(), "w");
    REQUIRE(file != nullptr);
    std::fclose(file);
    JournalWriter writer(blocker + "/oksana.db");
    writer.begin(start("a"));
    writer.turn("a", heard);
    auto saved = writer.save({.key = "a/1", .call = "a", .table = "orders", .fields = {}, .saved = noon});
    REQUIRE_FALSE(saved);
    CHECK(saved.error().hint.find("chown") != std::string::npos);
    CHECK_FALSE(writer.flush(10ms));
    CHECK(writer.lost() == 0);

    REQUIRE(std::remove(blocker.c_str()) == 0);  // now the folder can be made
    REQUIRE(writer.flush(20s));
    auto database = open_database(blocker + "/oksana.db", true);
    REQUIRE(database);
    CHECK(list_turns(*database, "a").value().size() == 1);
    CHECK(list_orders(*database, {}).value().empty());  // its caller was told no
}

TEST_CASE("journal: an entry that can never be written does not hold up the others") {
    test::TempFolder folder;
    JournalWriter writer(folder / "oksana.db");
    writer.turn("never begun", heard);
    writer.begin(start("a"));
    writer.turn("a", heard);
    auto saved = writer.save({.key = "a/1", .call = "a", .table = "No Table", .fields = {}, .saved = noon});
    REQUIRE_FALSE(saved);
    CHECK(saved.error().code == Code::data);
    REQUIRE(writer.flush());
    CHECK(writer.lost() == 1);
    auto database = open_database(folder / "oksana.db", true);
    REQUIRE(database);
    CHECK(list_turns(*database, "a").value().size() == 1);
}

TEST_CASE("journal: a locked file holds up a save only as long as it says, and a later one finds it once") {
    test::TempFolder folder;
    const Order order{.key = "a/1", .call = "a", .table = "orders", .fields = {{"to", "Дом"}}, .saved = noon};
    JournalWriter writer(folder / "oksana.db");
    auto other = open_database(folder / "oksana.db");
    REQUIRE(other);
    auto held = other->begin();
    REQUIRE(held);
    auto saved = writer.save(order, {}, 30ms);
    REQUIRE_FALSE(saved);
    CHECK(saved.error().code == Code::try_again);
    REQUIRE(held->commit());
    REQUIRE(writer.save(order, {}, 20s));
    CHECK(list_orders(*other, {.table = "orders"}).value().size() == 1);
}
