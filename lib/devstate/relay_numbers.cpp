#include "devstate/relay_numbers.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::devstate {

namespace {
service::Counter& counter(service::Metrics& metrics, const char* name, const char* help) {
    return metrics.counter(std::string("pbxctl_devstate_") + name, help);
}
service::Gauge& gauge(service::Metrics& metrics, const char* name, const char* help) {
    return metrics.gauge(std::string("pbxctl_devstate_") + name, help);
}

std::size_t known_up(const std::vector<ServerView>& servers) {
    return static_cast<std::size_t>(
        std::count_if(servers.begin(), servers.end(), [](const auto& server) { return server.known_up; }));
}

PeerStatus peer_of(const LinkStatus& link) {
    return {.server = link.peer.server,
            .address = link.peer.address,
            .dialled = link.peer.dialled,
            .up = link.peer.id != 0,
            .trouble = link.trouble,
            .round_trip = link.round_trip,
            .queued = link.queued,
            .in = link.frames_in,
            .out = link.frames_out,
            .bytes_in = link.bytes_in,
            .bytes_out = link.bytes_out};
}

PeerStatus peer_of(const BrokerStatus& broker) {
    return {.address = broker.broker,
            .broker = true,
            .dialled = true,
            .up = broker.up,
            .trouble = broker.up ? std::string() : broker.trouble,
            .round_trip = broker.round_trip,
            .queued = broker.queued,
            .in = broker.received,
            .out = broker.published};
}
}  // namespace

RelayNumbers::RelayNumbers(service::Metrics& metrics)
    : lag_(metrics.histogram("pbxctl_devstate_write_seconds",
                             "from another server's change reaching this relay to Asterisk's confirming it",
                             {0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5})),
      writes_{counter(metrics, "writes_total", "lamps written to Asterisk")},
      suppressed_{counter(metrics, "suppressed_total", "wanted values that needed no write")},
      refused_writes_{counter(metrics, "refused_writes_total", "writes Asterisk refused")},
      put_right_{counter(metrics, "put_right_total", "lamps somebody else had changed")},
      taken_{counter(metrics, "taken_total", "items of other servers that were news")},
      stale_{counter(metrics, "dropped_total", "items of other servers that were known already")},
      echoes_{counter(metrics, "echoes_total", "own items that came back")},
      nonsense_{counter(metrics, "nonsense_total", "frames and items over a limit or against the rules")},
      link_downs_{counter(metrics, "link_downs_total", "links that were cut")},
      link_refused_{
          counter(metrics, "links_refused_total", "connections without the right token or certificate")},
      overflows_{counter(metrics, "link_overflows_total", "links cut because the other side did not read")},
      peers_up_(gauge(metrics, "links_up", "links to other relays, and the broker")),
      servers_up_(gauge(metrics, "servers_up", "other servers whose lamps are shown as they are")),
      servers_dark_(gauge(metrics, "servers_dark", "other servers whose lamps are dark")),
      own_items_(gauge(metrics, "own_items", "items others are told")),
      lamps_(gauge(metrics, "lamps", "lamps shown for other servers")),
      pending_(gauge(metrics, "writes_pending", "writes that wait or are in flight")),
      refused_names_(gauge(metrics, "refused_names", "names that can't be carried or shown")),
      asterisk_up_(gauge(metrics, "asterisk_up", "1: the own Asterisk is there and its snapshot taken")) {}

void RelayNumbers::written(std::chrono::nanoseconds after) {
    lag_.observe(std::chrono::duration<double>(after).count());
}

void RelayNumbers::count(const Hub& hub, const OwnSide& own, const Peers& peers) {
    const auto written = own.writer().counts();
    writes_.follow(written.written);
    suppressed_.follow(written.suppressed);
    refused_writes_.follow(written.refused);
    put_right_.follow(written.put_right);
    const auto& heard = hub.counts();
    taken_.follow(heard.taken);
    stale_.follow(heard.stale);
    echoes_.follow(heard.echoes);
    nonsense_.follow(heard.nonsense + peers.bad_frames());
    const auto totals = peers.totals();
    link_downs_.follow(totals.downs);
    link_refused_.follow(totals.refused);
    overflows_.follow(totals.overflows);
    const auto links = peers.links();
    const auto up =
        std::count_if(links.begin(), links.end(), [](const auto& link) { return link.peer.id != 0; });
    const auto broker = peers.broker();
    peers_up_.set(static_cast<double>(up) + (broker && broker->up ? 1 : 0));
    const auto servers = hub.servers();
    servers_up_.set(static_cast<double>(known_up(servers)));
    servers_dark_.set(static_cast<double>(
        std::count_if(servers.begin(), servers.end(), [](const auto& server) { return server.dark; })));
    own_items_.set(static_cast<double>(hub.own_items()));
    lamps_.set(static_cast<double>(own.writer().devices()));
    pending_.set(static_cast<double>(own.writer().pending()));
    refused_names_.set(static_cast<double>(own.refused_names()));
    asterisk_up_.set(own.is_up() ? 1 : 0);
}

Lag RelayNumbers::lag() const {
    const auto bounds = lag_.bounds();
    const auto counts = lag_.counts();
    return {.bounds = {bounds.begin(), bounds.end()},
            .counts = {counts.begin(), counts.end()},
            .sum = lag_.sum()};
}

RelayStatus status_of(const Hub* hub, const OwnSide& own, const Peers* peers, const std::string& server) {
    RelayStatus out{.asterisk_up = own.is_up(),
                    .lamps = own.writer().devices(),
                    .pending = own.writer().pending(),
                    .refused_names = own.refused_names(),
                    .shown = own.writer().tally()};
    const auto written = own.writer().counts();
    out.counts = {.written = written.written,
                  .suppressed = written.suppressed,
                  .refused = written.refused,
                  .put_right = written.put_right};
    if (hub == nullptr || peers == nullptr) return out;
    out.own_items = hub->own_items();
    out.own = hub->tally(server);
    for (auto& view : hub->servers()) {
        const auto tally = hub->tally(view.server);
        out.servers.push_back({.view = std::move(view), .tally = tally});
    }
    for (const auto& link : peers->links())
        out.peers.push_back(peer_of(link));
    if (const auto broker = peers->broker()) out.peers.push_back(peer_of(*broker));
    const auto& heard = hub->counts();
    out.counts.taken = heard.taken;
    out.counts.stale = heard.stale;
    out.counts.echoes = heard.echoes;
    out.counts.nonsense = heard.nonsense + peers->bad_frames();
    const auto totals = peers->totals();
    out.counts.link_downs = totals.downs;
    out.counts.links_refused = totals.refused;
    out.counts.link_overflows = totals.overflows;
    return out;
}

std::string summary(const Hub& hub, const OwnSide& own) {
    const auto servers = hub.servers();
    return fmt::format("asterisk {}, {} of {} servers, {} lamps shown, {} told, {} waiting",
                       own.is_up() ? "up" : "down", known_up(servers), servers.size(), own.writer().devices(),
                       hub.own_items(), own.writer().pending());
}

}  // namespace pbx::devstate
