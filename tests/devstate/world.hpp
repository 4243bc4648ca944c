// Hubs in a made-up world: links with delays that are cut and come back, relays that restart, Asterisks that
// go down. Time is counted, not waited for. What a server's lamps show is what its hub said last.
#pragma once

#include "devstate/hub.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pbx::devstate::world {

using Lamps = std::map<std::string, std::optional<State>>;  // nothing: dark

struct Server {
    std::string name;
    std::unique_ptr<Hub> hub;
    bool asterisk = false;
    bool running = false;
    bool listed = false;  // the running relay has had a snapshot of the running Asterisk
    bool stays = false;
    std::uint64_t life = 0;                   // of the relay
    std::map<std::string, State> truth;       // what its Asterisk has
    std::set<std::string> removed;            // what it ever had no more
    std::map<std::string, Lamps> lamps;       // of other servers, as this one shows them
    std::uint64_t shows = 0, frames_out = 0;  // since the last count
    std::vector<std::string> told;
};

class World {
  public:
    using Time = std::chrono::microseconds;
    static constexpr LinkId bus = 1'000'000;  // of a broker, where there is one

    explicit World(std::uint64_t seed) : dice(seed) {}

    std::size_t add(const std::string& name) {
        servers.push_back({.name = name});
        return servers.size() - 1;
    }
    void start(std::size_t who, bool asterisk = true) {
        auto& server = servers[who];
        server.hub = std::make_unique<Hub>(HubSettings{
            .server = server.name,
            .instance = clocks_jump ? static_cast<std::uint64_t>(roll(1, 1'000'000'000'000)) : ++instances,
            .stays = server.stays,
            .most_items = most_items});
        server.running = true;
        ++server.life;
        server.lamps.clear();  // what is left from before its start is the panel's business
        if (asterisk) up(who);
    }
    // The relay starts with all its links, and has its snapshot later.
    void boot(std::size_t who, Time after) {
        start(who, false);
        for (std::size_t i = 0; i < links.size(); ++i)
            if (links[i].a == who || links[i].b == who) raise(i);
        at(after, [this, who, life = servers[who].life] {
            if (servers[who].running && servers[who].life == life && servers[who].asterisk) up(who);
        });
    }
    // The relay ends without a word; what it showed stays.
    void kill(std::size_t who) {
        servers[who].running = servers[who].listed = false;
        servers[who].hub.reset();
        for (auto& link : links)
            if (link.up && (link.a == who || link.b == who)) cut(link, Time(0));
    }
    void up(std::size_t who) {
        auto& server = servers[who];
        server.asterisk = true;
        server.listed = server.running;
        if (!server.running) return;
        OwnTable table;
        for (const auto& [name, state] : server.truth)
            table.items.push_back({.name = name, .state = state});
        give(who, std::move(table));
    }
    void down(std::size_t who) {
        servers[who].asterisk = servers[who].listed = false;
        if (servers[who].running) give(who, OwnDown{});
    }
    void change(std::size_t who, const std::string& name, State state) {
        auto& server = servers[who];
        server.truth[name] = state;
        if (server.listed) give(who, OwnItem{{.name = name, .state = state}});
    }
    void remove(std::size_t who, std::string name) {  // a copy: it may be a key of what it is erased from
        auto& server = servers[who];
        server.truth.erase(name);
        server.removed.insert(name);
        if (server.listed) give(who, OwnItem{{.name = name, .gone = true}});
    }

    struct Link {
        std::size_t a = 0, b = 0;
        bool up = false;
        LinkId id = 0;
        bool stalled = false;                 // nobody reads: nothing is asked of the hubs
        std::map<std::size_t, Time> last{};   // arrival of the last frame to a server: order is kept
        std::map<std::size_t, bool> alive{};  // a side that has not noticed the cut yet still thinks so
    };
    std::size_t connect(std::size_t a, std::size_t b) {
        links.push_back({.a = a, .b = b});
        raise(links.size() - 1);
        return links.size() - 1;
    }
    void raise(std::size_t which) {
        auto& link = links[which];
        if (link.up || !servers[link.a].running || !servers[link.b].running) return;
        settle(link);
        link.up = true;
        link.id = ++ids_;
        by_id_[link.id] = which;
        link.alive = {{link.a, true}, {link.b, true}};
        give(link.a, LinkUp{.link = link.id, .server = servers[link.b].name});
        give(link.b, LinkUp{.link = link.id, .server = servers[link.a].name});
    }
    // Both sides notice at times of their own, up to `notice` later.
    void cut(Link& link, Time notice) {
        link.up = false;
        for (const auto side : {link.a, link.b}) {
            const auto id = link.id;
            const auto which = by_id_.at(id);
            at(notice.count() == 0 ? Time(0) : Time(roll(0, notice.count())), [this, which, id, side] {
                auto& same = links[which];
                if (same.id == id && std::exchange(same.alive[side], false)) give(side, LinkDown{id});
            });
        }
    }
    void stall(std::size_t which, bool stalled) {
        auto& link = links[which];
        link.stalled = stalled;
        if (stalled || !link.up) return;
        pump(link.a, link.id);
        pump(link.b, link.id);
    }

    void at(Time after, std::function<void()> what) {
        agenda_.push({now + after, ++order_, std::move(what)});
    }
    // Runs what is due until `end`.
    void run(Time span) {
        const auto end = now + span;
        for (;;) {
            const auto next = next_tick();
            const auto first = agenda_.empty() ? end + Time(1) : agenda_.top().when;
            if (std::min(first, next.first) > end) break;
            if (first <= next.first) {
                auto what = std::move(const_cast<Entry&>(agenda_.top()).what);
                now = agenda_.top().when;
                agenda_.pop();
                what();
            } else {
                now = std::max(now, next.first);
                handle(next.second, servers[next.second].hub->tick(moment()));
            }
        }
        now = end;
    }

    std::int64_t roll(std::int64_t from, std::int64_t to) {
        return std::uniform_int_distribution<std::int64_t>(from, to)(dice);
    }
    [[nodiscard]] Moment moment() const { return Moment(now); }

    std::function<void(std::size_t who, const Show& show)> on_show{};
    std::function<void(std::size_t who)> on_done{};  // what a hub said was done
    std::function<void(std::size_t who)> on_bus{};   // it has something for the broker
    std::mt19937_64 dice;
    Time now{1'000'000};
    Time delay_least{50}, delay_most{5'000};
    std::vector<Server> servers;
    std::vector<Link> links;
    std::size_t most_items = 100'000;
    std::uint64_t instances = 1000;  // wall clock of the last start
    bool clocks_jump = false;        // a relay's start may lie before the start of its life before
    bool by_text = false;            // frames are encoded and decoded on their way
    std::size_t bad_frames = 0;
    std::uint64_t greatest_frame = 0;

    void give(std::size_t who, HubEvent event) {
        auto& server = servers[who];
        if (server.running) handle(who, server.hub->on(std::move(event), moment()));
    }

  private:
    struct Entry {
        Time when;
        std::uint64_t order;
        std::function<void()> what;
        bool operator<(const Entry& other) const {
            return std::pair(when, order) > std::pair(other.when, other.order);
        }
    };

    // A side that still thinks the old link alive hears of its end before the new one.
    void settle(Link& link) {
        for (const auto side : {link.a, link.b})
            if (std::exchange(link.alive[side], false) && link.id != 0) give(side, LinkDown{link.id});
    }
    [[nodiscard]] std::pair<Time, std::size_t> next_tick() const {
        std::pair<Time, std::size_t> out{Time::max(), 0};
        for (std::size_t i = 0; i < servers.size(); ++i) {
            if (!servers[i].running) continue;
            const auto wake = servers[i].hub->wake_at();
            if (!wake) continue;
            const auto when = std::chrono::duration_cast<Time>(wake->time_since_epoch()) + Time(1);
            if (when < out.first) out = {when, i};
        }
        return out;
    }
    void handle(std::size_t who, std::vector<HubAction> actions) {
        auto& server = servers[who];
        for (auto& action : actions) {
            if (auto* show = std::get_if<Show>(&action)) {
                ++server.shows;
                auto& lamp = server.lamps[show->origin][show->item.name];
                lamp = show->dark ? std::nullopt : std::optional(show->item.state);
                if (on_show) on_show(who, *show);
            } else if (auto* wake = std::get_if<Wake>(&action)) {
                wake->link == bus ? on_bus(who) : pump(who, wake->link);
            } else if (auto* refuse = std::get_if<Refuse>(&action)) {
                refused(who, *refuse);
            } else {
                server.told.push_back(std::get<Tell>(action).text);
            }
        }
        if (on_done) on_done(who);
    }
    void refused(std::size_t who, const Refuse& refuse) {
        servers[who].told.push_back("refused: " + refuse.reason);
        at(Time(0), [this, id = refuse.link] {
            auto& link = links[by_id_.at(id)];
            if (link.id == id && link.up) cut(link, Time(0));
        });
    }
    void pump(std::size_t who, LinkId id) {
        const auto which = by_id_.at(id);
        auto& link = links[which];
        if (link.id != id || link.stalled) return;
        const auto to = link.a == who ? link.b : link.a;
        while (auto frame = servers[who].hub->next(id)) {
            ++servers[who].frames_out;
            if (!link.up) continue;  // into the void
            auto& last = link.last[to];
            last = std::max(last, now + Time(roll(delay_least.count(), delay_most.count())));
            at(last - now, [this, which, id, to, frame = carried(std::move(*frame))]() mutable {
                auto& same = links[which];
                if (same.id == id && same.up && frame) give(to, Received{id, std::move(*frame)});
            });
        }
    }
    std::optional<Frame> carried(Frame frame) {
        if (!by_text) return frame;
        const auto text = encode(frame);
        greatest_frame = std::max<std::uint64_t>(greatest_frame, text.size());
        auto again = decode(text);
        if (again && *again == frame) return frame;
        ++bad_frames;
        return std::nullopt;
    }

    std::priority_queue<Entry> agenda_;
    std::uint64_t order_ = 0;
    LinkId ids_ = 0;
    std::map<LinkId, std::size_t> by_id_;
};

}  // namespace pbx::devstate::world
