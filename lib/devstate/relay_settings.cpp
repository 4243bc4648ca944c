#include "devstate/relay_settings.hpp"

#include "ami/settings.hpp"
#include "service/health.hpp"

#include <algorithm>
#include <utility>

namespace pbx::devstate {

namespace {
using config::Settings;

constexpr std::string_view section = "devstate";
constexpr std::string_view rule_keys[] = {"send", "hide", "take", "refuse", "map", "presence"};

std::string text(const Settings& settings, std::string_view key) {
    return settings.text(section, key);
}

std::string where_of(const config::Value& value) {
    return value.from.empty() ? "[devstate] " + std::string(value.key->name) : value.from;
}

// Reads what pure code reads; its faults with the place of the value.
struct Reader {
    const Settings& settings;
    std::vector<Error> faults{};

    // Every value of a key with its place; `read` gives what is wrong with one.
    template <class Read>
    void each(std::string_view key, Read read) {
        for (const auto& value : settings.values()) {
            if (value.section != section || value.key->name != key || value.text.empty()) continue;
            std::optional<Error> fault = read(value.text);
            if (!fault) continue;
            fault->code = value.origin == config::Origin::option ? Code::usage : Code::config;
            fault->where = where_of(value);
            faults.push_back(std::move(*fault));
        }
    }

    Rules rules() {
        std::vector<RuleLine> lines;
        for (const auto& value : settings.values())
            if (value.section == section && !value.text.empty() &&
                std::find(std::begin(rule_keys), std::end(rule_keys), value.key->name) != std::end(rule_keys))
                lines.push_back({std::string(value.key->name), value.text, where_of(value)});
        return Rules::parse(lines, faults);
    }
    NameTemplate names() {
        NameTemplate out;
        each("template", [&out](const std::string& value) -> std::optional<Error> {
            auto parsed = NameTemplate::parse(value);
            if (!parsed) return parsed.error();
            out = std::move(*parsed);
            return std::nullopt;
        });
        return out;
    }
    std::vector<PeerAddress> peers() {
        std::vector<PeerAddress> out;
        each("peer", [&](const std::string& value) -> std::optional<Error> {
            auto parsed = PeerAddress::parse(value, settings.flag(section, "plain"));
            if (!parsed) return parsed.error();
            out.push_back(std::move(*parsed));
            return std::nullopt;
        });
        return out;
    }
    std::optional<mqtt::BrokerUrl> via() {
        std::optional<mqtt::BrokerUrl> out;
        each("via", [&](const std::string& value) -> std::optional<Error> {
            auto parsed = mqtt::BrokerUrl::parse(value);
            if (!parsed) return parsed.error();
            const bool far = std::any_of(parsed->brokers.begin(), parsed->brokers.end(),
                                         [](const auto& one) { return !is_loopback(one.host); });
            if (!parsed->tls && far && !settings.flag(section, "plain"))
                return Error{Code::config, "mqtt:// would send the password and all states in the clear", "",
                             "use mqtts://, or set plain = yes where the network is your own"};
            out = std::move(*parsed);
            return std::nullopt;
        });
        return out;
    }
    std::string server() {
        each("server", [](const std::string& value) -> std::optional<Error> {
            if (is_server_name(value)) return std::nullopt;
            return Error{Code::config, "no server name: " + value, "",
                         "letters, digits and . _ -, at most " + std::to_string(max_server_name)};
        });
        return text(settings, "server");
    }
    std::optional<net::ListenOptions> listen() {
        std::optional<net::ListenOptions> out;
        each("listen", [&out](const std::string& value) -> std::optional<Error> {
            auto parsed = service::listen_address(value);
            if (!parsed) return parsed.error();
            out = std::move(*parsed);
            return std::nullopt;
        });
        return out;
    }
    void times() {
        if (settings.duration(section, "dead_after") < 2 * settings.duration(section, "heartbeat"))
            faults.push_back({Code::config, "dead_after is less than two heartbeats", "[devstate] dead_after",
                              "one lost heartbeat would cut a link"});
    }
};

Gone gone_of(const std::string& word) {
    if (word == "keep") return Gone::keep;
    return word == "not_inuse" ? Gone::not_inuse : Gone::unavailable;
}

bool uses_tls(const LinkOptions& links) {
    return std::any_of(links.peers.begin(), links.peers.end(), [](const auto& peer) { return peer.tls; });
}

// Opens certificates only where they are needed: reading the system's takes time.
Result<void> add_tls(const Settings& settings, LinkOptions& links) {
    const net::TlsFiles files{.ca_file = text(settings, "ca_file"),
                              .certificate = text(settings, "certificate"),
                              .key = text(settings, "key")};
    if (uses_tls(links)) {
        auto side = net::TlsSide::client(files);
        if (!side) return within("[devstate]", side.error());
        links.as_client = std::move(*side);
    }
    if (links.listen && !files.certificate.empty()) {
        auto side = net::TlsSide::server(files);
        if (!side) return within("[devstate]", side.error());
        links.as_server = std::move(*side);
        links.certificates = !files.ca_file.empty();
    }
    return {};
}

Result<std::optional<Secret>> secret_of(const Settings& settings, std::string_view key) {
    if (settings.secret_path(section, key).empty()) return std::optional<Secret>();
    auto secret = settings.secret(section, key);
    if (!secret) return Unexpected(secret.error());
    return std::optional(std::move(*secret));
}

Result<BrokerOptions> broker_options(const Settings& settings, mqtt::BrokerUrl url) {
    BrokerOptions out{.prefix = text(settings, "prefix"),
                      .heartbeat = settings.duration(section, "heartbeat"),
                      .dead = settings.duration(section, "dead_after")};
    auto password = secret_of(settings, "via_secret_file");
    if (!password) return Unexpected(password.error());
    out.client.url = std::move(url);
    if (*password) out.client.password = std::move(**password);
    out.client.ca_file = text(settings, "ca_file");
    out.client.certificate = text(settings, "certificate");
    out.client.key = text(settings, "key");
    out.client.version_5 = text(settings, "via_version") == "5";
    return out;
}

Wants wants_of(const Rules& rules) {
    return {.devices = true,  // Custom: lamps as Asterisk shows them
            .extensions = rules.sends(Local::Kind::extension),
            .presences = true,
            .mailboxes = rules.sends(Local::Kind::mailbox),
            .needs_presences = rules.sends(Local::Kind::presence)};
}
}  // namespace

std::vector<Error> faults_of(const Settings& settings) {
    Reader reader{settings};
    static_cast<void>(reader.server());
    static_cast<void>(reader.names());
    static_cast<void>(reader.peers());
    static_cast<void>(reader.via());
    static_cast<void>(reader.listen());
    static_cast<void>(reader.rules());
    reader.times();
    return std::move(reader.faults);
}

Result<RelaySettings> relay_settings(const Settings& settings, const Environment& environment) {
    Reader reader{settings};
    RelaySettings out{.server = reader.server(),
                      .names = reader.names(),
                      .rules = reader.rules(),
                      .gone = gone_of(text(settings, "gone")),
                      .grace = settings.duration(section, "grace"),
                      .dead = settings.duration(section, "dead_after")};
    out.links.peers = reader.peers();
    out.links.listen = reader.listen();
    auto via = reader.via();
    reader.times();
    if (!reader.faults.empty()) return Unexpected(std::move(reader.faults.front()));
    out.wants = wants_of(out.rules);
    out.writer.writes_per_second = static_cast<unsigned>(settings.integer(section, "writes_per_second"));
    out.links.plain = settings.flag(section, "plain");
    out.links.heartbeat = settings.duration(section, "heartbeat");
    out.links.dead = out.dead;
    if (out.links.listen || !out.links.peers.empty()) {
        if (auto tls = add_tls(settings, out.links); !tls) return Unexpected(tls.error());
        auto token = secret_of(settings, "secret_file");
        if (!token) return Unexpected(token.error());
        if (*token) out.links.token = std::move(**token);
    }
    if (via) {
        auto broker = broker_options(settings, std::move(*via));
        if (!broker) return Unexpected(broker.error());
        out.broker = std::move(*broker);
    }
    if (!out.links.listen && out.links.peers.empty() && !out.broker)
        return fail(Code::config, "no other server to speak with", "[devstate]",
                    "peer = wss://HOST, listen = 0.0.0.0:8977 or via = mqtts://HOST");
    if (const auto health = settings.text("service", "health_listen"); !health.empty()) {
        auto address = service::listen_address(health);
        if (!address) return Unexpected(address.error());
        out.health = std::move(*address);
    }
    auto client = ami::client_options(settings, environment, std::string(source_events));
    if (!client) return Unexpected(client.error());
    out.ami = std::move(*client);
    out.ami.answers_can_wait = true;
    return out;
}

}  // namespace pbx::devstate
