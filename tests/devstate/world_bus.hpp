// A broker in a made-up world, and each server's side of it as devstate/broker does it: retained items and
// standings, order kept per connection, messages that get lost and are missed later.
#pragma once

#include "world.hpp"

namespace pbx::devstate::world {

class Bus {
  public:
    using Time = World::Time;

    explicit Bus(World& world) : w(world) {
        w.on_bus = [this](std::size_t who) { send(who); };
    }

    void connect(std::size_t who) {
        auto& client = clients_[who];
        if (client.on || !w.servers[who].running) return;
        client = {.session = ++sessions_, .on = true};
        const auto& mine = items_[w.servers[who].name];
        std::uint64_t before = 0;
        for (const auto& [name, item] : mine) {
            client.own[name] = {item, 0};
            before = std::max(before, item.epoch);
        }
        if (before != 0) w.give(who, OwnEpoch{before});
        w.give(who, LinkUp{.link = World::bus, .server = "broker", .bus = true});
        for (const auto& [server, standing] : standings_)
            deliver(who, Time(0),
                    [this, who, server = server, standing = standing] { hear(who, server, standing); });
        send(who);
    }
    // Its last will says that it is gone.
    void disconnect(std::size_t who) {
        auto& client = clients_[who];
        if (!std::exchange(client.on, false)) return;
        auto will = standings_[w.servers[who].name];
        will.relay = will.asterisk = false;
        say(who, w.servers[who].name, will);
        if (w.servers[who].running) w.give(who, LinkDown{World::bus});
    }
    // It starts anew, and what it kept is lost.
    void wipe() {
        for (auto& [who, client] : clients_)
            disconnect(who);
        items_.clear();
        standings_.clear();
    }
    [[nodiscard]] std::set<std::size_t> present() const {
        std::set<std::size_t> out;
        for (const auto& [who, client] : clients_)
            if (client.on) out.insert(who);
        return out;
    }

    int lost_of_1000 = 0;

  private:
    struct Stored {
        std::uint64_t epoch = 0;
        Numbered item{};
        friend bool operator==(const Stored&, const Stored&) = default;
    };
    struct Standing {
        bool relay = false, asterisk = false;
        std::uint64_t epoch = 0;
        friend bool operator==(const Standing&, const Standing&) = default;
    };
    struct Other {
        std::uint64_t epoch = 0, asked = 0;
        bool up = false, coming = false, whole = false, missed = false;
        Standing standing{};
    };
    struct Client {
        std::uint64_t session = 0;
        bool on = false;
        std::map<std::string, std::pair<Stored, std::uint64_t>>
            own{};  // as the broker has it; of which table
        std::uint64_t table = 0, upto = 0;
        bool whole = false;
        std::optional<Node> node{};
        std::map<std::string, Other> others{};
        Time last_up{}, last_down{};
    };

    // To the broker, in order; from it, in order; while the session lasts.
    void publish(std::size_t who, std::function<void()> what) {
        auto& client = clients_[who];
        client.last_up = std::max(client.last_up, w.now + delay());
        w.at(client.last_up - w.now, [this, who, session = client.session, what = std::move(what)] {
            if (clients_[who].on && clients_[who].session == session) what();
        });
    }
    void deliver(std::size_t who, Time least, std::function<void()> what) {
        auto& client = clients_[who];
        client.last_down = std::max(client.last_down, w.now + least + delay());
        w.at(client.last_down - w.now, [this, who, session = client.session, what = std::move(what)] {
            if (clients_[who].on && clients_[who].session == session && w.servers[who].running) what();
        });
    }
    Time delay() { return Time(w.roll(w.delay_least.count(), w.delay_most.count())); }

    void send(std::size_t who) {
        while (clients_[who].on && w.servers[who].running) {
            auto frame = w.servers[who].hub->next(World::bus);
            if (!frame) return;
            if (const auto* nodes = std::get_if<Nodes>(&*frame)) clients_[who].node = nodes->nodes.front();
            if (const auto* items = std::get_if<Items>(&*frame)) send(who, *items);
            say_standing(who);
        }
    }
    void send(std::size_t who, const Items& items) {
        auto& client = clients_[who];
        if (items.begin) {
            ++client.table;
            client.whole = false;
        }
        for (const auto& item : items.items)
            put(who, items.epoch, item);
        if (!items.upto) return;
        client.upto = *items.upto;
        if (std::exchange(client.whole, true)) return;
        for (auto at = client.own.begin(); at != client.own.end();) {
            if (at->second.second == client.table) {
                ++at;
                continue;
            }
            publish(who,
                    [this, server = w.servers[who].name, name = at->first] { items_[server].erase(name); });
            at = client.own.erase(at);
        }
    }
    void put(std::size_t who, std::uint64_t epoch, const Numbered& item) {
        auto& own = clients_[who].own;
        const auto& name = item.item.name;
        const Stored value{epoch, item};
        if (item.item.gone && own.erase(name) == 0) return;
        if (!item.item.gone) {
            const bool known = own[name].first == value;
            own[name] = {value, clients_[who].table};
            if (known) return;
        }
        publish(who, [this, server = w.servers[who].name, value] {
            if (value.item.item.gone)
                items_[server].erase(value.item.item.name);
            else
                items_[server][value.item.item.name] = value;
            for (auto& [other, client] : clients_)
                if (client.on && w.servers[other].name != server)
                    deliver(other, Time(0),
                            [this, other = other, server, value] { hear(other, server, value, true); });
        });
    }
    void say_standing(std::size_t who) {
        auto& client = clients_[who];
        if (!client.node) return;
        const Standing standing{
            .relay = !client.node->leaving,
            .asterisk = client.node->up && client.whole && client.upto >= client.node->seq,
            .epoch = client.node->epoch};
        publish(who, [this, who, server = w.servers[who].name, standing] { say(who, server, standing); });
    }
    void say(std::size_t who, const std::string& server, const Standing& standing) {
        standings_[server] = standing;
        for (auto& [other, client] : clients_)
            if (client.on && other != who)
                deliver(other, Time(0),
                        [this, other = other, server, standing] { hear(other, server, standing); });
    }

    void hear(std::size_t who, const std::string& server, const Standing& standing) {
        auto& it = clients_[who].others[server];
        it.standing = standing;
        if (!standing.relay) it.coming = it.whole = false;  // what it says while it is away is missed
        judge(who, server);
    }
    void hear(std::size_t who, const std::string& server, const Stored& value, bool live) {
        auto& it = clients_[who].others[server];
        if (value.epoch != it.epoch) return;
        if (live && w.roll(0, 999) < lost_of_1000) {
            it.missed = true;
            w.at(std::chrono::seconds(1), [this, who, server, session = clients_[who].session] {
                auto& client = clients_[who];
                auto& same = client.others[server];
                if (!client.on || client.session != session || !std::exchange(same.missed, false)) return;
                same.whole = false;  // it is asked when it is there
                if (same.up) ask(who, server);
            });
            return;
        }
        w.give(who, BusItem{.link = World::bus, .server = server, .epoch = value.epoch, .item = value.item});
    }
    void ask(std::size_t who, const std::string& server) {
        auto& it = clients_[who].others[server];
        it.coming = true;
        it.whole = false;
        const auto asked = ++it.asked;
        w.give(who, BusTable{.link = World::bus, .server = server, .begin = true});
        publish(who, [this, who, server, asked] {
            for (const auto& [name, value] : items_[server])
                deliver(who, Time(0),
                        [this, who, server, value = value] { hear(who, server, value, false); });
            deliver(who, Time(0), [this, who, server, asked] {
                auto& same = clients_[who].others[server];
                if (same.asked != asked || !std::exchange(same.coming, false)) return;
                same.whole = true;
                w.give(who, BusTable{.link = World::bus, .server = server});
                judge(who, server);
            });
        });
    }
    void tell(std::size_t who, const std::string& server, bool up) {
        auto& it = clients_[who].others[server];
        it.up = up;
        w.give(who, BusServer{.link = World::bus, .server = server, .up = up, .epoch = it.epoch});
    }
    void judge(std::size_t who, const std::string& server) {
        auto& it = clients_[who].others[server];
        if (it.standing.relay && it.standing.epoch != it.epoch) {
            it.epoch = it.standing.epoch;
            it.coming = it.whole = false;
            tell(who, server, false);
        }
        const bool lives = it.standing.relay && it.standing.asterisk;
        if (lives && !it.coming && !it.whole) ask(who, server);
        const bool up = lives && (it.whole || it.up);
        if (up != it.up) tell(who, server, up);
    }

    World& w;
    std::map<std::string, std::map<std::string, Stored>> items_;
    std::map<std::string, Standing> standings_;
    std::map<std::size_t, Client> clients_;
    std::uint64_t sessions_ = 0;
};

}  // namespace pbx::devstate::world
