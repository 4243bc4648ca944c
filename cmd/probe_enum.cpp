// ENUM, when [enum] is set up: each name server asked for each tree.
#include "cmd/probe.hpp"
#include "core/driver.hpp"
#include "dns/anchor.hpp"
#include "dns/resolver.hpp"
#include "dns/validator.hpp"
#include "numbering/lookup_settings.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
using namespace numbering;
using config::Settings;

bool is_set_up(const Settings& settings) {
    return std::any_of(settings.values().begin(), settings.values().end(), [](const config::Value& value) {
        return value.section == "enum" && value.origin != config::Origin::preset;
    });
}

Status status_of(const dns::Reply& reply) {
    switch (reply.outcome) {
        case dns::Outcome::timed_out:
            return Status::timeout;
        case dns::Outcome::unreachable:
            return Status::unreachable;
        case dns::Outcome::answered:
            break;
    }
    const auto status = numbering::status_of(reply.answer, true);
    return status == Status::nxdomain ? Status::ok : status;  // it knows the tree, or says so
}

void server(const LookupSettings& settings, const dns::Server& server, Findings& out) {
    const std::string subject = "[enum] server";
    const SystemClock clock;
    auto resolver =
        dns::Resolver::open({.servers = {server}, .exchange = {.tcp = settings.profile->tcp}}, clock);
    if (!resolver) return out.push_back(failed(subject, resolver.error()));
    for (const auto& suffix : settings.order.suffixes) {
        const auto reply = resolver->ask({.name = suffix}, clock.now() + settings.timeout);
        const auto status = status_of(reply);
        const auto place = fmt::format("{} for {}", server.text(), suffix.text());
        if (status == Status::ok) {
            out.push_back({Verdict::pass, subject, fmt::format("{} answers", place)});
            continue;
        }
        const auto error = error_of(status, *settings.profile, place);
        out.push_back({Verdict::fail, subject, fmt::format("{}: {}", place, error.what), error.hint});
    }
}

// A file that is stale is told by what it makes bogus; here only that keys are there, and whose.
void trust_anchor(const Settings& settings, Findings& out) {
    if (settings.text("enum", "dnssec") == "no") return;
    const std::string subject = "[enum] trust_anchor";
    const auto anchors = dns::read_anchors(settings.text("enum", "trust_anchor"));
    if (!anchors) return out.push_back(failed(subject, anchors.error()));
    std::string zones;
    for (const auto& zone : anchors->zones)
        zones += (zones.empty() ? "" : ", ") + zone.text();
    out.push_back({Verdict::pass, subject, fmt::format("{}: keys of {}", anchors->path, zones)});
    if (const auto driver = load_driver("unbound", dns::validator_package); !driver)
        out.push_back(failed("[enum] dnssec", driver.error()));
}
}  // namespace

void probe_enum(const Settings& settings, Findings& out) {
    if (!is_set_up(settings)) return;
    trust_anchor(settings, out);
    const auto read = lookup_settings(settings, Validating::yes);
    if (!read) return out.push_back(failed("[enum]", read.error()));
    for (const auto& one : read->servers)
        server(*read, one, out);
}

}  // namespace pbx::cmd
