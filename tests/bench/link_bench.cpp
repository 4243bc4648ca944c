// The hop of one frame between two relays, and of one value by an MQTT broker: link_bench [FRAMES] [mqtt://…]
// Both sides run on one loop in one process, so a hop is: encode, send, the kernel, receive, decode, call.
#include "devstate/broker.hpp"
#include "devstate/link.hpp"
#include "net/bell.hpp"
#include "net/loop.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <sys/resource.h>

using namespace pbx;
using namespace pbx::devstate;
using namespace std::chrono_literals;
using Micros = std::vector<double>;

namespace {

constexpr auto token = "the bench's own token";

double since(Moment begin) {
    return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin).count();
}

void print(const std::string& what, Micros& times) {
    std::sort(times.begin(), times.end());
    const auto at = [&](double part) {
        return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
    };
    std::printf("%-28s p50 %7.1f us   p99 %7.1f us   max %7.1f us\n", what.c_str(), at(0.5), at(0.99),
                at(1.0));
}

double resident_kb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.rfind("VmRSS:", 0) == 0) return std::strtod(line.c_str() + 6, nullptr);
    return 0;
}

LinkOptions settings(const std::string& server) {
    LinkOptions out;
    out.server = server;
    out.token = Secret(token);
    out.max_links = 10'000;
    return out;
}

struct Sides {
    explicit Sides(net::Loop& loop) : news(loop.executor()) {}
    std::unique_ptr<Links> a, b;
    LinkId to_b = 0;
    int ups = 0;
    Moment sent{};
    Micros times{};
    net::Bell news;
};

net::Task<bool> hops(Sides* sides, int count, std::string frame) {
    while (sides->ups < 2) {
        bool rung = co_await sides->news.wait(5s);
        if (!rung) co_return false;
    }
    for (int i = 0; i < count; ++i) {
        sides->sent = std::chrono::steady_clock::now();
        if (!sides->a->send(sides->to_b, frame)) co_return false;
        bool rung = co_await sides->news.wait(5s);
        if (!rung) co_return false;
    }
    co_return true;
}

bool open_sides(net::Loop& loop, Sides& sides, std::shared_ptr<const net::TlsSide> server,
                std::shared_ptr<const net::TlsSide> client) {
    auto b_options = settings("b");
    b_options.listen = net::ListenOptions{};
    b_options.as_server = server;
    LinkEvents at_b;
    at_b.on_up = [&sides](const LinkPeer&) { ++sides.ups, sides.news.ring(); };
    at_b.on_frame = [&sides](const LinkPeer&, std::string_view) {
        sides.times.push_back(since(sides.sent));
        sides.news.ring();
    };
    auto b = Links::open(loop.executor(), std::move(b_options), std::move(at_b));
    if (!b) return std::fprintf(stderr, "%s\n", b.error().text().c_str()), false;
    sides.b = std::move(*b);
    auto a_options = settings("a");
    a_options.peers = {{.tls = server != nullptr, .host = "127.0.0.1", .port = sides.b->port()}};
    a_options.as_client = client;
    LinkEvents at_a;
    at_a.on_up = [&sides](const LinkPeer& peer) { sides.to_b = peer.id, ++sides.ups, sides.news.ring(); };
    auto a = Links::open(loop.executor(), std::move(a_options), std::move(at_a));
    if (!a) return std::fprintf(stderr, "%s\n", a.error().text().c_str()), false;
    sides.a = std::move(*a);
    return true;
}

bool bench_link(const std::string& what, int count, std::shared_ptr<const net::TlsSide> server,
                std::shared_ptr<const net::TlsSide> client) {
    net::Loop loop;
    Sides sides(loop);
    if (!open_sides(loop, sides, std::move(server), std::move(client))) return false;
    const std::string frame(120, 'x');  // one item's
    if (!loop.run_to_end(hops(&sides, count, frame)).value_or(false)) return false;
    print(what, sides.times);
    return true;
}

// Many servers linked with one, both ends here: half of what is added is one end's.
bool bench_memory(int count) {
    net::Loop loop;
    int ups = 0;
    net::Bell news(loop.executor());
    LinkEvents events;
    events.on_up = [&](const LinkPeer&) { ++ups, news.ring(); };
    auto hub_options = settings("hub");
    hub_options.listen = net::ListenOptions{.max_connections = 10'000};
    auto hub = Links::open(loop.executor(), std::move(hub_options), events);
    if (!hub) return false;
    const auto before = resident_kb();
    std::vector<std::unique_ptr<Links>> all;
    for (int i = 0; i < count; ++i) {
        auto options = settings("s" + std::to_string(i));
        options.peers = {{.tls = false, .host = "127.0.0.1", .port = (*hub)->port()}};
        auto one = Links::open(loop.executor(), std::move(options), events);
        if (!one) return false;
        all.push_back(std::move(*one));
    }
    const auto come = [](int* came, int wanted, net::Bell* bell) -> net::Task<bool> {
        while (*came < wanted) {
            bool rung = co_await bell->wait(10s);
            if (!rung) co_return false;
        }
        co_return true;
    };
    if (!loop.run_to_end(come(&ups, 2 * count, &news)).value_or(false)) return false;
    std::printf("%-28s %.1f kB an end (%d links)\n", "link, memory", (resident_kb() - before) / (2.0 * count),
                count);
    return true;
}

struct ByBroker {
    explicit ByBroker(net::Loop& loop) : news(loop.executor()) {}
    std::unique_ptr<Hub> a, b;
    std::unique_ptr<Broker> to, from;
    Moment sent{};
    Micros times{};
    int heard = 0;
    net::Bell news;
};

std::unique_ptr<Broker> open_broker(net::Loop& loop, ByBroker& it, const std::string& url,
                                    const std::string& name) {
    auto parsed = mqtt::BrokerUrl::parse(url);
    if (!parsed) return nullptr;
    BrokerOptions options;
    options.client.url = *parsed;
    options.server = name;
    options.link = 1;
    options.prefix = "bench";
    options.instance = name == "a" ? 1 : 2;
    auto& hub = name == "a" ? it.a : it.b;
    auto& broker = name == "a" ? it.to : it.from;
    hub = std::make_unique<Hub>(HubSettings{.server = name, .instance = options.instance});
    const auto pump = [&] {
        while (auto frame = hub->next(1))
            if (!broker || !broker->send(*frame)) return;
    };
    const auto apply = [&it, &hub, pump](HubEvent event) {
        for (const auto& action : hub->on(std::move(event), std::chrono::steady_clock::now()))
            if (std::holds_alternative<Show>(action)) {
                it.times.push_back(since(it.sent));
                ++it.heard;
                it.news.ring();
            }
        pump();
    };
    BrokerEvents events;
    events.on_up = [apply](const std::string& at) {
        apply(OwnTable{});
        apply(LinkUp{.link = 1, .server = at, .bus = true});
    };
    events.on_news = apply;
    auto opened = Broker::open(loop.executor(), std::move(options), std::move(events));
    if (!opened) return std::fprintf(stderr, "%s\n", opened.error().text().c_str()), nullptr;
    return std::move(*opened);
}

net::Task<bool> values(ByBroker* it, int count) {
    co_await net::sleep_for(3s);  // both know each other
    for (int i = 0; i < count; ++i) {
        Item item;
        item.name = "101";
        item.state = i % 2 == 0 ? State::inuse : State::ringing;
        it->sent = std::chrono::steady_clock::now();
        const int before = it->heard;
        static_cast<void>(it->a->on(OwnItem{std::move(item)}, it->sent));
        while (const auto frame = it->a->next(1))
            if (!it->to->send(*frame)) co_return false;
        while (it->heard == before) {
            bool rung = co_await it->news.wait(5s);
            if (!rung) co_return false;
        }
    }
    co_return true;
}

bool bench_broker(int count, const std::string& url) {
    net::Loop loop;
    ByBroker it(loop);
    it.from = open_broker(loop, it, url, "b");
    it.to = open_broker(loop, it, url, "a");
    if (!it.to || !it.from || !loop.run_to_end(values(&it, count)).value_or(false)) return false;
    print("by " + url, it.times);
    return true;
}

}  // namespace

int main(int count, char** words) {
    const int frames = count > 1 ? std::atoi(words[1]) : 20'000;
    bool good = bench_link("link", frames, nullptr, nullptr);
    if (const char* folder = std::getenv("LINK_BENCH_CERTIFICATES"); folder != nullptr) {
        const std::string at = folder;
        const net::TlsFiles files{
            .ca_file = at + "/ca.pem", .certificate = at + "/b.pem", .key = at + "/b.key"};
        const auto server = net::TlsSide::server(files), client = net::TlsSide::client(files);
        good = good && server && client && bench_link("link, TLS both ways", frames, *server, *client);
    }
    good = bench_memory(200) && good;
    if (count > 2) good = bench_broker(std::min(frames, 5'000), words[2]) && good;
    return good ? 0 : 1;
}
