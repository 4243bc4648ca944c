#include "ami/settings.hpp"

#include "config/files.hpp"
#include "core/text.hpp"
#include "net/resolve.hpp"
#include "net/tls.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::ami {

namespace {
constexpr std::string_view asterisk_folder = "/etc/asterisk";

Result<void> take_secret(const config::Settings& settings, const Environment& environment,
                         ClientOptions& out) {
    const auto path = manager_conf_path(settings, environment);
    if (path.empty()) {
        auto secret = settings.secret("ami");
        if (!secret) return tl::unexpected(secret.error());
        out.secret = std::move(*secret);
        return {};
    }
    auto user = manager_user(path, out.user);
    if (!user) return within("[ami] manager_conf", user.error());
    out.secret = std::move(user->secret);
    if (user->port && settings.origin("ami", "port") == config::Origin::preset) out.port = *user->port;
    out.hint = fmt::format("check [ami] user and permit of [{}] in {}", out.user, path);
    return {};
}

// A user's classes: with templates and repeated keys the last one counts, as in Asterisk.
std::string last_of(const config::Section& section, std::string_view key) {
    const auto* entry = section.last(key);
    return entry == nullptr ? std::string() : entry->value;
}

using Side = std::shared_ptr<const net::TlsSide>;
net::Task<Result<std::unique_ptr<net::Stream>>> connect_by_tls(Side side, std::string host,
                                                               std::uint16_t port, milliseconds limit) {
    auto below = co_await net::connect_host(host, port, limit);
    if (!below) co_return tl::unexpected(below.error());
    auto stream = co_await net::tls_connect(std::move(*below), std::move(side), host, limit);
    if (!stream) co_return tl::unexpected(stream.error());
    co_return std::unique_ptr<net::Stream>(std::move(*stream));
}

Result<void> use_tls(const config::Settings& settings, ClientOptions& out) {
    if (!settings.flag("ami", "tls")) return {};
    auto side = net::TlsSide::client({.ca_file = settings.text("ami", "ca_file")});
    if (!side) return within("[ami] tls", side.error());
    out.connect = [side = std::move(*side)](std::string host, std::uint16_t port, milliseconds limit) {
        return connect_by_tls(side, std::move(host), port, limit);
    };
    return {};
}
}  // namespace

std::string manager_conf_path(const config::Settings& settings, const Environment& environment) {
    auto path = settings.text("ami", "manager_conf");
    if (path.empty() || path.starts_with('/')) return path;
    const auto folder = environment ? environment("AST_CONFIG_DIR") : std::nullopt;
    return fmt::format("{}/{}", folder.value_or(std::string(asterisk_folder)), path);
}

Result<ManagerUser> manager_user(const std::string& path, const std::string& user) {
    auto document = config::parse_file(path);
    if (!document) return tl::unexpected(document.error());
    const auto* section = document->find(user);
    const auto* secret = section == nullptr ? nullptr : section->last("secret");
    if (secret == nullptr || secret->value.empty())
        return fail(Code::config, fmt::format("it has no [{}] with a secret", user), path,
                    "check [ami] user, or set secret_file");
    ManagerUser out{.secret = Secret(secret->value),
                    .read = last_of(*section, "read"),
                    .write = last_of(*section, "write")};
    if (const auto* general = document->find("general")) {
        const auto port = text::to_integer(last_of(*general, "port"));
        if (port && *port > 0 && *port <= UINT16_MAX) out.port = static_cast<std::uint16_t>(*port);
    }
    return out;
}

bool has_class(std::string_view classes, std::string_view wanted) {
    const auto all = text::split(classes, ',');
    return std::any_of(all.begin(), all.end(), [&](std::string_view one) {
        const auto word = text::trim(one);
        return text::iequal_ascii(word, wanted) || text::iequal_ascii(word, "all");
    });
}

Result<ClientOptions> client_options(const config::Settings& settings, const Environment& environment,
                                     std::string events) {
    ClientOptions out;
    out.host = settings.text("ami", "host");
    out.port = static_cast<std::uint16_t>(settings.integer("ami", "port"));
    out.user = settings.text("ami", "user");
    if (out.user.empty())
        return fail(Code::config, "no user is set", "[ami] user",
                    "name a section of Asterisk's manager.conf with read = call and write = call");
    out.login = settings.text("ami", "login") == "plain" ? Login::plain : Login::md5;
    out.answer_limit = settings.duration("ami", "timeout");
    out.dead_after = settings.duration("ami", "dead_after");
    out.events = std::move(events);
    if (auto taken = take_secret(settings, environment, out); !taken) return tl::unexpected(taken.error());
    if (auto used = use_tls(settings, out); !used) return tl::unexpected(used.error());
    return out;
}

}  // namespace pbx::ami
