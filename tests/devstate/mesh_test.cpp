// Hubs against a model of what every lamp should show, in made-up worlds of all shapes.
#include "shapes.hpp"

#include <algorithm>
#include <set>

#include <catch2/catch.hpp>

using namespace pbx::devstate;
using namespace pbx::devstate::shapes;
using world::World;
using world::wrong_lamps;
using namespace std::chrono_literals;

namespace {
void count_anew(World& w) {
    for (auto& server : w.servers)
        server.shows = server.frames_out = 0;
}

std::uint64_t shows(const World& w) {
    std::uint64_t out = 0;
    for (const auto& server : w.servers)
        out += server.shows;
    return out;
}

std::uint64_t frames(const World& w) {
    std::uint64_t out = 0;
    for (const auto& server : w.servers)
        out += server.frames_out;
    return out;
}

std::uint64_t echoes(const World& w) {
    std::uint64_t out = 0;
    for (const auto& server : w.servers)
        out += server.hub->counts().echoes;
    return out;
}

}  // namespace

TEST_CASE("lamps are right in a mesh, a chain, a ring and a star, also 16 servers long") {
    for (const auto shape : {Shape::mesh, Shape::chain, Shape::ring, Shape::star})
        for (const std::size_t count : {2U, 3U, 5U, 16U}) {
            World w(7);
            w.by_text = true;
            build(w, count, shape, 20);
            INFO(static_cast<int>(shape) << " of " << count);
            CHECK(wrong_lamps(w) == "");
            w.change(0, "100", State::onhold);
            w.change(count - 1, "119", State::busy);
            w.run(1s);
            CHECK(wrong_lamps(w) == "");
            CHECK(w.bad_frames == 0);
        }
}

TEST_CASE("in a full mesh of five and a ring besides, one change is four frames, four writes and no echo") {
    World w(3);
    build(w, 5, Shape::mesh, 50);
    for (std::size_t i = 0; i < 5; ++i)
        w.connect(i, (i + 1) % 5);  // the same servers again, all round
    w.run(3s);
    REQUIRE(wrong_lamps(w) == "");
    count_anew(w);
    const auto before = echoes(w);
    w.change(2, "120", w.servers[2].truth["120"] == State::busy ? State::inuse : State::busy);
    w.run(2s);
    CHECK(shows(w) == 4);
    CHECK(frames(w) == 4);
    CHECK(echoes(w) == before);
    CHECK(echoes(w) == 0);
    CHECK(wrong_lamps(w) == "");
}

TEST_CASE("in any shape one change is one frame to each other server") {
    for (const auto shape : {Shape::chain, Shape::ring, Shape::star}) {
        World w(5);
        build(w, 6, shape, 5);
        count_anew(w);
        w.change(3, "new", State::inuse);
        w.run(2s);
        CHECK(shows(w) == 5);
        CHECK(frames(w) == 5);
        CHECK(echoes(w) == 0);
    }
}

TEST_CASE("a short cut of 10,000 items with 500 changed shows exactly these 500") {
    World w(11);
    build(w, 2, Shape::mesh, 10'000);
    REQUIRE(wrong_lamps(w) == "");
    w.cut(w.links[0], 0us);
    w.run(10ms);
    count_anew(w);
    for (std::size_t i = 0; i < 500; ++i) {
        const auto name = std::to_string(100 + i * 17);
        w.change(0, name, w.servers[0].truth[name] == State::inuse ? State::busy : State::inuse);
    }
    w.run(300ms);
    w.raise(0);
    w.run(2s);
    CHECK(w.servers[1].shows == 500);
    CHECK(w.servers[0].shows == 0);
    CHECK(wrong_lamps(w) == "");
}

TEST_CASE("a relay or an Asterisk that is gone turns its lamps dark after the grace, and they return") {
    World w(13);
    build(w, 3, Shape::mesh, 10);
    SECTION("the relay") {
        w.kill(1);
        w.run(999ms);
        CHECK(w.servers[0].lamps["pbxb"]["100"].has_value());
        w.run(10ms);
        CHECK(wrong_lamps(w) == "");
        w.start(1);
        for (std::size_t i = 0; i < w.links.size(); ++i)
            w.raise(i);
        w.run(500ms);
        CHECK(wrong_lamps(w) == "");
    }
    SECTION("its Asterisk") {
        w.down(1);
        w.run(1100ms);
        CHECK(wrong_lamps(w) == "");
        w.servers[1].truth["103"] = State::onhold;
        w.servers[1].truth.erase("104");
        w.up(1);
        w.run(100ms);
        CHECK(wrong_lamps(w) == "");
    }
    SECTION("one that says goodbye isn't waited for") {
        w.give(1, Leaving{});
        w.run(50ms);
        CHECK_FALSE(w.servers[0].lamps["pbxb"]["100"].has_value());
        CHECK_FALSE(w.servers[2].lamps["pbxb"]["100"].has_value());
    }
    SECTION("a restart within the grace shows only what changed") {
        w.kill(1);
        w.servers[1].truth["103"] = State::unavailable;
        w.servers[1].truth.erase("104");
        w.run(100ms);
        w.start(1);
        for (std::size_t i = 0; i < w.links.size(); ++i)
            w.raise(i);
        count_anew(w);
        w.run(2s);
        CHECK(w.servers[0].shows == 2);
        CHECK(w.servers[2].shows == 2);
        CHECK(wrong_lamps(w) == "");
    }
}

TEST_CASE("a relay that starts knows nothing of its lamps until its first snapshot, and says so") {
    World w(31);
    w.add("pbxa");
    w.add("pbxb");
    w.servers[1].stays = GENERATE(false, true);
    fill(w, 1, 10);
    w.start(0);
    w.start(1);
    w.connect(0, 1);
    w.run(1s);
    w.kill(1);
    w.run(100ms);
    w.servers[1].truth["103"] = State::unavailable;
    count_anew(w);
    w.boot(1, 800ms);
    w.run(700ms);
    CHECK(w.servers[0].shows == 0);
    w.run(1s);
    CHECK(w.servers[0].shows == 1);
    CHECK(wrong_lamps(w) == "");
    SECTION("one whose Asterisk has nothing says that, too") {
        w.kill(1);
        w.servers[1].truth.clear();
        w.boot(1, 1ms);
        w.run(500ms);
        CHECK(w.servers[0].shows == 11);
        CHECK(wrong_lamps(w) == "");
        CHECK(w.servers[0].hub->servers().front().known_up);
    }
}

TEST_CASE("what is left of a server's life before isn't handed on as of its new one") {
    const Moment now{1h};
    Hub hub({.server = "b", .instance = 1000});
    for (const LinkId link : {1U, 2U})
        static_cast<void>(hub.on(LinkUp{.link = link, .server = link == 1 ? "a" : "c"}, now));
    const auto node = [](const char* name, std::uint64_t epoch) {
        return Node{.server = name, .epoch = epoch, .revision = 1, .instance = epoch, .links = {"b"}};
    };
    static_cast<void>(hub.on(Received{1, Nodes{{node("a", 5)}}}, now));
    static_cast<void>(hub.on(Received{2, Nodes{{node("c", 5)}}}, now));
    static_cast<void>(hub.tick(now + 1s));
    const auto handed_on = [&hub] {
        std::vector<Items> out;
        while (auto frame = hub.next(2))
            if (auto* items = std::get_if<Items>(&*frame); items != nullptr && items->origin == "a")
                out.push_back(std::move(*items));
        return out;
    };
    static_cast<void>(handed_on());
    const Numbered lamp{900, {.name = "101", .state = State::inuse}};
    static_cast<void>(hub.on(
        Received{1, Items{.origin = "a", .epoch = 5, .begin = true, .upto = 900, .items = {lamp}}}, now));
    CHECK(handed_on().size() == 1);
    static_cast<void>(hub.on(Received{1, Items{.origin = "a", .epoch = 6, .begin = true}}, now));
    for (const auto& items : handed_on()) {
        CHECK(items.items.empty());
        CHECK_FALSE(items.upto);
    }
    const Numbered fresh{1, {.name = "101", .state = State::busy}};
    static_cast<void>(
        hub.on(Received{1, Items{.origin = "a", .epoch = 6, .upto = 1, .items = {fresh}}}, now));
    const auto last = handed_on();
    REQUIRE(last.size() == 1);
    CHECK(last[0].items == std::vector{fresh});
    CHECK(last[0].upto == 1);
}

TEST_CASE(
    "a server whose clock was set back is told of its life before by whoever remembers it, far away too") {
    World w(67);
    build(w, 3, Shape::star, 5);  // b - a - c
    w.kill(2);
    w.kill(1);
    w.run(2s);
    w.start(1);
    w.raise(0);
    w.run(1s);
    w.instances = 10;
    w.start(2);
    w.connect(1, 2);  // a - b - c, and b never heard of c
    w.run(2s);
    CHECK(wrong_lamps(w) == "");
}

TEST_CASE("a restart of the own Asterisk tells others only what changed") {
    World w(17);
    build(w, 2, Shape::mesh, 1000);
    w.down(0);
    w.run(200ms);
    w.servers[0].truth["107"] = State::unavailable;
    count_anew(w);
    w.up(0);
    w.run(2s);
    CHECK(w.servers[1].shows == 1);
    CHECK(wrong_lamps(w) == "");
}

TEST_CASE(
    "50,000 changes on 1,000 devices with a reader that stalls: the newest value each, in bounded frames") {
    World w(19);
    w.by_text = true;
    build(w, 3, Shape::mesh, 1000);
    w.stall(0, true);
    count_anew(w);
    for (int i = 0; i < 50'000; ++i) {
        w.change(0, std::to_string(100 + w.roll(0, 999)), states[static_cast<std::size_t>(w.roll(0, 4))]);
        if (i % 10 == 0) w.run(1ms);
    }
    w.run(100ms);
    count_anew(w);
    w.stall(0, false);
    w.run(3s);
    CHECK(w.servers[0].frames_out <= 3);  // 1,000 items at most wait, however many changes there were
    CHECK(w.servers[1].shows <= 1000);
    CHECK(w.greatest_frame <= max_frame);
    CHECK(w.bad_frames == 0);
    CHECK(wrong_lamps(w) == "");
}

TEST_CASE("as many items as may be, each with another name, by a snapshot, by churn and by a restart") {
    World w(41);
    w.most_items = 6'000;
    const auto rename = [&w](int by) {
        w.servers[0].truth.clear();
        for (int i = 0; i < 6'000; ++i)
            w.servers[0].truth[std::to_string(10'000 + by + i)] = State::inuse;
    };
    w.add("pbxa");
    w.add("pbxb");
    w.add("pbxc");
    rename(0);
    for (std::size_t i = 0; i < 3; ++i)
        w.start(i);
    w.connect(0, 1);
    w.connect(1, 2);
    w.run(1s);
    REQUIRE(wrong_lamps(w) == "");
    SECTION("a snapshot") {
        rename(10'000);
        w.up(0);
    }
    SECTION("a snapshot, again and again") {
        for (int i = 1; i < 8; ++i) {
            rename(i * 6'000);
            w.up(0);
            w.run(World::Time(w.roll(0, 20'000)));
        }
    }
    SECTION("churn") {
        for (int i = 0; i < 15'000; ++i) {
            w.remove(0, std::to_string(10'000 + i));
            w.change(0, std::to_string(16'000 + i), State::busy);
            if (i % 100 == 0) w.run(1ms);
        }
    }
    SECTION("a restart within the grace") {
        w.kill(0);
        rename(20'000);
        w.boot(0, 100ms);
    }
    w.run(5s);
    CHECK(wrong_lamps(w) == "");
    for (const auto& server : w.servers) {
        CHECK(server.told.empty());
        CHECK(server.hub->counts().nonsense == 0);
    }
    SECTION("one more is told as too much, and taken when there is room") {
        w.change(0, "one more", State::inuse);
        w.change(0, "another", State::inuse);
        w.run(1s);
        CHECK(w.servers[0].told ==
              std::vector<std::string>{"more than 6000 items of our own: one more and others aren't told"});
        CHECK(wrong_lamps(w) == "pbxb shows another of pbxa as dark, it is INUSE");
        w.remove(0, w.servers[0].truth.begin()->first);
        w.remove(0, w.servers[0].truth.begin()->first);
        w.up(0);
        w.run(1s);
        CHECK(wrong_lamps(w) == "");
    }
}

TEST_CASE("of two relays with one name the elder stays, and the other says why it takes no part") {
    World w(23);
    for (const auto* name : {"pbxa", "pbxb", "pbxc", "pbxa"}) {
        const auto i = w.add(name);
        fill(w, i, 5);
        w.start(i);
    }
    w.servers[3].truth = {{"900", State::inuse}};
    w.up(3);
    w.connect(0, 1);
    w.connect(1, 2);
    w.run(1s);
    w.connect(2, 3);  // the other pbxa, by another way
    w.run(5s);
    CHECK(w.servers[3].hub->trouble() == "another relay calls itself pbxa");
    CHECK(w.servers[0].hub->trouble().empty());
    REQUIRE_FALSE(w.servers[3].told.empty());
    CHECK(w.servers[1].lamps["pbxa"]["100"] == w.servers[0].truth["100"]);
    CHECK_FALSE(w.servers[1].lamps["pbxa"]["900"].has_value());
    CHECK_FALSE(w.servers[2].lamps["pbxa"]["900"].has_value());
}

TEST_CASE("after any history of cuts, restarts and changes every lamp is right once it is quiet") {
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
        World w(seed);
        w.clocks_jump = w.roll(0, 2) == 0;
        std::string wrongly_gone;
        w.on_show = [&](std::size_t who, const Show& show) {
            for (const auto& server : w.servers)
                if (server.name == show.origin && show.item.gone && !server.removed.contains(show.item.name))
                    wrongly_gone = w.servers[who].name + " was told that " + show.item.name + " of " +
                                   show.origin + " is gone, which it never was";
        };
        const auto count = static_cast<std::size_t>(w.roll(2, 6));
        for (std::size_t i = 0; i < count; ++i) {
            w.add(named(i));
            fill(w, i, static_cast<std::size_t>(w.roll(0, 12)));
            w.start(i, w.roll(0, 5) != 0);
        }
        for (std::size_t a = 0; a < count; ++a)
            for (std::size_t b = a + 1; b < count; ++b)
                if (b == a + 1 || w.roll(0, 2) == 0) w.connect(a, b);
        const auto events = w.roll(5, 60);
        for (int e = 0; e < events; ++e) {
            const auto who = static_cast<std::size_t>(w.roll(0, static_cast<std::int64_t>(count) - 1));
            const auto which =
                static_cast<std::size_t>(w.roll(0, static_cast<std::int64_t>(w.links.size()) - 1));
            switch (w.roll(0, 11)) {
                case 0:
                    if (w.links[which].up) w.cut(w.links[which], 3s);
                    break;
                case 1:
                    w.raise(which);
                    break;
                case 2:
                    if (w.servers[who].running)
                        w.kill(who);
                    else if (w.roll(0, 2) == 0)
                        w.start(who, w.servers[who].asterisk);
                    else
                        w.boot(who, World::Time(w.roll(0, 1'500'000)));
                    break;
                case 3:
                    w.servers[who].asterisk ? w.down(who) : w.up(who);
                    break;
                case 4:
                    w.stall(which, !w.links[which].stalled);
                    break;
                case 5:
                    w.remove(who, std::to_string(100 + w.roll(0, 15)));
                    break;
                default:
                    w.change(who, std::to_string(100 + w.roll(0, 15)),
                             states[static_cast<std::size_t>(w.roll(0, 4))]);
            }
            w.run(World::Time(w.roll(0, w.roll(0, 1) == 0 ? 20'000 : 1'500'000)));
        }
        for (std::size_t i = 0; i < w.links.size(); ++i)
            w.stall(i, false);
        w.run(3s);  // cuts are noticed
        w.run(5s);  // and then it is quiet
        INFO("history " << seed);
        REQUIRE(wrong_lamps(w) == "");
        REQUIRE(wrongly_gone == "");
        for (std::size_t i = 0; i < count; ++i)
            if (!w.servers[i].running) w.start(i, w.servers[i].asterisk);
        for (std::size_t i = 0; i < w.links.size(); ++i)
            w.raise(i);
        w.run(5s);
        REQUIRE(wrong_lamps(w) == "");
        REQUIRE(wrongly_gone == "");
    }
}
