#include "dns/server.hpp"

#include "core/text.hpp"

#include <array>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <net/if.h>
#include <netinet/in.h>

namespace pbx::dns {

namespace {

Unexpected bad(std::string_view text) {
    return fail(Code::config, "not the address of a name server", std::string(text),
                "write a numeric address such as 192.0.2.1, 192.0.2.1:5353 or [2001:db8::1]:5353");
}

// "host:port" with at most one colon, "[host]:port", or a bare IPv6 address.
std::pair<std::string_view, std::string_view> split_port(std::string_view text) {
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return {{}, {}};
        const auto rest = text.substr(end + 1);
        if (!rest.empty() && rest.front() != ':') return {{}, {}};
        return {text.substr(1, end - 1), rest};
    }
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos)
        return {text, {}};
    return {text.substr(0, colon), text.substr(colon)};
}

bool read_six(std::string_view host, sockaddr_in6& into) {
    const auto percent = host.find('%');
    if (::inet_pton(AF_INET6, std::string(host.substr(0, percent)).c_str(), &into.sin6_addr) != 1)
        return false;
    if (percent == std::string_view::npos) return true;
    const std::string zone(host.substr(percent + 1));
    const auto number = text::to_integer(zone);
    if (number && (*number < 1 || *number > UINT32_MAX)) return false;
    into.sin6_scope_id = number ? static_cast<std::uint32_t>(*number) : ::if_nametoindex(zone.c_str());
    return into.sin6_scope_id != 0;
}

}  // namespace

Result<Server> Server::parse(std::string_view text, std::uint16_t port) {
    const auto [host, tail] = split_port(text);
    if (!tail.empty()) {
        const auto number = text::to_integer(tail.substr(1));
        if (!number || *number < 1 || *number > 65535) return bad(text);
        port = static_cast<std::uint16_t>(*number);
    }
    Server out;
    sockaddr_in four{};
    sockaddr_in6 six{};
    const std::string address(host == "localhost" ? "127.0.0.1" : host);
    if (::inet_pton(AF_INET, address.c_str(), &four.sin_addr) == 1) {
        four.sin_family = AF_INET;
        four.sin_port = htons(port);
        std::memcpy(&out.bytes, &four, sizeof(four));
        out.size = sizeof(four);
        return out;
    }
    if (!read_six(address, six)) return bad(text);
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    std::memcpy(&out.bytes, &six, sizeof(six));
    out.size = sizeof(six);
    return out;
}

std::uint16_t Server::port() const {
    // sin_port and sin6_port stand at the same place
    return ntohs(reinterpret_cast<const sockaddr_in*>(&bytes)->sin_port);
}

std::string Server::text() const {
    std::array<char, INET6_ADDRSTRLEN> host{};
    if (bytes.ss_family == AF_INET) {
        ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&bytes)->sin_addr, host.data(),
                    host.size());
        return fmt::format("{}:{}", host.data(), port());
    }
    const auto* six = reinterpret_cast<const sockaddr_in6*>(&bytes);
    ::inet_ntop(AF_INET6, &six->sin6_addr, host.data(), host.size());
    if (six->sin6_scope_id == 0) return fmt::format("[{}]:{}", host.data(), port());
    return fmt::format("[{}%{}]:{}", host.data(), six->sin6_scope_id, port());
}

}  // namespace pbx::dns
