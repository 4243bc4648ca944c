#include "core/log.hpp"
#include "core/text.hpp"
#include "devstate/broker_inside.hpp"

#include <algorithm>

namespace pbx::devstate {

// Nothing when there are too many.
Broker::Inside::Other* Broker::Inside::other(const std::string& name) {
    const auto found = others.find(name);
    if (found != others.end()) return &found->second;
    if (others.size() >= max_servers) {
        ++counts.nonsense;
        return nullptr;
    }
    return &others[name];
}

void Broker::Inside::hear(const mqtt::Message& message) {
    ++counts.received;
    news = broker_now();
    const auto topic = decode_topic(options.prefix, message.topic);
    if (!topic) {
        ++counts.nonsense;
        return;
    }
    if (topic->server == options.server) return hear_own(*topic, message);
    switch (topic->kind) {
        case TopicKind::status:
            return hear_standing(topic->server, message);
        case TopicKind::beat:
            return hear_beat(topic->server, message);
        case TopicKind::lamp:
        case TopicKind::presence:
            return hear_item(*topic, message);
        case TopicKind::mark:
            return;
    }
}

void Broker::Inside::hear_own(const Topic& topic, const mqtt::Message& message) {
    listed = broker_now();
    if (topic.kind == TopicKind::mark) return hear_mark(message.payload);
    if (topic.kind == TopicKind::beat) {
        if (const auto beat = decode_beat(message.payload)) hear_own_beat(*beat);
        return;
    }
    if (topic.kind == TopicKind::status) return hear_own_standing(message);
    if (phase != Phase::listing) {
        if (message.retained && !is_late) {
            note_late();
            client->reconnect("what it holds comes after what it was sent later");
        }
        return;
    }
    if (message.payload.empty()) return;
    // what cannot be read is of no value: it will be written or deleted
    const auto value = decode_published(topic, message.payload);
    const auto tail = message.topic.substr(subtree_of(options.prefix, options.server).size());
    if (own.size() >= options.most_items)
        return client->reconnect("it holds more than " + std::to_string(options.most_items) +
                                 " items under our name: set another prefix");
    auto& entry = own[std::string(tail)];
    entry.table = 0;
    entry.value = 0;
    if (!value) return;
    left_epoch = std::max(left_epoch, value->epoch);
    const Published plain{.epoch = value->epoch, .count = 0, .item = value->item};
    entry.value = std::hash<std::string>{}(encode(plain));
}

// While we are up nobody else says anything there but a broker that publishes a last will late: of a
// connection of ours that it had not noticed was gone, or of another relay of our name. It must not be the
// last word. And of what we looked for, nothing else may stand there.
void Broker::Inside::hear_own_standing(const mqtt::Message& message) {
    const auto standing = decode_standing(message.payload);
    const bool relay = standing && standing->relay;
    if (phase == Phase::listing && relay && standing->instance != options.instance) rival = broker_now();
    if (phase != Phase::up) {
        left_there = standing;
        if (standing) left_epoch = std::max(left_epoch, standing->epoch);
        return;
    }
    if ((relay && !message.retained) || said == standing) return;
    left_there.reset();
    said.reset();
    static_cast<void>(publish_standing());
}

void Broker::Inside::hear_own_beat(const Beat& beat) {
    const auto now = broker_now();
    if (beat.instance == options.instance) {
        own_beat = now;
        const auto sent = beat.time, is = broker_microseconds(now);
        if (is >= sent) counts.round_trip = std::chrono::microseconds(is - sent);
        return;
    }
    if (beat.instance > options.instance) return;  // the newer one is to be silent: not we
    rival = now;
    if (phase == Phase::silent || phase == Phase::listing || phase == Phase::down) return;
    phase = Phase::silent;
    counts.trouble = "another relay calls itself " + options.server + ": set [devstate] server";
    log::warning("devstate: broker {}: {}", counts.broker, counts.trouble);
    go_down(counts.trouble);
}

void Broker::Inside::hear_standing(const std::string& name, const mqtt::Message& message) {
    const auto standing = decode_standing(message.payload);
    if (!standing && !message.payload.empty()) {
        ++counts.nonsense;
        return;
    }
    auto* it = other(name);
    if (it == nullptr) return;
    const auto epoch = it->standing.epoch;
    it->standing = standing.value_or(Standing{});
    if (!it->standing.relay) {
        it->standing.epoch = epoch;  // a last will knows no epoch
        it->table = TableState::none;
    }
    judge(name, *it, broker_now());
}

void Broker::Inside::hear_beat(const std::string& name, const mqtt::Message& message) {
    const auto beat = decode_beat(message.payload);
    auto* it = beat ? other(name) : nullptr;
    if (it == nullptr) {
        ++counts.nonsense;
        return;
    }
    const auto now = broker_now();
    if (!it->heard) next_beat = retold = {};  // it has just come: it is to hear of us at the next tick
    it->heard = now;
    it->beat_count = beat->count;
    // it lives, and we were told something else: its status passed us by
    const bool missed = !it->standing.relay || it->standing.epoch != beat->epoch;
    if (missed) {
        ++counts.resyncs;
        ask(encode_topic(options.prefix, {.kind = TopicKind::status, .server = name}));
    }
    if (it->table == TableState::whole && beat->epoch == it->epoch && beat->count > it->count) {
        ++counts.resyncs;
        ask_table(name, *it);
    }
    judge(name, *it, now);
}

void Broker::Inside::hear_item(const Topic& topic, const mqtt::Message& message) {
    if (message.payload.empty()) return hear_deleted(topic);
    auto value = decode_published(topic, message.payload);
    const auto found = others.find(topic.server);
    if (!value || found == others.end()) {
        ++counts.nonsense;
        return;
    }
    auto& it = found->second;
    if (value->epoch != it.epoch) return;  // an old one; or a new one, which comes again with its table
    it.came = news;
    const bool late = message.retained && it.table == TableState::whole && !is_late;
    const bool missed = !message.retained && it.table == TableState::whole && value->count > it.count + 1;
    it.count = std::max(it.count, value->count);
    if (late) note_late();
    if (missed || late) {
        ++counts.resyncs;
        ask_table(topic.server, it);
    }
    if (events.on_news)
        events.on_news(BusItem{.link = options.link,
                               .server = topic.server,
                               .epoch = value->epoch,
                               .item = std::move(value->item)});
}

// As a rule it was said before that it is gone. Not so by a server that deletes what it had in an earlier
// life.
void Broker::Inside::hear_deleted(const Topic& topic) {
    const auto found = others.find(topic.server);
    if (found == others.end() || !events.on_news) return;
    BusItem item{.link = options.link, .server = topic.server, .epoch = found->second.epoch};
    item.item.item.kind = topic.kind == TopicKind::presence ? Kind::presence : Kind::lamp;
    item.item.item.name = topic.name;
    item.item.item.gone = true;
    events.on_news(std::move(item));
}

void Broker::Inside::tell(const std::string& name, Other& it, bool up) {
    it.up = up;
    if (events.on_news)
        events.on_news(BusServer{.link = options.link, .server = name, .up = up, .epoch = it.epoch});
}

void Broker::Inside::judge(const std::string& name, Other& it, Moment now) {
    if (phase != Phase::up) return;
    const bool alive = it.standing.relay && it.heard && now - *it.heard < options.dead;
    if (alive && it.standing.epoch != it.epoch) {
        it.epoch = it.standing.epoch;
        it.table = TableState::none;
        it.count = 0;
        tell(name, it, false);
    }
    if (alive && it.standing.asterisk) {
        if (it.table == TableState::none) ask_table(name, it);
        if (it.table == TableState::coming) tick_table(name, it, now);
    }
    const bool up = alive && it.standing.asterisk && (it.table == TableState::whole || it.up);
    if (up != it.up) tell(name, it, up);
}

}  // namespace pbx::devstate
