#include "devstate/broker.hpp"

#include "core/log.hpp"
#include "devstate/broker_inside.hpp"
#include "net/loop.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace pbx::devstate {

namespace {

constexpr int looks_each = 10;  // `dead` times, at our own status
constexpr std::chrono::milliseconds least_stall{100};
constexpr std::size_t little_queued = 64 * 1024;  // a beat behind more may well be late

Result<void> check(const BrokerOptions& options) {
    if (!is_server_name(options.server))
        return fail(Code::config, "no server name", options.server,
                    "letters, digits, '.', '_' and '-', at most 40");
    if (!is_prefix(options.prefix))
        return fail(Code::config, "no topic prefix", options.prefix, "letters, digits, '_', '-' and '/'");
    return {};
}

}  // namespace

Moment broker_now() {
    return std::chrono::steady_clock::now();
}

std::uint64_t broker_microseconds(Moment moment) {
    return static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(moment.time_since_epoch()).count());
}

void Broker::Inside::on_connected(const std::string& broker) {
    counts.broker = broker;
    phase = Phase::listing;
    const auto now = broker_now();
    // who was heard just now need not be heard again; its status comes with the rest
    std::erase_if(others, [&](const auto& one) {
        return !one.second.heard || now - *one.second.heard >= options.dead;
    });
    for (auto& [name, it] : others)
        it = Other{.heard = it.heard};
    own.clear();
    unkept.clear();
    settles.reset();
    rival.reset();
    left_there.reset();
    left_epoch = 0;
    asked.clear();
    mark_came = false;
    listed = marked = news = now;
    const auto subtree = subtree_of(options.prefix, options.server);
    for (const auto& filter : {subtree + "mark", subtree + "ds/+", subtree + "ps/+",
                               options.prefix + "/+/status", options.prefix + "/+/beat"})
        ask(filter);
    mark(0);
}

void Broker::Inside::on_lost(const Error& why) {
    const bool told_so = phase == Phase::down && counts.trouble == why.text();  // try after try
    counts.trouble = why.text();
    if (phase != Phase::down) log::warning("devstate: broker {} is lost: {}", counts.broker, counts.trouble);
    phase = Phase::down;
    if (told_up) {
        if (!lost) lost = broker_now();
    } else if (!told_so && events.on_down) {
        events.on_down(counts.trouble);
    }
}

// A connection that is soon back is not told as lost until now: what it missed comes with the tables.
void Broker::Inside::go_up() {
    go_down("connected anew");
    phase = Phase::up;
    counts.trouble.clear();
    lost.reset();
    said.reset();
    node.reset();
    own_upto = 0;
    in_table = table_whole = false;
    const auto now = broker_now();
    own_beat = now;
    next_look = now + options.dead;
    if (has_others() && left_there && left_there->relay && left_there->instance == options.instance)
        settles = now + options.settling;
    told_up = true;
    log::info("devstate: broker {} is up, it has {} items of ours", counts.broker, own.size());
    if (events.on_news) events.on_news(OwnEpoch{left_epoch});
    if (events.on_up) events.on_up(counts.broker);
    for (auto& [name, it] : others)
        judge(name, it, now);
}

void Broker::Inside::go_down(const std::string& reason) {
    lost.reset();
    if (std::exchange(told_up, false) && events.on_down) events.on_down(reason);
}

void Broker::Inside::send_beat() {
    next_beat = broker_now() + options.heartbeat;
    if (!node) return;
    const auto topic = encode_topic(options.prefix, {.kind = TopicKind::beat, .server = options.server});
    const Beat beat{.epoch = node->epoch,
                    .instance = options.instance,
                    .count = count,
                    .time = broker_microseconds(broker_now())};
    static_cast<void>(client->publish(topic, encode(beat), {.qos = 0}));
}

void Broker::Inside::tick(Moment now) {
    // what came while we ourselves stood still is not heard yet
    const auto stood = now - std::exchange(ticked, now) - options.heartbeat / 4;
    if (stood > std::max(options.heartbeat / 8, least_stall)) {
        news = std::min(now, news + stood);
        if (own_beat) own_beat = std::min(now, *own_beat + stood);
    }
    if (lost && now - *lost >= options.dead) go_down(counts.trouble);
    switch (phase) {
        case Phase::down:
            return;
        case Phase::listing:
            return tick_listing(now);
        case Phase::listening:  // a beat and a half of silence: nobody is there
            if (now - *rival >= options.heartbeat * 3 / 2) {
                rival.reset();
                go_up();
            }
            return;
        case Phase::silent:
            if (now - *rival >= options.dead) client->reconnect("the other relay of our name is gone");
            return;
        case Phase::up:
            break;
    }
    tick_up(now);
}

void Broker::Inside::tick_up(Moment now) {
    if (now >= next_beat) send_beat();
    if (!node) own_beat = now;  // no beat of ours is out
    if (now - *own_beat >= options.dead) return client->reconnect("our own beat does not come back");
    // a node of a cluster that stands still is left for another as soon as a beat is surely late
    const auto round_trip = counts.round_trip.value_or(std::chrono::microseconds(0));
    const auto most = std::max<Moment::duration>(options.heartbeat * 3 / 2, round_trip * 4);
    if (has_others() && node && now - news >= most) return client->reconnect("nothing is heard of it");
    if (has_others() && now - *own_beat >= most && client->queued() < little_queued)
        return client->reconnect("our own beat is late");
    tick_settling(now);
    if (now >= next_look) {
        next_look = now + options.dead * looks_each;
        ask(encode_topic(options.prefix, {.kind = TopicKind::status, .server = options.server}));
    }
    for (auto& [name, it] : others)
        judge(name, it, now);
}

net::Task<void> Broker::Inside::watch(Self self) {
    while (!self->gone) {
        bool ended =
            co_await self->stopped.wait(std::max(self->options.heartbeat / 4, std::chrono::milliseconds{1}));
        if (ended || self->gone) co_return;
        self->tick(broker_now());
    }
}

Broker::Broker(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}

Result<std::unique_ptr<Broker>> Broker::open(net::Executor executor, BrokerOptions options,
                                             BrokerEvents events) {
    if (auto good = check(options); !good) return tl::unexpected(good.error());
    options.client.client_id = "pbxctl-" + options.server + "-" + std::to_string(options.instance);
    options.client.first = std::hash<std::string>{}(options.server);  // not all at one node of a cluster
    options.client.will = mqtt::Will{
        .topic = encode_topic(options.prefix, {.kind = TopicKind::status, .server = options.server}),
        .payload = encode(Standing{.instance = options.instance})};
    auto inside = std::make_shared<Inside>(std::move(executor), std::move(options), std::move(events));
    auto* it = inside.get();
    mqtt::ClientEvents heard{
        .on_up = [it](const std::string& broker) { it->on_connected(broker); },
        .on_down = [it](const Error& why) { it->on_lost(why); },
        .on_message = [it](const mqtt::Message& message) { it->hear(message); },
        .on_subscribed = [it](int token, bool granted) { it->hear_granted(token, granted); },
        .on_published =
            [it](int) {
                if (!it->full || it->client->queued() >= 512 * 1024) return;
                it->full = false;
                if (it->phase == Inside::Phase::up && it->events.on_room) it->events.on_room();
            },
    };
    auto client = mqtt::Client::open(inside->executor, inside->options.client, std::move(heard));
    if (!client) return tl::unexpected(client.error());
    inside->client = std::move(*client);
    inside->ticked = broker_now();
    net::spawn(inside->executor, Inside::watch(inside));
    return std::unique_ptr<Broker>(new Broker(std::move(inside)));
}

Broker::~Broker() {
    inside_->gone = true;
    inside_->client.reset();
    inside_->stopped.ring();
}

BrokerStatus Broker::status() const {
    auto out = inside_->counts;
    out.up = inside_->phase == Inside::Phase::up;
    out.own_items = inside_->own.size();
    out.queued = inside_->client->queued();
    out.servers = static_cast<std::size_t>(std::count_if(inside_->others.begin(), inside_->others.end(),
                                                         [](const auto& one) { return one.second.up; }));
    return out;
}

bool Broker::is_name_taken() const {
    return inside_->phase == Inside::Phase::silent;
}

net::Task<void> Broker::close(std::chrono::milliseconds limit) {
    if (inside_->phase == Inside::Phase::up && inside_->node) {
        inside_->node->leaving = true;
        static_cast<void>(inside_->publish_standing());
    }
    return inside_->client->close(limit);
}

}  // namespace pbx::devstate
