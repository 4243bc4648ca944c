#include "core/text.hpp"
#include "devstate/link.hpp"
#include "net/socket.hpp"

#include <algorithm>

#include <arpa/inet.h>

namespace pbx::devstate {

namespace {

constexpr std::uint16_t usual_port = 8977;

bool is_host(std::string_view host) {
    if (host.empty() || host.size() > 253) return false;
    return std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == '_' || c == ':';
    });
}

bool is_path(std::string_view path) {
    return path.starts_with('/') && path.size() <= 200 && std::all_of(path.begin(), path.end(), [](char c) {
               return c > ' ' && c < 0x7f && c != '?' && c != '#';
           });
}

// "host", "host:port", "[::1]", "[::1]:port"
Result<void> read_authority(std::string_view authority, PeerAddress& out) {
    auto host = authority;
    std::string_view port;
    if (authority.starts_with('[')) {
        const auto end = authority.find(']');
        if (end == std::string_view::npos) return fail(Code::config, "no ']' after the address");
        host = authority.substr(1, end - 1);
        port = authority.substr(end + 1);
    } else if (const auto colon = authority.find(':'); colon != std::string_view::npos) {
        host = authority.substr(0, colon);
        port = authority.substr(colon);
        if (host.empty() || port.find(':', 1) != std::string_view::npos)
            return fail(Code::config, "an IPv6 address stands in brackets");
    }
    if (!is_host(host)) return fail(Code::config, "no host name or address");
    out.host = std::string(host);
    out.port = usual_port;
    if (port.empty()) return {};
    const auto number = text::to_integer(port.substr(1));
    if (port.front() != ':' || !number || *number < 1 || *number > 65'535)
        return fail(Code::config, "no port number");
    out.port = static_cast<std::uint16_t>(*number);
    return {};
}

}  // namespace

bool is_loopback(std::string_view host) {
    return host == "localhost" || host == "::1" ||
           (host.starts_with("127.") && net::numeric_address(std::string(host), 0));
}

Result<PeerAddress> PeerAddress::parse(std::string_view url, bool plain) {
    constexpr std::string_view hint = "write wss://host:port/path";
    const std::string where(url);
    PeerAddress out;
    auto rest = url;
    if (text::lower_ascii(rest.substr(0, 6)) == "wss://") {
        rest.remove_prefix(6);
    } else if (text::lower_ascii(rest.substr(0, 5)) == "ws://") {
        rest.remove_prefix(5);
        out.tls = false;
    } else {
        return fail(Code::config, "no ws:// or wss:// address", where, std::string(hint));
    }
    const auto slash = rest.find('/');
    const auto authority = rest.substr(0, slash);
    if (authority.find('@') != std::string_view::npos)
        return fail(Code::config, "a peer's address has no user or password in it", "peer",
                    "relays show each other a token of a file");
    if (auto read = read_authority(authority, out); !read)
        return fail(Code::config, read.error().what, where, std::string(hint));
    if (slash != std::string_view::npos && rest.size() > slash + 1)
        out.path = std::string(rest.substr(slash));
    if (!is_path(out.path)) return fail(Code::config, "bad byte in the path", where, std::string(hint));
    if (!out.tls && !plain && !is_loopback(out.host))
        return fail(Code::config, "ws:// would send the token and all states in the clear", where,
                    "use wss://, or set plain = yes where the network is your own");
    return out;
}

std::string PeerAddress::text() const {
    const bool six = host.find(':') != std::string::npos;
    return (tls ? "wss://" : "ws://") + (six ? "[" + host + "]" : host) + ":" + std::to_string(port) + path;
}

}  // namespace pbx::devstate
