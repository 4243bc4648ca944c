#include "numbering/lookup_settings.hpp"

#include "dns/resolv_conf.hpp"

namespace pbx::numbering {

namespace {
using config::Origin;
using config::Settings;

constexpr std::size_t max_servers = 8;

// A value that was wrong: of an option it is a mistake of the command line, else of the configuration.
Unexpected wrong(const Settings& settings, std::string_view key, Error error) {
    const bool typed = settings.origin("enum", key) == Origin::option;
    error.code = typed ? Code::usage : Code::config;
    return typed ? Unexpected(std::move(error)) : within("[enum] " + std::string(key), std::move(error));
}

Branching branching_of(const std::string& word) {
    if (word == "cc") return Branching::cc;
    if (word == "txt") return Branching::txt;
    return word == "ebl" ? Branching::ebl : Branching::none;
}

// A profile chosen on the command line goes before what pbxctl.conf says of the usual lookup.
bool profile_goes_first(const Settings& settings, std::string_view key) {
    return settings.origin("enum", "profile") == Origin::option &&
           settings.origin("enum", key) != Origin::option;
}

std::string suffix_of(const Settings& settings, const Profile& profile) {
    const auto own = settings.text("enum", "suffix");
    return own.empty() || profile_goes_first(settings, "suffix") ? std::string(profile.suffix) : own;
}

Result<std::vector<dns::Server>> servers_of(const Settings& settings, const Profile& profile) {
    auto words = settings.all("enum", "server");
    if (words.empty() || profile_goes_first(settings, "server"))
        words = profile.server.empty() ? std::vector<std::string>{}
                                       : std::vector{settings.text("enumer", "server")};
    if (words.empty()) {
        auto system = dns::read_resolv_conf();
        if (!system) return Unexpected(system.error());
        return std::move(system->servers);
    }
    std::vector<dns::Server> out;
    for (const auto& word : words) {
        auto server = dns::Server::parse(word);
        if (!server) return wrong(settings, "server", server.error());
        if (out.size() == max_servers)
            return wrong(settings, "server",
                         {.what = "more than " + std::to_string(max_servers) + " servers"});
        out.push_back(*server);
    }
    return out;
}

// The anchor file; empty: dnssec = no.
Result<std::string> trust_anchor_of(const Settings& settings, const Profile& profile, Validating validating) {
    if (settings.text("enum", "dnssec") == "no") return std::string();
    if (!profile.dnssec && profile_goes_first(settings, "dnssec")) return std::string();
    if (!profile.dnssec)
        return wrong(settings, "dnssec",
                     {.what = "no zone of this profile is signed",
                      .hint = "of ENUMER --verify checks the signatures"});
    if (validating == Validating::no)
        return wrong(settings, "dnssec",
                     {.what = "only a lookup of one number validates",
                      .hint = "ask a validating name server, with PBXCTL_ENUM_DNSSEC=no"});
    return settings.text("enum", "trust_anchor");
}
}  // namespace

dns::ClientSettings client_settings(const LookupSettings& settings) {
    // a resolver that validates, too, is to give what it has: the judgement is ours
    return {.servers = settings.servers,
            .exchange = {.checking_disabled = !settings.trust_anchor.empty(), .tcp = settings.profile->tcp}};
}

Result<LookupSettings> lookup_settings(const Settings& settings, Validating validating) {
    LookupSettings out{.profile = find_profile(settings.text("enum", "profile")),
                       .timeout = settings.duration("enum", "timeout")};
    auto suffixes = parse_suffixes(suffix_of(settings, *out.profile));
    if (!suffixes) return wrong(settings, "suffix", suffixes.error());
    auto wanted = parse_wanted(settings.text("enum", "service"));
    if (!wanted) return wrong(settings, "service", wanted.error());
    auto servers = servers_of(settings, *out.profile);
    if (!servers) return Unexpected(servers.error());
    auto anchor = trust_anchor_of(settings, *out.profile, validating);
    if (!anchor) return Unexpected(anchor.error());
    out.trust_anchor = std::move(*anchor);
    const bool verifies = out.profile->name == "enumer" && settings.flag("enumer", "verify");
    const bool as_asterisk = settings.text("enum", "compat") == "asterisk";
    wanted->last_part = as_asterisk;
    out.reading = {.whole_match = as_asterisk, .replacement_only = as_asterisk};
    out.order = {.suffixes = std::move(*suffixes),
                 .wanted = std::move(*wanted),
                 .branching = branching_of(settings.text("enum", "branch")),
                 .any_length = settings.flag("enum", "any_length"),
                 .only_secure = settings.text("enum", "dnssec") == "require",
                 .all_orders = as_asterisk || verifies,
                 .takes_partial = !out.profile->tcp};
    out.plan = {.country = settings.text("enum", "country"),
                .international = settings.text("enum", "international"),
                .trunk = settings.text("enum", "trunk")};
    out.servers = std::move(*servers);
    if (const auto form = settings.text("enum", "dial"); !form.empty()) {
        auto parsed = parse_dial_form(form);
        if (!parsed) return wrong(settings, "dial", parsed.error());
        out.dial = std::move(*parsed);
    }
    return out;
}

}  // namespace pbx::numbering
