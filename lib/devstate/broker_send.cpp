#include "devstate/broker_inside.hpp"

#include <functional>

namespace pbx::devstate {

namespace {

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
    const auto topic = encode_topic(options.prefix, topic_of(options.server, numbered.item));
    const auto tail = topic.substr(subtree_of(options.prefix, options.server).size());
    const Published value{.epoch = epoch, .count = count + 1, .item = numbered};
    if (numbered.item.gone) {
        if (own.erase(tail) == 0) return true;
        ++count;
        ++counts.deleted;
        // listeners learn it from the first; the second takes the topic away
        return put(topic, encode(value), {.qos = 1, .retain = false}) &&
               put(topic, {}, {.qos = 1, .retain = true});
    }
    auto& entry = own[tail];
    entry.table = table;
    const auto hash = hash_of(epoch, numbered);
    if (entry.value == hash) return true;
    entry.value = hash;
    ++count;
    return put(topic, encode(value), {.qos = 1, .retain = true});
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
