// What a running relay says of itself on /status, and its codec: one JSON document, version 1. No name of an
// extension and no secret is in it. Who asks for it and who answers is not known here.
#pragma once

#include "core/result.hpp"
#include "devstate/hub.hpp"
#include "devstate/tally.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace pbx::devstate {

constexpr std::size_t max_status = 1024 * 1024;  // bytes of one document
constexpr std::size_t max_status_peers = 1024;   // links in one
constexpr std::size_t max_status_text = 2'000;   // bytes of a trouble or an address: the rest is left out

struct ServerStatus {
    ServerView view{};
    Tally tally{};
    friend bool operator==(const ServerStatus&, const ServerStatus&) = default;
};

struct PeerStatus {        // a link to another relay, or the broker
    std::string server{};  // of the other side; empty: not known, or the broker
    std::string address{};
    bool broker = false;
    bool dialled = false;  // by us
    bool up = false;
    std::string trouble{};  // why it isn't up
    std::optional<std::chrono::microseconds> round_trip{};
    std::uint64_t queued = 0;
    std::uint64_t in = 0, out = 0;              // frames; a broker's messages
    std::uint64_t bytes_in = 0, bytes_out = 0;  // links alone
    friend bool operator==(const PeerStatus&, const PeerStatus&) = default;
};

struct RelayCounts {                                                        // since its start
    std::uint64_t written = 0, suppressed = 0, refused = 0, put_right = 0;  // WriterCounts
    std::uint64_t taken = 0, stale = 0, echoes = 0, nonsense = 0;           // HubCounts, and bad frames
    std::uint64_t link_downs = 0, links_refused = 0, link_overflows = 0;    // LinkTotals
    friend bool operator==(const RelayCounts&, const RelayCounts&) = default;
};

// Seconds from another server's change reaching the relay to Asterisk's confirming it: a histogram.
struct Lag {
    std::vector<double> bounds{};         // upper ones, rising
    std::vector<std::uint64_t> counts{};  // one for each bound, and what is above them all
    double sum = 0;

    [[nodiscard]] std::uint64_t count() const;
    // Seconds that this part (0 to 1) stays within, by a straight line through its bucket; what is above all
    // bounds counts as the last. Nothing: nothing was counted.
    [[nodiscard]] std::optional<double> quantile(double part) const;
    // What came since; nothing if that can't be: other buckets, or counts that fell.
    [[nodiscard]] std::optional<Lag> since(const Lag& before) const;
    friend bool operator==(const Lag&, const Lag&) = default;
};

[[nodiscard]] double rounded_ms(double seconds);  // milliseconds, to the microsecond

struct RelayStatus {
    std::string server{};        // empty: Asterisk, which has the name, was never there yet
    std::uint64_t instance = 0;  // of this life of the relay; 0: as long as it has no name
    std::chrono::milliseconds uptime{};
    std::string trouble{};  // empty: all is well
    bool asterisk_up = false;
    std::size_t own_items = 0, lamps = 0, pending = 0, refused_names = 0;
    Tally own{}, shown{};
    std::vector<ServerStatus> servers{};  // the others
    std::vector<PeerStatus> peers{};
    RelayCounts counts{};
    Lag lag{};
    friend bool operator==(const RelayStatus&, const RelayStatus&) = default;
};

// {"v":1,"type":"status","server":…}; what is not UTF-8 in it becomes U+FFFD.
[[nodiscard]] nlohmann::ordered_json to_json(const RelayStatus& status);
[[nodiscard]] std::string encode(const RelayStatus& status);

// Hostile input: within the limits and of this shape, or an error (protocol). Its texts are fit for a
// terminal; members that are not known are passed over, counts that are missing are 0.
[[nodiscard]] Result<RelayStatus> decode_status(std::string_view text);

}  // namespace pbx::devstate
