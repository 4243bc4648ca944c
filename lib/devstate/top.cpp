#include "devstate/top.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace pbx::devstate {

namespace {
// In the order of their weight: a narrow window cuts the last ones.
constexpr TopColumn relay_columns[] = {
    {"relay"},         {"asterisk"},        {"up", true},      {"told", true},      {"lamps", true},
    {"waiting", true}, {"written/s", true}, {"p50_ms", true},  {"p99_ms", true},    {"news/s", true},
    {"known/s", true}, {"spared/s", true},  {"refused", true}, {"put_right", true}, {"trouble"},
};
constexpr TopColumn server_columns[] = {
    {"relay"},         {"server"},        {"state"},           {"hops", true},   {"items", true},
    {"inuse", true},   {"ringing", true}, {"busy", true},      {"onhold", true}, {"free", true},
    {"unavail", true}, {"other", true},   {"presences", true},
};
constexpr TopColumn link_columns[] = {
    {"relay"},      {"kind"},        {"server"},       {"state"},   {"rtt_ms", true},
    {"in/s", true}, {"out/s", true}, {"queued", true}, {"address"}, {"trouble"},
};
constexpr const char* nothing = "-";

std::string rate_text(std::optional<double> rate) {
    if (!rate) return nothing;
    return *rate < 9.95 ? fmt::format("{:.1f}", *rate) : fmt::format("{:.0f}", *rate);
}

std::string ms_text(std::optional<double> seconds) {
    if (!seconds) return nothing;
    const auto ms = *seconds * 1000;
    if (ms < 9.995) return fmt::format("{:.2f}", ms);
    return ms < 99.95 ? fmt::format("{:.1f}", ms) : fmt::format("{:.0f}", ms);
}

// 12s, 5m, 3h12m, 4d7h
std::string age_text(std::chrono::milliseconds age) {
    const auto s = std::chrono::duration_cast<std::chrono::seconds>(age).count();
    if (s < 60) return fmt::format("{}s", s);
    if (s < 3600) return fmt::format("{}m", s / 60);
    if (s < 86'400) return fmt::format("{}h{:02}m", s / 3600, s / 60 % 60);
    return fmt::format("{}d{}h", s / 86'400, s / 3600 % 24);
}

// A counter's rate; what fell was counted anew.
double per_second(std::uint64_t before, std::uint64_t now, double seconds) {
    return now < before ? 0 : static_cast<double>(now - before) / seconds;
}

std::optional<double> seconds_between(const RelayStatus& before, const RelayStatus& now) {
    if (before.instance != now.instance || now.uptime <= before.uptime) return std::nullopt;
    return std::chrono::duration<double>(now.uptime - before.uptime).count();
}

std::string text_or_nothing(const std::string& text) {
    return text.empty() ? nothing : text;
}

std::string name_of(const Seen& seen) {
    const auto* status = seen.now ? &*seen.now : nullptr;
    return status != nullptr && !status->server.empty() ? status->server : text::printable(seen.from);
}

TopRow silent_relay(const Seen& seen) {
    TopRow row{.cells = {name_of(seen)}, .mood = Mood::bad};
    row.cells.resize(std::size(relay_columns), nothing);
    row.cells.back() = text::printable(seen.trouble.empty() ? "not asked yet" : seen.trouble);
    return row;
}

TopRow relay_row(const Seen& seen) {
    if (!seen.now || !seen.trouble.empty()) return silent_relay(seen);
    const auto& now = *seen.now;
    const auto rates = seen.before ? rates_between(*seen.before, now) : std::nullopt;
    const auto rate = [&rates](double Rates::*one) {
        return rate_text(rates ? std::optional((*rates).*one) : std::nullopt);
    };
    TopRow row{.cells = {name_of(seen), now.asterisk_up ? "up" : "down", age_text(now.uptime),
                         std::to_string(now.own_items), std::to_string(now.lamps),
                         std::to_string(now.pending), rate(&Rates::written),
                         ms_text(rates ? rates->p50 : std::nullopt),
                         ms_text(rates ? rates->p99 : std::nullopt), rate(&Rates::taken), rate(&Rates::stale),
                         rate(&Rates::suppressed), std::to_string(now.counts.refused),
                         std::to_string(now.counts.put_right), text_or_nothing(now.trouble)}};
    row.mood = !now.asterisk_up ? Mood::bad : now.trouble.empty() ? Mood::plain : Mood::warn;
    return row;
}

void add_tally(std::vector<std::string>& cells, const Tally& tally) {
    for (const auto count :
         {tally.of(State::inuse), tally.of(State::ringing) + tally.of(State::ringinuse),
          tally.of(State::busy), tally.of(State::onhold), tally.of(State::not_inuse),
          tally.of(State::unavailable), tally.of(State::unknown) + tally.of(State::invalid), tally.presences})
        cells.push_back(std::to_string(count));
}

TopRow server_row(const std::string& relay, const ServerStatus& server) {
    const auto& view = server.view;
    TopRow row{.cells = {relay, view.server,
                         view.known_up ? "up"
                         : view.dark   ? "dark"
                                       : "lost",
                         view.distance == 0 ? nothing : std::to_string(view.distance),
                         std::to_string(view.items)}};
    row.mood = view.known_up ? Mood::plain : view.dark ? Mood::bad : Mood::warn;
    add_tally(row.cells, server.tally);
    return row;
}

TopRow whole_row(const std::string& relay, const std::string& server, const char* state, std::size_t items,
                 const Tally& tally) {
    TopRow row{.cells = {relay, server, state, nothing, std::to_string(items)}, .mood = Mood::dim};
    add_tally(row.cells, tally);
    return row;
}

// Its own, the others, and all that is shown for them.
void add_servers(const Seen& seen, std::vector<TopRow>& rows) {
    const auto& now = *seen.now;
    const auto relay = name_of(seen);
    auto servers = now.servers;
    const auto key = [](const ServerStatus& one) { return std::tie(one.view.known_up, one.view.server); };
    std::stable_sort(servers.begin(), servers.end(),
                     [&](const auto& a, const auto& b) { return key(a) < key(b); });
    rows.push_back(whole_row(relay, relay, "own", now.own_items, now.own));
    for (const auto& server : servers)
        rows.push_back(server_row(relay, server));
    rows.push_back(whole_row(relay, "*", "shown", now.lamps, now.shown));
}

const PeerStatus* same_peer(const RelayStatus& before, const PeerStatus& peer) {
    const auto found = std::find_if(before.peers.begin(), before.peers.end(), [&](const PeerStatus& one) {
        return one.broker == peer.broker && one.address == peer.address && one.server == peer.server;
    });
    return found == before.peers.end() ? nullptr : &*found;
}

TopRow link_row(const std::string& relay, const PeerStatus& peer, const Seen& seen) {
    std::optional<double> in, out;
    const auto* before = seen.before ? same_peer(*seen.before, peer) : nullptr;
    const auto seconds = before != nullptr ? seconds_between(*seen.before, *seen.now) : std::nullopt;
    if (seconds) {
        in = per_second(before->in, peer.in, *seconds);
        out = per_second(before->out, peer.out, *seconds);
    }
    std::optional<double> trip;
    if (peer.up && peer.round_trip) trip = std::chrono::duration<double>(*peer.round_trip).count();
    return {
        .cells = {relay, peer.broker ? "broker" : "link", text_or_nothing(peer.server),
                  peer.up ? "up" : "down", ms_text(trip), rate_text(in), rate_text(out),
                  std::to_string(peer.queued), text_or_nothing(peer.address), text_or_nothing(peer.trouble)},
        .mood = peer.up ? Mood::plain : Mood::bad};
}

void add_links(const Seen& seen, std::vector<TopRow>& rows) {
    auto peers = seen.now->peers;
    const auto key = [](const PeerStatus& one) { return std::tie(one.up, one.server, one.address); };
    std::stable_sort(peers.begin(), peers.end(),
                     [&](const auto& a, const auto& b) { return key(a) < key(b); });
    const auto relay = name_of(seen);
    for (const auto& peer : peers)
        rows.push_back(link_row(relay, peer, seen));
}
}  // namespace

void Seen::take(Result<RelayStatus> status) {
    if (!status) {
        auto error = std::move(status.error());
        error.where.clear();  // it is `from`
        trouble = error.text();
        return;
    }
    trouble.clear();
    before = std::exchange(now, std::move(*status));
}

std::optional<Rates> rates_between(const RelayStatus& before, const RelayStatus& now) {
    const auto seconds = seconds_between(before, now);
    if (!seconds) return std::nullopt;
    const auto rate = [&](std::uint64_t RelayCounts::*one) {
        return per_second(before.counts.*one, now.counts.*one, *seconds);
    };
    const auto lag = now.lag.since(before.lag);
    return Rates{.seconds = *seconds,
                 .written = rate(&RelayCounts::written),
                 .suppressed = rate(&RelayCounts::suppressed),
                 .taken = rate(&RelayCounts::taken),
                 .stale = rate(&RelayCounts::stale),
                 .p50 = lag ? lag->quantile(0.5) : std::nullopt,
                 .p99 = lag ? lag->quantile(0.99) : std::nullopt};
}

std::vector<TopTable> top_tables(std::span<const Seen> all) {
    TopTable relays{.what = "relay", .columns = relay_columns};
    TopTable servers{.what = "server", .columns = server_columns};
    TopTable links{.what = "link", .columns = link_columns};
    for (const auto& seen : all) {
        relays.rows.push_back(relay_row(seen));
        if (!seen.now || !seen.trouble.empty()) continue;
        add_servers(seen, servers.rows);
        add_links(seen, links.rows);
    }
    return {std::move(relays), std::move(servers), std::move(links)};
}

}  // namespace pbx::devstate
