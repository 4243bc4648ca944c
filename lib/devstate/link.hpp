// Links to other relays over WebSocket: dials, accepts, proves who is there, keeps the beat, reconnects. It
// carries frames as text and knows nothing of what is in them. Between two servers there is one link at most,
// however many of them dial.
#pragma once

#include "core/secret.hpp"
#include "net/listener.hpp"
#include "net/tls.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::devstate {

[[nodiscard]] bool is_loopback(std::string_view host);

// wss://host[:port][/path]; ws:// is for loopback, or for where `plain` was said.
struct PeerAddress {
    bool tls = true;
    std::string host{};
    std::uint16_t port = 0;  // 8977 when not given
    std::string path = "/devstate";

    // config: no such URL, a password in it, or ws:// to another machine while `plain` is false.
    [[nodiscard]] static Result<PeerAddress> parse(std::string_view url, bool plain);
    [[nodiscard]] std::string text() const;  // "wss://b.example.com:8977/devstate"
};

struct LinkOptions {
    std::string server{};              // own name
    std::vector<PeerAddress> peers{};  // to dial
    std::optional<net::ListenOptions> listen{};
    std::string path = "/devstate";
    bool plain = false;                               // listen without TLS on more than loopback
    std::shared_ptr<const net::TlsSide> as_client{};  // needed for wss:// peers
    std::shared_ptr<const net::TlsSide> as_server{};  // empty: no TLS where we listen
    bool certificates = false;                        // as_server demands the peer's certificate
    Secret token{};                                   // shown when dialling, demanded when accepting
    std::chrono::milliseconds heartbeat{1'000};       // a ping each
    std::chrono::milliseconds dead{3'000};            // nothing heard for so long: gone
    std::chrono::milliseconds connect{5'000};         // name, TCP, TLS and upgrade together
    std::chrono::milliseconds first_retry{200}, last_retry{10'000};
    std::size_t max_frame = 256 * 1024;
    std::size_t max_queue = 4 * 1024 * 1024;  // bytes to one peer that its socket has not taken: over it, cut
    std::size_t max_links = 64;
    std::function<double()> chance{};  // [0, 1), for the back-off's jitter; the system's when empty
};

using LinkId = std::uint32_t;  // of one connection; never used again

struct LinkPeer {
    LinkId id = 0;
    std::string server{};   // as it says itself; not our own name
    std::string address{};  // "192.0.2.7:8977", for logs
    bool dialled = false;   // by us
};

// Called on the loop, never from inside a function of Links. All may call those functions.
struct LinkEvents {
    std::function<void(const LinkPeer& peer)> on_up;
    std::function<void(const LinkPeer& peer, std::string_view frame)> on_frame;
    std::function<void(const LinkPeer& peer, const std::string& reason)> on_down;  // once per on_up
    // The queue of a link that held queue_enough or more has fallen below it: Hub::next() is asked again.
    std::function<void(const LinkPeer& peer)> on_room;
};

struct LinkStatus {
    LinkPeer peer{};          // id 0: not linked now; `address` is then the URL
    std::string trouble{};    // why not, empty when linked
    bool name_taken = false;  // that is: another relay has our name there
    std::size_t queued = 0;
    std::uint64_t frames_in = 0, frames_out = 0, bytes_in = 0, bytes_out = 0;
    std::optional<std::chrono::microseconds> round_trip{};  // of the last heartbeat
};

struct LinkTotals {
    std::uint64_t ups = 0, downs = 0, refused = 0, overflows = 0;  // refused: connections without token, …
};

class Links {
  public:
    // Listens at once and dials when the loop runs. config: what can't be (no token and no certificates,
    // listening on the network without TLS); unavailable: the address is taken.
    [[nodiscard]] static Result<std::unique_ptr<Links>> open(net::Executor executor, LinkOptions options,
                                                             LinkEvents events);
    ~Links();  // cuts; no event is called any more
    Links(const Links&) = delete;
    Links& operator=(const Links&) = delete;

    // false: no such link, or its queue is full: then the link is cut, on_down follows, and when it is back
    // the relay sends everything anew.
    bool send(LinkId id, std::string_view frame);
    // Bytes of this link its socket has not taken. The relay stops asking the hub for frames at queue_enough
    // until on_room: what changes meanwhile waits in the hub's table, its newest value only.
    [[nodiscard]] std::size_t queued(LinkId id) const;
    static constexpr std::size_t queue_enough = 512 * 1024;
    void cut(LinkId id, std::string reason);  // e.g. for a frame that is nonsense; on_down follows

    [[nodiscard]] std::vector<LinkStatus> status() const;  // links, then peers dialled in vain
    [[nodiscard]] LinkTotals totals() const;
    [[nodiscard]] std::uint16_t port() const;  // 0: not listening
    // What is queued is sent and peers are told, within `limit`; no new links.
    [[nodiscard]] net::Task<void> close(std::chrono::milliseconds limit);

    struct Inside;

  private:
    explicit Links(std::shared_ptr<Inside> inside);
    std::shared_ptr<Inside> inside_;
};

}  // namespace pbx::devstate
