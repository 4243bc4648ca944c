#include "devstate/relay_status.hpp"

#include "devstate/relay_status_rows.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <nlohmann/json.hpp>

namespace pbx::devstate {

namespace {
using nlohmann::ordered_json;

ordered_json optional_ms(std::optional<double> seconds) {
    return seconds ? ordered_json(rounded_ms(*seconds)) : ordered_json(nullptr);
}

// {"INUSE":3,"NOT_INUSE":117}; states that no lamp has are left out.
ordered_json to_json(const Tally& tally) {
    auto out = ordered_json::object();
    for (std::size_t i = 0; i < tally.lamps.size(); ++i)
        if (tally.lamps.at(i) != 0) out[std::string(name_of(static_cast<State>(i)))] = tally.lamps.at(i);
    return out;
}

ordered_json to_json(const ServerStatus& server) {
    return {{"server", server.view.server},       {"up", server.view.known_up},
            {"dark", server.view.dark},           {"distance", server.view.distance},
            {"items", server.view.items},         {"states", to_json(server.tally)},
            {"presences", server.tally.presences}};
}

ordered_json to_json(const PeerStatus& peer) {
    ordered_json out{{"kind", peer.broker ? "broker" : "link"},
                     {"server", peer.server},
                     {"address", peer.address.substr(0, max_status_text)},
                     {"dialled", peer.dialled},
                     {"up", peer.up},
                     {"trouble", peer.trouble.substr(0, max_status_text)}};
    out["round_trip_us"] = peer.round_trip ? ordered_json(peer.round_trip->count()) : ordered_json(nullptr);
    for (const auto& [name, member] : peer_rows)
        out[name] = peer.*member;
    return out;
}

ordered_json to_json(const Lag& lag) {
    return {{"count", lag.count()},
            {"sum_s", lag.sum},
            {"p50_ms", optional_ms(lag.quantile(0.5))},
            {"p99_ms", optional_ms(lag.quantile(0.99))},
            {"bounds_s", lag.bounds},
            {"counts", lag.counts}};
}

template <class T>
ordered_json list_of(const std::vector<T>& all) {
    auto out = ordered_json::array();
    for (const auto& one : all)
        out.push_back(to_json(one));
    return out;
}
}  // namespace

std::uint64_t Lag::count() const {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::optional<double> Lag::quantile(double part) const {
    const auto all = static_cast<double>(count());
    if (all == 0 || bounds.empty() || counts.size() != bounds.size() + 1) return std::nullopt;
    const double rank = part * all;
    double below = 0;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        const auto here = static_cast<double>(counts[i]);
        if (here > 0 && below + here >= rank) {
            const double low = i == 0 ? 0 : bounds[i - 1];
            return low + (bounds[i] - low) * std::max(0.0, rank - below) / here;
        }
        below += here;
    }
    return bounds.back();
}

std::optional<Lag> Lag::since(const Lag& before) const {
    if (bounds != before.bounds || counts.size() != before.counts.size() || sum < before.sum)
        return std::nullopt;
    Lag out{.bounds = bounds, .counts = counts, .sum = sum - before.sum};
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] < before.counts[i]) return std::nullopt;
        out.counts[i] -= before.counts[i];
    }
    return out;
}

double rounded_ms(double seconds) {
    return std::round(seconds * 1e6) / 1e3;
}

ordered_json to_json(const RelayStatus& status) {
    ordered_json counts;
    for (const auto& [name, member] : count_rows)
        counts[name] = status.counts.*member;
    return {
        {"v", 1},
        {"type", "status"},
        {"server", status.server},
        {"instance", status.instance},
        {"uptime_ms", status.uptime.count()},
        {"trouble", status.trouble.substr(0, max_status_text)},
        {"asterisk_up", status.asterisk_up},
        {"own",
         {{"items", status.own_items}, {"states", to_json(status.own)}, {"presences", status.own.presences}}},
        {"shown",
         {{"lamps", status.lamps},
          {"pending", status.pending},
          {"refused_names", status.refused_names},
          {"states", to_json(status.shown)},
          {"presences", status.shown.presences}}},
        {"servers", list_of(status.servers)},
        {"links", list_of(status.peers)},
        {"counts", std::move(counts)},
        {"lag", to_json(status.lag)}};
}

std::string encode(const RelayStatus& status) {
    return to_json(status).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace pbx::devstate
