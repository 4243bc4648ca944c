// Whole relays but for their sockets: hub, panel and writer over an Asterisk that keeps its custom lamps
// through every restart, against a model of what each lamp should show.
#include "devstate/panel.hpp"
#include "world.hpp"

#include <catch2/catch.hpp>

using namespace pbx::devstate;
using world::World;
using namespace std::chrono_literals;

namespace {
constexpr State states[] = {State::not_inuse, State::inuse, State::ringing, State::busy, State::onhold};

struct Stack {
    std::unique_ptr<Panel> panel;
    std::unique_ptr<Writer> writer;
    std::map<std::string, std::string> lamps;  // Asterisk's own database
    std::uint64_t session = 0;                 // of AMI
    std::uint64_t life = 0;                    // of the relay
    std::uint64_t writes = 0;
};

class Stacks {
  public:
    explicit Stacks(std::uint64_t seed) : w(seed) {
        w.on_show = [this](std::size_t who, const Show& show) {
            at(who).panel->show(show, *at(who).writer, w.moment());
        };
        w.on_done = [this](std::size_t who) { write(who); };
    }

    // With its links; the snapshot comes later.
    void start(std::size_t who, World::Time after = World::Time(0)) {
        all.resize(w.servers.size());
        auto& stack = at(who);
        stack.panel = std::make_unique<Panel>(PanelSettings{.server = w.servers[who].name, .gone = gone},
                                              Rules(), NameTemplate());
        stack.writer = std::make_unique<Writer>(WriterSettings{.window = 4});
        const auto life = ++stack.life;
        w.start(who, false);
        for (std::size_t i = 0; after.count() != 0 && i < w.links.size(); ++i)
            if (w.links[i].a == who || w.links[i].b == who) w.raise(i);
        const auto snapshot = [this, who, life] {
            if (at(who).life == life && w.servers[who].running && w.servers[who].asterisk) up(who);
        };
        after.count() == 0 ? snapshot() : w.at(after, snapshot);
        w.at(4s, [this, who, life] {
            if (at(who).life != life || !w.servers[who].running) return;
            at(who).panel->clear_left({}, {}, *at(who).writer, w.moment());
            left_over_[who] = life;
            write(who);
        });
    }
    void kill(std::size_t who) {
        w.kill(who);
        ++at(who).session;
    }
    void up(std::size_t who) {
        auto& stack = at(who);
        ++stack.session;
        if (w.servers[who].running) {
            const std::vector<std::pair<std::string, std::string>> shown(stack.lamps.begin(),
                                                                         stack.lamps.end());
            stack.panel->left(shown);
            stack.writer->shown(shown, w.moment());
        }
        w.up(who);
        if (!w.servers[who].running) return;
        if (left_over_[who] == stack.life) stack.panel->clear_left({}, {}, *stack.writer, w.moment());
        write(who);
    }
    void down(std::size_t who) {
        ++at(who).session;
        if (w.servers[who].running) at(who).writer->cut();
        w.down(who);
    }

    // What was sent may arrive, or not when the session is cut meanwhile; the answer and the echo come apart.
    void write(std::size_t who) {
        auto& stack = at(who);
        if (!w.servers[who].listed) return;
        while (auto next = stack.writer->next(w.moment())) {
            ++stack.writes;
            w.at(World::Time(w.roll(50, 3000)),
                 [this, who, session = stack.session, next = std::move(*next)] {
                     auto& same = at(who);
                     if (same.session != session && w.roll(0, 1) == 0) return;
                     const bool changed = same.lamps[next.device] != next.value;
                     same.lamps[next.device] = next.value;
                     if (same.session != session) return;
                     same.writer->written(next.id, w.moment());
                     write(who);
                     if (changed) echo(who, next.device, next.value);
                 });
        }
        if (const auto wake = stack.writer->wake_at()) {
            const auto when = std::chrono::duration_cast<World::Time>(*wake - w.moment());
            w.at(std::max(when, World::Time(1)), [this, who, session = stack.session] {
                if (at(who).session == session) write(who);
            });
        }
    }
    void echo(std::size_t who, const std::string& device, const std::string& value) {
        w.at(World::Time(w.roll(10, 200)), [this, who, device, value, session = at(who).session] {
            if (at(who).session != session) return;
            at(who).writer->changed(device, value, w.moment());
            write(who);
        });
    }

    [[nodiscard]] std::string wrong(std::size_t those = 99) {
        const NameTemplate names;
        for (std::size_t i = 0; i < std::min(those, all.size()); ++i) {
            if (!w.servers[i].running || !w.servers[i].asterisk) continue;
            for (std::size_t o = 0; o < all.size(); ++o) {
                if (o == i) continue;
                const auto& there = w.servers[o];
                const bool lit = there.running && there.asterisk && near(i).contains(o);
                for (const auto& [name, state] : there.truth) {
                    const auto lamp = all[i].lamps.find("Custom:" + *names.encode(name, there.name));
                    const auto shown = lamp == all[i].lamps.end() ? "UNAVAILABLE" : lamp->second;
                    const auto right = lit ? name_of(state) : name_of(State::unavailable);
                    if (shown != right)
                        return w.servers[i].name + ": " + name + " of " + there.name + " is " + shown +
                               ", not " + std::string(right);
                }
            }
            for (const auto& [device, value] : all[i].lamps)
                if (const auto name = names.decode(device.substr(7)))
                    for (const auto& there : w.servers)
                        if (there.name == name->server && !there.truth.contains(name->name) &&
                            value != "UNAVAILABLE")
                            return w.servers[i].name + ": " + device + " is " + value + " and nobody has it";
        }
        return {};
    }
    [[nodiscard]] std::set<std::size_t> near(std::size_t from) const {
        std::set<std::size_t> out{from};
        for (bool more = true; more;) {
            more = false;
            for (const auto& link : w.links)
                if (link.up && out.contains(link.a) != out.contains(link.b)) {
                    out.insert({link.a, link.b});
                    more = true;
                }
        }
        return out;
    }
    Stack& at(std::size_t who) { return all[who]; }

    World w;
    std::vector<Stack> all;
    Gone gone = Gone::unavailable;

  private:
    std::map<std::size_t, std::uint64_t> left_over_;
};
}  // namespace

TEST_CASE("whole relays: whatever is killed, cut or restarted, Asterisk's lamps are right once it is quiet") {
    for (std::uint64_t seed = 1; seed <= 700; ++seed) {
        Stacks s(seed);
        auto& w = s.w;
        const auto count = static_cast<std::size_t>(w.roll(2, 5));
        const auto any = [&] {
            return static_cast<std::size_t>(w.roll(0, static_cast<std::int64_t>(count) - 1));
        };
        for (std::size_t i = 0; i < count; ++i) {
            w.add("pbx" + std::to_string(i));
            w.servers[i].asterisk = true;
            for (auto n = w.roll(0, 8); n > 0; --n)
                w.servers[i].truth[std::to_string(100 + n)] = states[static_cast<std::size_t>(w.roll(0, 4))];
            s.start(i);
        }
        for (std::size_t a = 0; a < count; ++a)
            for (std::size_t b = a + 1; b < count; ++b)
                if (b == a + 1 || w.roll(0, 1) == 0) w.connect(a, b);
        for (auto events = w.roll(5, 50); events > 0; --events) {
            const auto who = any();
            const auto which =
                static_cast<std::size_t>(w.roll(0, static_cast<std::int64_t>(w.links.size()) - 1));
            switch (w.roll(0, 10)) {
                case 0:
                    if (w.links[which].up) w.cut(w.links[which], 3s);
                    break;
                case 1:
                    w.raise(which);
                    break;
                case 2:
                    w.servers[who].running ? s.kill(who) : s.start(who, World::Time(w.roll(0, 1'500'000)));
                    break;
                case 3:
                    w.servers[who].asterisk ? s.down(who) : s.up(who);
                    break;
                case 4:
                    w.remove(who, std::to_string(100 + w.roll(1, 10)));
                    break;
                default:
                    w.change(who, std::to_string(100 + w.roll(1, 10)),
                             states[static_cast<std::size_t>(w.roll(0, 4))]);
            }
            w.run(World::Time(w.roll(0, w.roll(0, 1) == 0 ? 10'000 : 1'500'000)));
        }
        w.run(9s);
        INFO("history " << seed);
        REQUIRE(s.wrong() == "");
        for (std::size_t i = 0; i < count; ++i) {
            if (!w.servers[i].running) s.start(i);
            if (!w.servers[i].asterisk) s.up(i);
        }
        for (std::size_t i = 0; i < w.links.size(); ++i)
            w.raise(i);
        w.run(9s);
        REQUIRE(s.wrong() == "");
        std::uint64_t before = 0, after = 0;
        for (const auto& stack : s.all)
            before += stack.writes;
        w.run(60s);
        for (const auto& stack : s.all)
            after += stack.writes;
        REQUIRE(before == after);
    }
}

TEST_CASE("whole relays: kept lamps turn dark when their item is gone, and for no other reason") {
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        Stacks s(seed);
        s.gone = Gone::keep;
        auto& w = s.w;
        const auto count = static_cast<std::size_t>(w.roll(2, 4));
        for (std::size_t i = 0; i < count; ++i) {
            w.add("pbx" + std::to_string(i));
            w.servers[i].asterisk = true;
            for (auto n = w.roll(0, 8); n > 0; --n)
                w.servers[i].truth[std::to_string(100 + n)] = states[static_cast<std::size_t>(w.roll(0, 4))];
            s.start(i);
            if (i != 0) w.connect(i - 1, i);
        }
        for (auto events = w.roll(5, 40); events > 0; --events) {
            const auto who = static_cast<std::size_t>(w.roll(1, static_cast<std::int64_t>(count) - 1));
            switch (w.roll(0, 7)) {
                case 0:
                    w.links[who - 1].up ? w.cut(w.links[who - 1], 3s) : w.raise(who - 1);
                    break;
                case 1:
                    w.servers[who].running ? s.kill(who) : s.start(who, World::Time(w.roll(1, 3'000'000)));
                    break;
                case 2:
                    w.servers[who].asterisk ? s.down(who) : s.up(who);
                    break;
                case 3:
                    w.servers[0].asterisk ? s.down(0) : s.up(0);
                    break;
                case 4:
                    w.remove(who, std::to_string(100 + w.roll(1, 10)));
                    break;
                default:
                    w.change(who, std::to_string(100 + w.roll(1, 10)),
                             states[static_cast<std::size_t>(w.roll(0, 4))]);
            }
            w.run(World::Time(w.roll(0, w.roll(0, 1) == 0 ? 10'000 : 3'000'000)));
        }
        INFO("history " << seed);
        w.run(9s);
        const NameTemplate names;
        for (const auto& [device, value] : s.at(0).lamps)
            for (const auto& there : w.servers)
                if (const auto name = names.decode(device.substr(7)); name->server == there.name) {
                    INFO(device);
                    REQUIRE((value != "UNAVAILABLE" || there.removed.contains(name->name)));
                }
        for (std::size_t i = 0; i < count; ++i) {
            if (!w.servers[i].running) s.start(i);
            if (!w.servers[i].asterisk) s.up(i);
        }
        for (std::size_t i = 0; i < w.links.size(); ++i)
            w.raise(i);
        w.run(9s);
        REQUIRE(s.wrong(1) == "");
    }
}

TEST_CASE("whole relays: after a cut of the own Asterisk exactly the lamps that changed are written") {
    Stacks s(5);
    auto& w = s.w;
    for (const auto* name : {"pbxa", "pbxb"}) {
        const auto i = w.add(name);
        w.servers[i].asterisk = true;
        for (int n = 0; n < 10'000; ++n)
            w.servers[i].truth[std::to_string(10'000 + n)] = State::not_inuse;
    }
    s.start(0);
    s.start(1);
    w.connect(0, 1);
    w.run(30s);
    REQUIRE(s.wrong() == "");
    s.down(1);
    for (int n = 0; n < 500; ++n)
        w.change(0, std::to_string(10'000 + n * 13), State::inuse);
    w.run(100ms);
    const auto writes = s.at(1).writes;
    s.up(1);
    w.run(5s);
    CHECK(s.at(1).writes - writes == 500);
    CHECK(s.wrong() == "");
}
