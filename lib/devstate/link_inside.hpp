// Inside devstate's links only: what the accepting, the dialling and the living of a link share.
#pragma once

#include "devstate/link.hpp"
#include "devstate/link_door.hpp"
#include "devstate/link_knocks.hpp"
#include "devstate/link_table.hpp"
#include "net/bell.hpp"
#include "net/websocket.hpp"

#include <chrono>
#include <map>
#include <string>

namespace pbx::devstate {

// One connection that is the link to its server.
struct LiveLink {
    LiveLink(const net::Executor& executor, LinkPeer its_peer, std::unique_ptr<net::WebSocket> its_socket)
        : peer(std::move(its_peer)), socket(std::move(its_socket)), ended(executor) {}

    LinkPeer peer;
    std::unique_ptr<net::WebSocket> socket;
    std::string reason{};  // why we cut it
    std::uint64_t frames_in = 0, frames_out = 0, bytes_in = 0, bytes_out = 0;
    std::optional<std::chrono::microseconds> round_trip{};
    net::Bell ended;
    bool over = false;
};

// One configured peer that is dialled whenever it isn't linked.
struct LinkDial {
    LinkDial(const net::Executor& executor, PeerAddress its_address)
        : address(std::move(its_address)), changed(executor) {}

    PeerAddress address;
    std::string server{};   // who answered there last
    std::string trouble{};  // why it is not linked
    bool name_taken = false;
    net::Bell changed;  // a link ended, or all is over
};

struct Links::Inside : std::enable_shared_from_this<Links::Inside> {
    Inside(net::Executor its_executor, LinkOptions its_options, LinkEvents its_events)
        : executor(std::move(its_executor)),
          options(std::move(its_options)),
          events(std::move(its_events)),
          own{options.server, new_instance()},
          table(own.server, own.instance),
          empty(executor) {}

    using Self = std::shared_ptr<Inside>;
    using Live = std::shared_ptr<LiveLink>;
    using Dial = std::shared_ptr<LinkDial>;

    // link_accept.cpp
    static net::Task<void> accept(Self self, std::unique_ptr<net::Stream> stream);
    void note_refusal(const std::string& address, const Error& why);
    // link_dial.cpp
    static net::Task<void> keep_dialled(Self self, Dial dial);
    // link_run.cpp: a link's life, from on_up to on_down
    static net::Task<void> run(Self self, LinkPeer peer, std::unique_ptr<net::WebSocket> socket);
    static net::Task<void> beat(Self self, Live live);
    static net::Task<std::string> hear(Self self, Live live);
    void end(LiveLink& link, std::string reason);
    void cut(LinkId id, std::string reason);
    void release(LinkId id);  // its place is free: those who dial its server may want it
    [[nodiscard]] net::WebSocket::Options socket_options() const;
    [[nodiscard]] LinkStatus status_of(const LiveLink& live) const;

    net::Executor executor;
    LinkOptions options;
    LinkEvents events;
    LinkName own;
    LinkTable table;
    Knocks knocks{};
    std::map<std::string, std::size_t> knocking{};  // connections that are no link yet, by address
    std::map<LinkId, Live> live{};
    std::vector<Dial> dials{};
    std::unique_ptr<net::Listener> listener{};
    LinkTotals totals{};
    LinkId last_id = 0;
    std::chrono::steady_clock::time_point quiet_until{};  // refusals are logged one in a while
    std::uint64_t unsaid = 0;
    net::Bell empty;       // no link is left
    bool closing = false;  // no new links
    bool gone = false;     // the owner is: no event
};

// 4000-4999 are an application's own (RFC 6455 7.4.2).
inline constexpr std::uint16_t close_not_needed = 4001;

}  // namespace pbx::devstate
