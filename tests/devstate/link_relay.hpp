// One relay's links and all that it was told.
#pragma once

#include "devstate/link.hpp"
#include "net/bell.hpp"
#include "net/loop.hpp"
#include "net/resolve.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace pbx::devstate::linked {

using namespace std::chrono_literals;

inline constexpr auto token = "a token of the test's own";
using Log = std::vector<std::string>;

// One relay's links, and all that it was told.
struct Relay {
    explicit Relay(net::Loop& its_loop) : loop(its_loop), news(loop.executor()) {}

    void open(LinkOptions options) {
        auto opened = Links::open(loop.executor(), std::move(options), events());
        if (!opened) FAIL(opened.error().text());
        links = std::move(*opened);
    }
    LinkEvents events() {
        return {.on_up =
                    [this](const LinkPeer& peer) {
                        up[peer.server] = peer;
                        ++ups;
                        news.ring();
                    },
                .on_frame =
                    [this](const LinkPeer& peer, std::string_view frame) {
                        frames.push_back(peer.server + ":" + std::string(frame));
                        news.ring();
                    },
                .on_down =
                    [this](const LinkPeer& peer, const std::string& reason) {
                        if (up.count(peer.server) != 0 && up[peer.server].id == peer.id)
                            up.erase(peer.server);
                        downs.push_back(reason);
                        news.ring();
                    },
                .on_room = [this](const LinkPeer&) { ++rooms, news.ring(); }};
    }

    net::Loop& loop;
    net::Bell news;
    std::unique_ptr<Links> links;
    std::map<std::string, LinkPeer> up;
    int ups = 0, rooms = 0;
    Log frames, downs;
};

inline LinkOptions settings(const std::string& server) {
    LinkOptions out;
    out.server = server;
    out.token = Secret(token);
    out.first_retry = 1ms;
    out.last_retry = 5ms;
    out.connect = 10s;
    out.dead = 10s;
    out.heartbeat = 5ms;
    return out;
}

inline LinkOptions listening(const std::string& server, std::uint16_t port = 0) {
    auto out = settings(server);
    out.listen = net::ListenOptions{.port = port};
    return out;
}

inline PeerAddress at(std::uint16_t port, bool tls = false) {
    return {.tls = tls, .host = "127.0.0.1", .port = port};
}

// Waits until `is_so`; false: it wasn't so in time.
inline net::Task<bool> until(Relay* relay, std::function<bool()> is_so) {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() > end) co_return false;
        bool rung = co_await relay->news.wait(20ms);  // not all that is waited for rings
        static_cast<void>(rung);
    }
    co_return true;
}

inline bool comes(net::Loop& loop, Relay& relay, std::function<bool()> is_so) {
    return loop.run_to_end(until(&relay, std::move(is_so))).value_or(false);
}

inline std::string trouble(const Relay& relay) {
    for (const auto& status : relay.links->status())
        if (!status.trouble.empty()) return status.trouble;
    return {};
}

}  // namespace pbx::devstate::linked
