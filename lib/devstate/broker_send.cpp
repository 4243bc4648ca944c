#include "devstate/broker_inside.hpp"

#include <functional>
#include <utility>

namespace pbx::devstate {

namespace {

constexpr std::size_t most_retold = 500;  // items with one beat

std::uint64_t hash_of(std::uint64_t epoch, const Numbered& item) {
    Published plain{.epoch = epoch, .count = 0, .item = item};
    return std::hash<std::string>{}(encode(plain));
}

Topic topic_of(const std::string& server, const Item& item) {
    return {.kind = item.kind == Kind::lamp ? TopicKind::lamp : TopicKind::presence,
            .server = server,
            .name = item.name};
}

}  // namespace

// A full queue means a broker that doesn't take what it is given: it is left, and all begins anew.
bool Broker::Inside::put(const std::string& topic, std::string_view payload, mqtt::Publication how) {
    if (client->publish(topic, payload, how)) {
        ++counts.published;
        return true;
    }
    client->reconnect(client->queued() == 0 ? "nothing can be published" : "the broker does not keep up");
    return false;
}

bool Broker::Inside::publish(std::uint64_t epoch, const Numbered& numbered) {
    const auto topic = topic_of(options.server, numbered.item);
    const auto tail =
        encode_topic(options.prefix, topic).substr(subtree_of(options.prefix, options.server).size());
    const Published value{.epoch = epoch, .count = count + 1, .item = numbered};
    if (numbered.item.gone) {
        if (own.erase(tail) == 0) return true;
        ++counts.deleted;
    } else {
        auto& entry = own[tail];
        entry.table = table;
        const auto hash = hash_of(epoch, numbered);
        if (entry.value == hash) return true;
        entry.value = hash;
    }
    ++count;
    return keep(topic, tail, value);
}

bool Broker::Inside::keep(const Topic& topic, const std::string& tail, const Published& value) {
    const auto name = encode_topic(options.prefix, topic);
    const bool is_gone = value.item.item.gone;
    // listeners learn it from the first; the second takes the topic away
    if ((is_gone || settles) && !put(name, encode(value), {.qos = settles ? 0 : 1})) return false;
    if (settles) {
        unkept[tail] = value;
        return true;
    }
    return put(name, is_gone ? std::string() : encode(value), {.qos = 1, .retain = true});
}

// A nats-server hears nothing more from a client whose retained message waits for a leader, its beats
// neither. So after a cut that others may not even have noticed what changes is told at once, and again with
// each beat for those who come back as we did; the broker is asked to hold it when there are leaders again.
void Broker::Inside::tick_settling(Moment now) {
    if (!settles) return;
    if (now >= *settles) return settle();
    if (now - retold < options.heartbeat) return;
    retold = now;
    std::size_t told = 0;
    for (const auto& [tail, value] : unkept) {
        if (++told > most_retold || client->queued() >= 512 * 1024) return;
        if (!put(subtree_of(options.prefix, options.server) + tail, encode(value), {.qos = 0})) return;
    }
}

void Broker::Inside::settle() {
    settles.reset();
    for (const auto& [tail, value] : std::exchange(unkept, {}))
        if (!keep(topic_of(options.server, value.item.item), tail, value)) return;
    if (table_whole) delete_stale();
}

bool Broker::Inside::publish(const Items& items) {
    if (items.origin != options.server) return true;
    if (items.begin) {
        ++table;
        in_table = true;
        table_whole = false;
    }
    for (const auto& item : items.items)
        if (!publish(items.epoch, item)) return false;
    if (!items.upto) return true;
    own_upto = *items.upto;
    if (in_table) delete_stale();
    in_table = false;
    table_whole = true;
    return publish_standing();
}

void Broker::Inside::delete_stale() {
    if (settles) return;
    const auto subtree = subtree_of(options.prefix, options.server);
    for (auto at = own.begin(); at != own.end();) {
        if (at->second.table == table) {
            ++at;
            continue;
        }
        if (!put(subtree + at->first, {}, {.qos = 1, .retain = true})) return;
        ++counts.deleted;
        at = own.erase(at);
    }
}

// "Up" is said when the table it counts for is at the broker: messages of one connection keep their order.
// After a cut that nobody else noticed the broker says it still, and nothing need be said: in a cluster that
// lost a node a retained message may take seconds.
bool Broker::Inside::publish_standing() {
    if (!node) return true;
    const bool whole = table_whole && own_upto >= node->seq;
    const Standing standing{.relay = !node->leaving,
                            .asterisk = node->up && whole,
                            .epoch = node->epoch,
                            .instance = options.instance};
    const Standing well{.relay = true, .asterisk = true, .epoch = node->epoch, .instance = options.instance};
    if (left_there == well && node->up && !node->leaving) {
        if (!whole) return true;
        said = well;
    }
    left_there.reset();
    if (said == standing) return true;
    said = standing;
    const auto topic = encode_topic(options.prefix, {.kind = TopicKind::status, .server = options.server});
    if (has_others() && !put(topic, encode(standing), {.qos = 0})) return false;  // see tick_settling
    return put(topic, encode(standing), {.qos = 1, .retain = true});
}

// The first beat follows at once: others wait for it.
bool Broker::Inside::take_node(const Node& its_node) {
    const bool first = !node;
    node = its_node;
    if (!publish_standing()) return false;
    if (first) send_beat();
    return true;
}

bool Broker::send(const Frame& frame) {
    auto& it = *inside_;
    if (it.phase != Inside::Phase::up) return false;
    if (const auto* items = std::get_if<Items>(&frame)) return it.publish(*items);
    const auto* nodes = std::get_if<Nodes>(&frame);
    if (nodes == nullptr) return true;
    for (const auto& node : nodes->nodes)
        if (node.server == it.options.server && !it.take_node(node)) return false;
    return true;
}

bool Broker::has_room() const {
    inside_->full = inside_->client->queued() >= 512 * 1024;
    return !inside_->full;
}

}  // namespace pbx::devstate
