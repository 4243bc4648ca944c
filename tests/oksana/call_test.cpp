// A whole call by keys against a fake that behaves as res_agi.c: what goes over the line, what is on disk,
// what the dialplan learns. Voices and ears are tested in their room, real Asterisk in tests/lab.
#include "oksana/call.hpp"

#include "agi/call_on_fake.hpp"
#include "audio/wav.hpp"
#include "dialog/load.hpp"
#include "oksana/journal.hpp"
#include "oksana/orders.hpp"
#include "support/temp_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::oksana;

namespace {
constexpr const char* dialog_text = R"([dialog]
language = en
start    = hello
fail     = support
hangup   = lost
tries    = 2
import   = ORDER_ID
[hello]
play    = hello
hear    = sales => order
key     = 1 => order
key     = 9 => to_busy
else    = again
silence = again
[order]
set     = what: flowers
save    = orders: caller, what, ORDER_ID
play    = thanks
hangup
[to_busy]
transfer = 105
context  = caller
busy     => message
noanswer => message
[message]
record  = words, max 10s
save    = messages: words
hangup
[support]
transfer = 200
busy     => message
noanswer => message
[lost]
save    = lost: caller, step
)";

class Scene {
  public:
    using Words = agi::FakeAsterisk::Words;
    // `act` is called on Asterisk's thread with the words of each command: what the caller does then.
    explicit Scene(std::function<void(agi::FakeAsterisk&, const Words&)> act,
                   std::string dial_status = "BUSY") {
        std::filesystem::create_directories(folder / "sounds/en");
        const audio::Samples silence(1600, 0);
        for (const char* name : {"hello", "thanks"}) {
            auto bytes = audio::encode_wav(silence);
            std::ofstream file(folder / ("sounds/en/" + std::string(name) + ".wav"), std::ios::binary);
            file.write(reinterpret_cast<const char*>(bytes.data()),
                       static_cast<std::streamsize>(bytes.size()));
        }
        agi::FakeAsterisk::Ways ways;
        ways.environment =
            "agi_request: pbxctl\nagi_uniqueid: 17.1\nagi_callerid: 441632960083\nagi_context: office\n"
            "agi_enhanced: 0.0\n\n";
        ways.variables = {{"DIALSTATUS", dial_status}, {"ORDER_ID", "4711"}};
        ways.applications = {{"Dial", 0}};
        ways.on_command = [this, act](const Words& words) {
            commands.push_back(words);
            if (line) act(*line->fake, words);
        };
        line = std::make_unique<agi::CallOnFake>(std::move(ways));
    }

    CallResult run() {
        auto loaded = dialog::read(dialog_text, "test.conf");
        REQUIRE(loaded.ok());
        JournalWriter journal(folder / "pbxctl.db");
        net::Pool pool(line->loop, 2);
        SystemClock clock;
        speech::Prompts prompts({.language = "en",
                                 .sounds = {.folders = {folder / "sounds"}},
                                 .cache = {.folder = folder / "cache"},
                                 .voices = {{"", {.engine = "none"}}}});
        CallServices services{
            line->loop, pool, clock, prompts, journal, {}, [](WallTime) { return dialog::Now{}; }};
        auto result = line->loop.run_to_end(run_call(*line->session, nullptr, loaded.dialog, services,
                                                     CallSettings{.recordings = folder / "rec"}));
        REQUIRE(result);
        if (!*result) FAIL(result->error().text());
        line->finish();
        REQUIRE(journal.close());
        return **result;
    }
    std::vector<std::pair<std::string, Fields>> saved() {
        auto database = open_database(folder / "pbxctl.db");
        REQUIRE(database);
        auto rows = list_orders(*database, {});
        REQUIRE(rows);
        std::vector<std::pair<std::string, Fields>> out;
        for (auto& row : *rows)
            out.emplace_back(row.order.table, row.order.fields);
        return out;
    }
    bool sent(const Words& start) const {
        return std::any_of(commands.begin(), commands.end(), [&](const Words& words) {
            return words.size() >= start.size() && std::equal(start.begin(), start.end(), words.begin());
        });
    }

    test::TempFolder folder;
    std::vector<Words> commands;
    std::unique_ptr<agi::CallOnFake> line;
};

bool plays(const Scene::Words& words, std::string_view name) {
    return words.size() > 2 && words[0] == "STREAM" && words[2].ends_with(name);
}
}  // namespace

TEST_CASE("call: a key stops the prompt, the answer is saved before the next word") {
    bool saved_first = false;
    Scene* scene = nullptr;
    Scene made([&](agi::FakeAsterisk& asterisk, const Scene::Words& words) {
        if (plays(words, "/hello")) asterisk.press('1');
        if (plays(words, "/thanks")) {
            saved_first = scene->saved().size() == 1;
            asterisk.end_prompt();
        }
    });
    scene = &made;
    CHECK(made.run().outcome == "finished");
    CHECK(saved_first);
    CHECK(made.saved() ==
          std::vector<std::pair<std::string, Fields>>{
              {"orders", {{"caller", "441632960083"}, {"what", "flowers"}, {"ORDER_ID", "4711"}}}});
    CHECK(made.sent({"SET", "VARIABLE", "PBXCTL_RESULT", "finished"}));
    CHECK(made.sent({"HANGUP"}));
}

TEST_CASE("call: a busy transfer comes back and a message is recorded") {
    Scene scene([](agi::FakeAsterisk& asterisk, const Scene::Words& words) {
        if (plays(words, "/hello")) asterisk.press('9');
        if (words[0] == "EXEC") asterisk.end_prompt();
    });
    CHECK(scene.run().outcome == "finished");
    CHECK(scene.sent({"SET", "VARIABLE", "__caller", "441632960083"}));
    CHECK(scene.sent({"EXEC", "Dial", "Local/105@office,30"}));
    CHECK(scene.sent({"RECORD", "FILE"}));
    REQUIRE(scene.saved().size() == 1);
    CHECK(scene.saved().front().first == "messages");
    CHECK(scene.saved().front().second.front().second.ends_with("-words.wav"));
}

TEST_CASE("call: a caller who hangs up in the prompt leaves what the hangup section saves") {
    Scene scene([](agi::FakeAsterisk& asterisk, const Scene::Words& words) {
        if (plays(words, "/hello")) asterisk.hang_up();
    });
    CHECK(scene.run().outcome == "hungup");
    CHECK(scene.saved() == std::vector<std::pair<std::string, Fields>>{
                               {"lost", {{"caller", "441632960083"}, {"step", "hello"}}}});
    CHECK_FALSE(scene.sent({"HANGUP"}));
    CHECK(scene.sent({"SET", "VARIABLE", "PBXCTL_RESULT", "hungup"}));
}

TEST_CASE("call: an answered transfer ends the dialog") {
    Scene scene(
        [](agi::FakeAsterisk& asterisk, const Scene::Words& words) {
            if (plays(words, "/hello")) asterisk.press('9');
            if (words[0] == "EXEC") asterisk.end_prompt();
        },
        "ANSWER");
    CHECK(scene.run().outcome == "transferred");
    CHECK(scene.saved().empty());
}

TEST_CASE("call: its journal is a transcript") {
    Scene scene([](agi::FakeAsterisk& asterisk, const Scene::Words& words) {
        if (plays(words, "/hello")) asterisk.press('9');
        if (words[0] == "EXEC") asterisk.end_prompt();
    });
    const auto id = scene.run().run;
    auto database = open_database(scene.folder / "pbxctl.db", true);
    REQUIRE(database);
    auto turns = list_turns(*database, id);
    REQUIRE(turns);
    const auto text = transcript("busy", *turns);
    for (const char* line : {"[busy]", "> (key 9)", "= transfer 105 context caller=441632960083", "= busy"}) {
        INFO(text);
        CHECK(text.find(line) != std::string::npos);
    }
    auto call = find_call(*database, id);
    REQUIRE(call);
    REQUIRE(*call);
    REQUIRE((*call)->end);
    CHECK((*call)->end->transfer == "105");
}
