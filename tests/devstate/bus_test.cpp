// Hubs at a broker, and at a broker and on links besides.
#include "lamps.hpp"
#include "world_bus.hpp"

#include <catch2/catch.hpp>

using namespace pbx::devstate;
using namespace std::chrono_literals;
using world::Bus;
using world::World;
using world::wrong_lamps;

namespace {
constexpr State states[] = {State::not_inuse, State::inuse, State::ringing, State::busy, State::onhold};
constexpr LinkId bus = World::bus;
const Moment now{1h};

// One listener at a broker; what it was told last of each item.
struct Listener {
    Hub hub{{.server = "a", .instance = 1000}};
    std::map<std::string, std::optional<State>> lamps{};

    Listener() { give(LinkUp{.link = bus, .server = "broker", .bus = true}); }
    void give(HubEvent event) {
        for (const auto& action : hub.on(std::move(event), now))
            if (const auto* show = std::get_if<Show>(&action))
                lamps[show->item.name] = show->dark ? std::nullopt : std::optional(show->item.state);
    }
    void item(std::uint64_t epoch, std::uint64_t seq, const char* name, State state = State::inuse) {
        give(BusItem{bus, "b", epoch, {seq, {.name = name, .state = state}}});
    }
    void gone(std::uint64_t epoch, std::uint64_t seq, const char* name) {
        give(BusItem{bus, "b", epoch, {seq, {.name = name, .gone = true}}});
    }
    void server(bool up, std::uint64_t epoch) { give(BusServer{bus, "b", up, epoch}); }
    void table(bool begin) { give(BusTable{bus, "b", begin}); }
    void whole(std::uint64_t epoch, std::initializer_list<std::pair<std::uint64_t, const char*>> items) {
        server(false, epoch);
        table(true);
        for (const auto& [seq, name] : items)
            item(epoch, seq, name);
        table(false);
        server(true, epoch);
    }
    [[nodiscard]] bool lit(const char* name) const {
        const auto found = lamps.find(name);
        return found != lamps.end() && found->second;
    }
};
}  // namespace

TEST_CASE("bus: what a table names is there, what it doesn't is gone, in each life and at each look anew") {
    Listener a;
    a.whole(5, {{1, "101"}, {2, "102"}, {3, "103"}});
    CHECK(a.lit("103"));
    SECTION("the next life hasn't it") {
        a.item(5, 4, "103", State::busy);  // heard between two tables
        a.whole(6, {{1, "101"}, {2, "102"}});
        CHECK(a.lit("102"));
        CHECK_FALSE(a.lit("103"));
    }
    SECTION("the next life hasn't it, and nobody says where its table begins") {
        a.item(5, 4, "103", State::busy);
        a.server(false, 6);
        a.item(6, 1, "101");
        a.item(6, 2, "102");
        a.table(false);
        a.server(true, 6);
        CHECK(a.lit("102"));
        CHECK_FALSE(a.lit("103"));
    }
    SECTION("the same life lost it unheard") {
        a.item(5, 4, "103", State::busy);
        a.table(true);
        a.item(5, 1, "101");
        a.item(5, 2, "102");
        a.table(false);
        CHECK(a.lit("102"));
        CHECK_FALSE(a.lit("103"));
    }
    SECTION("it was removed and is there again") {
        a.gone(5, 4, "103");
        CHECK_FALSE(a.lit("103"));
        a.item(5, 5, "103");
        CHECK(a.lit("103"));
        a.gone(5, 4, "103");
        CHECK(a.lit("103"));
    }
}

TEST_CASE(
    "bus: an item that is new while a table comes isn't swept away by it, nor for good by one too early") {
    Listener a;
    a.whole(5, {{1, "101"}});
    a.give(LinkUp{.link = 1, .server = "b"});
    const auto by_link = [&a](std::uint64_t seq, const char* name) {
        a.give(Received{
            1, Items{.origin = "b", .epoch = 5, .items = {{seq, {.name = name, .state = State::ringing}}}}});
    };
    SECTION("new since it began") {
        a.table(true);
        by_link(2, "102");
        a.item(5, 1, "101");
        a.table(false);
        CHECK(a.lit("101"));
        CHECK(a.lit("102"));
    }
    SECTION("new before, and the broker had it late") {
        by_link(2, "102");
        a.table(true);
        a.item(5, 1, "101");
        a.table(false);
        a.item(5, 2, "102", State::ringing);
        CHECK(a.lit("102"));
    }
}

TEST_CASE("bus: a server whose clock was set back is heard in its new life all the same") {
    Listener a;
    a.whole(500, {{1, "101"}, {2, "102"}});
    a.whole(50, {{1, "101"}});
    CHECK(a.lit("101"));
    CHECK_FALSE(a.lit("102"));
    CHECK(a.hub.servers().front().known_up);
}

TEST_CASE("bus: a clock that was set back between what a broker told and what links tell") {
    Listener a;
    a.whole(500, {{1, "101"}, {2, "102"}});
    a.give(BusServer{bus, "b", false, 500});
    a.give(LinkUp{.link = 1, .server = "b"});
    const Node node{
        .server = "b", .epoch = 50, .revision = 1, .instance = 50, .seq = 1, .up = true, .links = {"a"}};
    a.give(Received{1, Nodes{{node}}});
    SECTION("the broker tells the same: at once") {
        a.whole(50, {{1, "101"}});
    }
    SECTION("links alone: as it doesn't come true") {
        for (const auto after : {1100ms, 3200ms})
            static_cast<void>(a.hub.tick(now + after));
        bool asked = false;
        while (auto frame = a.hub.next(1))
            asked = asked || std::holds_alternative<Again>(*frame);
        CHECK(asked);
        a.give(Received{1, Items{.origin = "b",
                                 .epoch = 50,
                                 .begin = true,
                                 .upto = 1,
                                 .items = {{1, {.name = "101", .state = State::inuse}}}}});
    }
    CHECK(a.lit("101"));
    CHECK_FALSE(a.lit("102"));
    CHECK(a.hub.servers().front().known_up);
}

TEST_CASE("bus: our epoch goes above what the broker remembers of us, and stays when it is our own") {
    Listener a;
    const auto own = a.hub.epoch();
    a.give(OwnEpoch{own});
    a.give(OwnEpoch{own - 1});
    CHECK(a.hub.epoch() == own);
    a.give(OwnEpoch{own + 100});
    CHECK(a.hub.epoch() == own + 101);
}

TEST_CASE(
    "bus: after any history at a broker, with links besides or not, every lamp is right once it is quiet") {
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
        World w(seed);
        Bus broker(w);
        w.clocks_jump = w.roll(0, 1) == 0;
        broker.lost_of_1000 = w.roll(0, 1) == 0 ? 0 : 50;
        const auto count = static_cast<std::size_t>(w.roll(2, 5));
        const auto any = [&] {
            return static_cast<std::size_t>(w.roll(0, static_cast<std::int64_t>(count) - 1));
        };
        for (std::size_t i = 0; i < count; ++i) {
            w.add("pbx" + std::to_string(i));
            for (auto n = w.roll(0, 10); n > 0; --n)
                w.servers[i].truth[std::to_string(100 + n)] = states[static_cast<std::size_t>(w.roll(0, 4))];
            w.start(i);
            broker.connect(i);
        }
        if (w.roll(0, 1) == 0)
            for (std::size_t a = 0; a + 1 < count; ++a)
                if (w.roll(0, 1) == 0) w.connect(a, a + 1);
        for (auto events = w.roll(5, 50); events > 0; --events) {
            const auto who = any();
            switch (w.roll(0, 12)) {
                case 0:
                    broker.disconnect(who);
                    break;
                case 1:
                    broker.connect(who);
                    break;
                case 2:
                    if (w.servers[who].running) {
                        broker.disconnect(who);
                        w.kill(who);
                    } else {
                        w.boot(who, World::Time(w.roll(0, 1'500'000)));
                        broker.connect(who);
                    }
                    break;
                case 3:
                    w.servers[who].asterisk ? w.down(who) : w.up(who);
                    break;
                case 4:
                    if (w.roll(0, 3) == 0) broker.wipe();
                    break;
                case 5:
                    if (!w.links.empty()) {
                        auto& link = w.links[who % w.links.size()];
                        link.up ? w.cut(link, 3s) : w.raise(who % w.links.size());
                    }
                    break;
                case 6:
                case 7:
                    w.remove(who, std::to_string(100 + w.roll(1, 12)));
                    break;
                default:
                    w.change(who, std::to_string(100 + w.roll(1, 12)),
                             states[static_cast<std::size_t>(w.roll(0, 4))]);
            }
            w.run(World::Time(w.roll(0, w.roll(0, 1) == 0 ? 10'000 : 1'500'000)));
        }
        w.run(9s);
        INFO("history " << seed);
        REQUIRE(wrong_lamps(w, broker.present()) == "");
        for (std::size_t i = 0; i < count; ++i) {
            if (!w.servers[i].running) w.boot(i, 10ms);
            broker.connect(i);
        }
        w.run(9s);
        REQUIRE(wrong_lamps(w, broker.present()) == "");
    }
}
