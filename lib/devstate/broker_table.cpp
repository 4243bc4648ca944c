#include "core/log.hpp"
#include "core/text.hpp"
#include "devstate/broker_inside.hpp"

#include <algorithm>

namespace pbx::devstate {

namespace {
constexpr unsigned most_rereads = 3;  // of one table that a broker drops a part of each time
constexpr std::chrono::milliseconds quiet{200};
}  // namespace

void Broker::Inside::ask(const std::string& filter) {
    if (const auto token = client->subscribe(filter, 0)) asked.emplace(*token, filter);
}

void Broker::Inside::hear_granted(int token, bool granted) {
    const auto found = asked.find(token);
    if (found == asked.end()) return;
    if (!granted)
        log::warning("devstate: broker {} refuses the subscription to {}: check its ACL", counts.broker,
                     found->second);
    asked.erase(found);
}

void Broker::Inside::mark(std::uint64_t number) {
    const auto topic = encode_topic(options.prefix, {.kind = TopicKind::mark, .server = options.server});
    static_cast<void>(client->publish(topic, std::to_string(number), {.qos = 0}));
}

// No rule of MQTT says that what a broker holds comes before what is published after the subscription. Most
// keep that order; of one that doesn't, what is there is whole when the mark has come and nothing more comes.
void Broker::Inside::note_late() {
    is_late = true;
    log::warning("devstate: broker {} sends what it holds late: it is given {} ms more", counts.broker,
                 quiet.count());
}

// A broker may drop what is of QoS 0 (mosquitto does at max_queued_messages): the mark is sent until it
// comes.
void Broker::Inside::tick_listing(Moment now) {
    if (now - listed >= options.dead * (has_others() ? 1 : 3))
        return client->reconnect("what it holds of ours does not come; check its ACL");
    if (mark_came) {
        if (now - listed >= quiet) end_listing();
        return;
    }
    if (now - marked < options.heartbeat) return;
    marked = now;
    mark(0);
}

void Broker::Inside::end_listing() {
    for (const auto* kind : {"ds/+", "ps/+"})
        static_cast<void>(client->unsubscribe(subtree_of(options.prefix, options.server) + kind));
    phase = Phase::listening;
    if (!rival) go_up();
}

// Subscribing again brings all retained messages again; the mark comes after them.
void Broker::Inside::ask_table(const std::string& name, Other& it) {
    it.table = TableState::coming;
    it.mark_came = false;
    if (events.on_news) events.on_news(BusTable{.link = options.link, .server = name, .begin = true});
    const auto subtree = subtree_of(options.prefix, name);
    for (const auto* kind : {"ds/+", "ps/+"})
        ask(subtree + kind);
    it.first_mark = marks + 1;
    mark_table(it);
}

void Broker::Inside::mark_table(Other& it) {
    it.mark = ++marks;
    it.marked = broker_now();
    mark(it.mark);
}

void Broker::Inside::tick_table(const std::string& name, Other& it, Moment now) {
    if (it.mark_came) {
        if (now - it.came >= quiet) end_table(name, it);
    } else if (now - it.marked >= options.heartbeat) {
        mark_table(it);
    }
}

void Broker::Inside::end_table(const std::string& name, Other& it) {
    it.table = TableState::whole;
    it.rereads = 0;
    it.count = std::max(it.count, it.beat_count);
    if (events.on_news) events.on_news(BusTable{.link = options.link, .server = name});
}

void Broker::Inside::hear_mark(std::string_view payload) {
    const auto number = text::to_integer(payload);
    if (!number || *number < 0) return;
    if (*number == 0) {
        if (phase != Phase::listing) return;
        mark_came = true;
        if (!is_late) end_listing();
        return;
    }
    const auto heard = static_cast<std::uint64_t>(*number);
    const auto found = std::find_if(others.begin(), others.end(), [heard](const auto& one) {
        const auto& it = one.second;
        return it.table == TableState::coming && heard >= it.first_mark && heard <= it.mark;
    });
    if (found == others.end()) return;
    auto& [name, it] = *found;
    if (heard != it.first_mark && !it.mark_came) {  // one was lost, and so may items be
        if (it.rereads++ < most_rereads) {
            ++counts.resyncs;
            return ask_table(name, it);
        }
        log::warning("devstate: broker {} loses a part of what {} has, time and again: raise its limits",
                     counts.broker, name);
    }
    it.mark_came = true;
    it.came = broker_now();
    if (!is_late) end_table(name, it);
    judge(name, it, broker_now());
}

}  // namespace pbx::devstate
