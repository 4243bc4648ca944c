// A broker of MQTT 3.1.1 on the test's own loop with the freedoms that real ones take: what it holds may come
// late, after what was published since, and what is of QoS 0 may be lost. Nothing of an MQTT that pbxctl does
// not speak.
#pragma once

#include "net/bell.hpp"
#include "net/listener.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace pbx::test {

class OddBroker {
  public:
    std::chrono::milliseconds lateness{0};                    // of what it holds
    std::function<bool(const std::string& topic)> is_lost{};  // of QoS 0

    explicit OddBroker(net::Loop& loop) : executor_(loop.executor()) {
        auto opened = net::Listener::open(executor_, {}, [this](std::unique_ptr<net::Stream> stream) {
            return serve(this, std::move(stream));
        });
        if (!opened) std::abort();
        listener_ = std::move(*opened);
    }
    [[nodiscard]] std::string url() const { return "mqtt://127.0.0.1:" + std::to_string(listener_->port()); }

  private:
    struct Client {
        Client(net::Executor executor, std::unique_ptr<net::Stream> its_stream)
            : stream(std::move(its_stream)), some(std::move(executor)) {}
        std::unique_ptr<net::Stream> stream;
        net::Bell some;
        std::string in, out;
        std::set<std::string> filters;
        bool over = false;
    };
    using Shared = std::shared_ptr<Client>;

    static net::Task<void> serve(OddBroker* self, std::unique_ptr<net::Stream> stream) {
        auto client = std::make_shared<Client>(self->executor_, std::move(stream));
        self->clients_.push_back(client);
        net::spawn(self->executor_, write(client));
        std::array<char, 4096> part;
        while (true) {
            auto got = co_await client->stream->read_some(part, net::no_deadline);
            if (!got || *got == 0) break;
            client->in.append(part.data(), *got);
            while (self->take(client)) {
            }
        }
        client->over = true;
        client->some.ring();
        std::erase(self->clients_, client);
    }
    static net::Task<void> write(Shared client) {
        while (!client->over) {
            std::string bytes = std::exchange(client->out, {});
            if (!bytes.empty()) {
                auto written = co_await client->stream->write_all(std::move(bytes), std::chrono::seconds(10));
                if (!written) co_return;
                continue;
            }
            bool rung = co_await client->some.wait(net::no_deadline);
            static_cast<void>(rung);
        }
    }
    static net::Task<void> give_later(OddBroker* self, Shared client, std::string filter) {
        co_await net::sleep_for(self->lateness);
        self->give(*client, filter);
    }
    void give(Client& client, const std::string& filter) {
        for (const auto& [topic, payload] : held_)
            if (fits(filter, topic)) publish(client, topic, payload, true);
    }

    static void put(Client& client, char kind, const std::string& body) {
        client.out += kind;
        auto size = body.size();
        do {
            client.out += static_cast<char>((size & 0x7f) | (size > 0x7f ? 0x80 : 0));
            size >>= 7;
        } while (size != 0);
        client.out += body;
        client.some.ring();
    }
    static std::size_t number(const std::string& body, std::size_t at) {
        return static_cast<std::size_t>(static_cast<unsigned char>(body[at])) << 8 |
               static_cast<unsigned char>(body[at + 1]);
    }
    static void publish(Client& client, const std::string& topic, const std::string& payload, bool held) {
        const std::string size{static_cast<char>(topic.size() >> 8), static_cast<char>(topic.size() & 0xff)};
        put(client, static_cast<char>(0x30 | (held ? 1 : 0)), size + topic + payload);
    }
    static bool fits(const std::string& filter, const std::string& topic) {  // '+' for one level
        std::size_t f = 0, t = 0;
        while (f < filter.size() && t <= topic.size()) {
            if (filter[f] == '+') {
                ++f;
                t = std::min(topic.find('/', t), topic.size());
            } else if (t < topic.size() && filter[f] == topic[t]) {
                ++f, ++t;
            } else {
                return false;
            }
        }
        return f == filter.size() && t == topic.size();
    }

    // One packet; false: it is not whole.
    bool take(const Shared& client) {
        std::size_t size = 0, head = 1;
        for (unsigned shift = 0;; shift += 7) {
            if (head >= client->in.size()) return false;
            const auto byte = static_cast<unsigned char>(client->in[head++]);
            size |= static_cast<std::size_t>(byte & 0x7f) << shift;
            if ((byte & 0x80) == 0) break;
        }
        if (client->in.size() < head + size) return false;
        const auto kind = static_cast<unsigned char>(client->in[0]);
        const auto body = client->in.substr(head, size);
        client->in.erase(0, head + size);
        act(client, kind, body);
        return true;
    }
    void act(const Shared& client, unsigned char kind, const std::string& body) {
        switch (kind >> 4) {
            case 1:
                return put(*client, 0x20, std::string(2, '\0'));
            case 3:
                return take_publication(*client, kind, body);
            case 8: {
                const auto filter = body.substr(4, number(body, 2));
                client->filters.insert(filter);
                put(*client, static_cast<char>(0x90), body.substr(0, 2) + std::string(1, '\0'));
                if (lateness.count() == 0) return give(*client, filter);
                return net::spawn(executor_, give_later(this, client, filter));
            }
            case 10:
                client->filters.erase(body.substr(4, number(body, 2)));
                return put(*client, static_cast<char>(0xb0), body.substr(0, 2));
            case 12:
                return put(*client, static_cast<char>(0xd0), {});
            default:
                return;
        }
    }
    void take_publication(Client& from, unsigned char kind, const std::string& body) {
        const auto end = 2 + number(body, 0);
        const auto topic = body.substr(2, end - 2);
        const bool sure = (kind & 2) != 0;
        const auto payload = body.substr(end + (sure ? 2 : 0));
        if (sure) put(from, 0x40, body.substr(end, 2));
        if (!sure && is_lost && is_lost(topic)) return;
        if ((kind & 1) != 0 && payload.empty()) held_.erase(topic);
        if ((kind & 1) != 0 && !payload.empty()) held_[topic] = payload;
        for (const auto& client : clients_)
            if (std::any_of(client->filters.begin(), client->filters.end(),
                            [&](const auto& filter) { return fits(filter, topic); }))
                publish(*client, topic, payload, false);
    }

    net::Executor executor_;
    std::unique_ptr<net::Listener> listener_;
    std::vector<Shared> clients_;
    std::map<std::string, std::string> held_;
};

}  // namespace pbx::test
