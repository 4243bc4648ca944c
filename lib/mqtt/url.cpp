#include "core/text.hpp"
#include "mqtt/client.hpp"

#include <algorithm>

namespace pbx::mqtt {

namespace {

constexpr std::uint16_t plain_port = 1883, tls_port = 8883;  // IANA's
constexpr std::size_t most_brokers = 16;

bool is_host(std::string_view host) {
    return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '-' || c == '_' || c == ':';
    });
}

// "host", "host:port", "[::1]:port"
Result<BrokerAddress> read_address(std::string_view text, std::uint16_t usual) {
    auto host = text;
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return fail(Code::config, "no ']' after the address");
        host = text.substr(1, end - 1);
        port = text.substr(end + 1);
    } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
        host = text.substr(0, colon);
        port = text.substr(colon);
        if (port.find(':', 1) != std::string_view::npos)
            return fail(Code::config, "an IPv6 address stands in brackets");
    }
    if (!is_host(host)) return fail(Code::config, "no host name or address");
    BrokerAddress out{.host = std::string(host), .port = usual};
    if (port.empty()) return out;
    const auto number = text::to_integer(port.substr(1));
    if (port.front() != ':' || !number || *number < 1 || *number > 65'535)
        return fail(Code::config, "no port number");
    out.port = static_cast<std::uint16_t>(*number);
    return out;
}

}  // namespace

Result<BrokerUrl> BrokerUrl::parse(std::string_view url) {
    const std::string hint = "write mqtt://host:port, or mqtts://";
    BrokerUrl out;
    auto rest = url;
    if (text::lower_ascii(rest.substr(0, 8)) == "mqtts://") {
        rest.remove_prefix(8);
        out.tls = true;
    } else if (text::lower_ascii(rest.substr(0, 7)) == "mqtt://") {
        rest.remove_prefix(7);
    } else {
        return fail(Code::config, "no mqtt:// or mqtts:// address", "broker", hint);
    }
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
        out.user = std::string(rest.substr(0, at));
        rest.remove_prefix(at + 1);
        if (out.user.find(':') != std::string::npos)
            return fail(Code::config, "a broker's address has no password in it", "broker",
                        "set secret_file");
        if (!text::is_plain_line(out.user) || !text::is_utf8(out.user))
            return fail(Code::config, "bad byte in the user name", "broker");
    }
    if (rest.ends_with('/')) rest.remove_suffix(1);
    for (const auto part : text::split(rest, ',')) {
        auto address = read_address(text::trim(part), out.tls ? tls_port : plain_port);
        if (!address) return fail(Code::config, address.error().what, std::string(part), hint);
        out.brokers.push_back(std::move(*address));
    }
    if (out.brokers.size() > most_brokers) return fail(Code::config, "more than 16 brokers", "broker");
    return out;
}

}  // namespace pbx::mqtt
