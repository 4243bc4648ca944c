// Hubs and one that lies: who had the token for a while must not spoil what is true when it is gone.
#include "lamps.hpp"

#include <catch2/catch.hpp>

using namespace pbx::devstate;
using namespace std::chrono_literals;
using world::World;
using world::wrong_lamps;

namespace {
constexpr std::uint64_t second = 1'000'000, hour = 3'600 * second, year = 365 * 24 * hour;
constexpr std::uint64_t the_year_2027 = 1'800'000'000 * second;

// pbxa - pbxb - pbxc, and pbxz, which lies, at pbxb: link 2.
void build(World& w, std::uint64_t b_ahead = 0) {
    for (const auto* name : {"pbxa", "pbxb", "pbxc", "pbxz"}) {
        const auto i = w.add(name);
        if (i < 3) w.servers[i].truth = {{"101", State::inuse}, {"102", State::busy}};
        w.instances = the_year_2027 + i * second + (i == 1 ? b_ahead : 0);
        w.start(i, i < 3);
    }
    w.connect(0, 1);
    w.connect(1, 2);
    w.connect(1, 3);
    w.run(1s);
    REQUIRE(wrong_lamps(w) == "");
}

void lie(World& w, std::vector<Node> nodes) {
    w.give(1, Received{w.links[2].id, Nodes{std::move(nodes)}});
}
}  // namespace

TEST_CASE("forged: an epoch from years ahead, or as far ahead as is believed, is gone above") {
    World w(43);
    const std::uint64_t b_ahead = GENERATE(as<std::uint64_t>(), 0, 600 * second);
    build(w, b_ahead);
    const auto ahead = GENERATE(as<std::uint64_t>(), 1, 5, 10, 11, 50);
    for (const auto* victim : {"pbxa", "pbxc"})
        for (const std::uint64_t less : {std::uint64_t(0), 30 * second})
            lie(w, {{.server = victim,
                     .epoch = the_year_2027 + b_ahead + ahead * year - less,
                     .revision = 9,
                     .instance = 7,
                     .up = true,
                     .links = {"pbxz"}}});
    w.run(1s);
    w.kill(3);
    w.change(0, "101", State::ringing);
    w.change(2, "101", State::onhold);
    w.run(3s);
    if (b_ahead != 0) w.run(12min);  // pbxc believes what pbxb did when its clock has come so far
    CHECK(wrong_lamps(w) == "");
    w.kill(0);
    w.instances = the_year_2027 + 3600 * second;
    w.run(2s);
    w.boot(0, 10ms);
    w.run(3s);
    if (b_ahead != 0) w.run(12min);
    CHECK(wrong_lamps(w) == "");
}

TEST_CASE("forged: a record under our own start, newer than any we have said") {
    World w(61);
    build(w);
    const bool same_epoch = GENERATE(false, true);
    lie(w, {{.server = "pbxa",
             .epoch = w.servers[0].hub->epoch() + (same_epoch ? 0 : 1),
             .revision = max_number,
             .instance = w.servers[0].hub->epoch(),
             .links = {"pbxz"}}});
    w.run(1s);
    w.kill(3);
    w.run(3s);
    CHECK(wrong_lamps(w) == "");
}

TEST_CASE("forged: the greatest epoch there is, of a server that isn't there yet") {
    World w(47);
    build(w);
    lie(w, {{.server = "pbxd", .epoch = max_number, .revision = max_number, .instance = 7}});
    lie(w, {{.server = "pbxd", .epoch = 1ULL << 52, .revision = max_number, .instance = 7}});
    w.give(1, Received{w.links[2].id,
                       Items{.origin = "pbxd", .epoch = 1ULL << 52, .begin = true, .upto = max_number}});
    CHECK(w.servers[1].told.size() == 1);  // once
    w.kill(3);
    const auto d = w.add("pbxd");
    w.servers[d].truth = {{"900", State::ringing}};
    w.start(d);
    w.connect(d, 1);
    w.run(5s);
    CHECK(wrong_lamps(w) == "");
}

TEST_CASE("forged: lives of ours that never were don't make us tell everything each time") {
    World w(53);
    build(w);
    const bool same = GENERATE(false, true);
    const auto frames = w.servers[1].frames_out;
    std::uint64_t raised = 0;
    for (std::uint64_t i = 1; i <= 1'000; ++i) {
        const auto before = w.servers[1].hub->epoch();
        lie(w, {{.server = "pbxb",
                 .epoch = the_year_2027 + hour + i * second,
                 .revision = 1,
                 .instance = the_year_2027 + hour + (same ? 0 : i)}});
        if (w.servers[1].hub->epoch() != before) ++raised;
    }
    CHECK(raised <= 16);
    w.run(5s);
    CHECK(w.servers[1].hub->epoch() > the_year_2027 + hour + 1'000 * second);
    CHECK(w.servers[1].frames_out - frames < 200);
    CHECK(wrong_lamps(w) == "");
}

TEST_CASE("forged: more servers than there may be leave room for one that is there") {
    World w(59);
    build(w);
    const bool reachable = GENERATE(false, true);
    Node liar{
        .server = "pbxz", .epoch = the_year_2027 + hour, .revision = 1, .instance = 7, .links = {"pbxb"}};
    for (int round = 0; round < 3; ++round) {
        std::vector<Node> nodes;
        for (int i = 0; i < 200; ++i) {
            nodes.push_back({.server = "forged" + std::to_string(round) + "." + std::to_string(i),
                             .epoch = 5,
                             .revision = 1,
                             .instance = 5});
            if (!reachable) continue;
            nodes.back().links = {"pbxz"};
            if (liar.links.size() < max_servers) liar.links.push_back(nodes.back().server);
        }
        ++liar.revision;
        nodes.push_back(liar);
        lie(w, nodes);
        w.run(1s);
    }
    for (std::size_t i = 0; i < 3; ++i) {
        CHECK(w.servers[i].hub->servers().size() < max_servers);
        CHECK(w.servers[i].told.size() == (i == 1 || !reachable ? 1 : 0));
    }
    CHECK(wrong_lamps(w) == "");
    w.kill(3);
    w.run(3s);
    const auto d = w.add("pbxd");
    w.servers[d].truth = {{"900", State::ringing}};
    w.start(d);
    w.connect(d, 1);
    w.run(3s);
    CHECK(wrong_lamps(w) == "");
}
