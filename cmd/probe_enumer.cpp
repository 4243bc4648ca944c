// An Emercoin node, when [enumer] is set up: its RPC, its chain, the verifiers it should trust, its DNS.
#include "cmd/probe.hpp"
#include "dns/resolver.hpp"
#include "numbering/enumer_node.hpp"
#include "numbering/enumer_verify.hpp"
#include "numbering/profile.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
using namespace numbering;
using config::Settings;
constexpr std::int64_t most_behind = 3;             // blocks that the headers are ahead, about half an hour
constexpr std::int64_t day = 175, soon = 30 * day;  // blocks; name_new's help
constexpr std::chrono::seconds longest_answer{2};

bool is_set_up(const Settings& settings) {
    return std::any_of(settings.values().begin(), settings.values().end(), [](const config::Value& value) {
        return value.section == "enumer" && value.origin != config::Origin::preset;
    });
}

void chain(EnumerNode& node, Findings& out) {
    const std::string subject = "[enumer] rpc";
    const auto state = node.chain();
    if (!state) return out.push_back(failed(subject, state.error()));
    const auto told = fmt::format("{} of {} blocks", state->blocks, state->headers);
    if (state->downloading || state->headers - state->blocks > most_behind)
        out.push_back({Verdict::warn, subject, told + ": it is still downloading",
                       "wait; DNS says SERVFAIL until then"});
    else
        out.push_back({Verdict::pass, subject, told});
    const auto peers = node.connections();
    if (!peers)
        out.push_back(failed("[enumer] peers", peers.error()));
    else if (*peers == 0)
        out.push_back({Verdict::warn, "[enumer] peers", "none: the chain stands still",
                       "open port 6661 to the outside"});
    else
        out.push_back({Verdict::pass, "[enumer] peers", std::to_string(*peers)});
}

void verifier(EnumerCheck& check, EnumerNode& node, const std::string& name, Findings& out) {
    const auto subject = fmt::format("[enumer] trust {}", name);
    const auto read = check.verifier(name);
    if (!read) return out.push_back(failed(subject, read.error()));
    if (read->state != SignatureState::good)
        return out.push_back({Verdict::fail, subject, read->why, "no record that it signed can be trusted"});
    const auto stored = node.show(name);
    if (!stored) return out.push_back(failed(subject, stored.error()));
    const auto left = *stored ? (*stored)->expires_in : 0;
    const auto told =
        fmt::format("{}, {}, {} days left", address_of(*read->key),
                    read->revocation ? "with a revocation list" : "without a revocation list", left / day);
    if (left < soon)
        return out.push_back({Verdict::warn, subject, told, "its owner must renew it by name_update"});
    out.push_back({Verdict::pass, subject, told});
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
    if (reply.answer.rcode == dns::Rcode::server_failure) return Status::servfail;
    return reply.answer.rcode == dns::Rcode::refused ? Status::refused : Status::ok;
}

// A name that nobody has: what counts is that the node answers for the suffix.
Result<dns::Reply> ask(const Settings& settings, const Profile& profile) {
    const auto server = dns::Server::parse(settings.text("enumer", "server"));
    if (!server) return Unexpected(server.error());
    const auto name = dns::Name::parse(fmt::format("0.{}", profile.suffix));
    if (!name) return Unexpected(name.error());
    const SystemClock clock;
    auto resolver = dns::Resolver::open({.servers = {*server}, .exchange = {.tcp = profile.tcp}}, clock);
    if (!resolver) return Unexpected(resolver.error());
    return resolver->ask({.name = *name}, clock.now() + longest_answer);
}

void name_server(const Settings& settings, Findings& out) {
    const std::string subject = "[enumer] server";
    const auto& profile = *find_profile("enumer");
    const auto reply = ask(settings, profile);
    if (!reply) return out.push_back(failed(subject, reply.error()));
    const auto status = status_of(*reply);
    const auto where = settings.text("enumer", "server");
    if (const auto meaning = meaning_of(profile, status))
        return out.push_back({status == Status::servfail ? Verdict::warn : Verdict::fail, subject,
                              fmt::format("{}: {}", where, meaning->what), std::string(meaning->hint)});
    out.push_back({Verdict::pass, subject, fmt::format("{} answers for .{}", where, profile.suffix)});
}
}  // namespace

void probe_enumer(const Settings& settings, Findings& out) {
    if (!is_set_up(settings)) return;
    name_server(settings, out);
    auto options = node_options(settings);
    if (!options) return out.push_back(failed("[enumer] rpc", options.error()));
    auto node = EnumerNode::open(std::move(*options));
    if (!node) return out.push_back(failed("[enumer] rpc", node.error()));
    const auto before = out.size();
    chain(*node, out);
    if (out.size() == before + 1 && out.back().verdict == Verdict::fail) return;  // nobody there
    const auto trusted = settings.all("enumer", "trust");
    EnumerCheck check(trusted, [&](const std::string& name) { return node->show(name); });
    for (const auto& name : trusted)
        verifier(check, *node, name, out);
}

}  // namespace pbx::cmd
