// What others show of a server that is gone, says goodbye, or comes by cron.
#include "shapes.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace pbx::devstate;
using namespace pbx::devstate::shapes;
using world::wrong_lamps;

TEST_CASE("that an item is gone is said even while its server is dark") {
    World w(37);
    build(w, 2, Shape::mesh, 10);
    w.kill(1);
    w.run(2s);
    REQUIRE(wrong_lamps(w) == "");
    w.servers[1].truth.erase("104");
    std::vector<Show> said;
    w.on_show = [&said](std::size_t who, const Show& show) {
        if (who == 0) said.push_back(show);
    };
    w.boot(1, 1ms);
    w.run(1s);
    CHECK(said.size() == 10);
    CHECK(std::count_if(said.begin(), said.end(), [](const Show& show) {
              return show.dark && show.item.gone && show.item.name == "104";
          }) == 1);
}

TEST_CASE("a server that said goodbye is seen as long as it has lamps to show dark") {
    World w(31);
    for (const auto* name : {"pbxa", "pbxb", "pbxc"})
        w.add(name);
    fill(w, 1, 3);
    for (std::size_t who = 0; who < 3; ++who)
        w.start(who);
    w.connect(0, 1);
    w.connect(0, 2);
    w.run(1s);
    CHECK(w.servers[0].hub->servers().size() == 2);
    for (const std::size_t who : {1, 2})
        w.give(who, Leaving{});
    w.run(1s);
    const auto seen = w.servers[0].hub->servers();
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].server == "pbxb");
    CHECK(seen[0].dark);
}

TEST_CASE("lamps of a server that comes by cron stay when it has gone, and are right when it comes again") {
    World w(29);
    w.add("pbxa");
    w.add("pbxb");
    w.servers[1].stays = true;
    fill(w, 1, 10);
    w.start(0);
    w.start(1);
    w.connect(0, 1);
    w.run(1s);
    const auto before = w.servers[0].lamps["pbxb"];
    CHECK(before.size() == 10);
    w.kill(1);
    w.run(60s);
    CHECK(w.servers[0].lamps["pbxb"] == before);
    w.servers[1].truth["103"] = State::onhold;
    w.servers[1].truth.erase("104");
    w.start(1);
    w.raise(0);
    w.run(1s);
    CHECK(wrong_lamps(w) == "");
}
