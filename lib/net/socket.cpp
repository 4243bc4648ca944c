#include "net/socket.hpp"

#include "core/text.hpp"

#include <array>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

namespace pbx::net {

namespace {

// 0: there is no such interface.
std::uint32_t scope_of(const std::string& zone) {
    const auto number = text::to_integer(zone);
    if (number) return *number < 1 || *number > 0x7fffffff ? 0 : static_cast<std::uint32_t>(*number);
    return ::if_nametoindex(zone.c_str());
}

std::string zone_of(std::uint32_t scope) {
    std::array<char, IF_NAMESIZE> name{};
    return ::if_indextoname(scope, name.data()) != nullptr ? name.data() : std::to_string(scope);
}

}  // namespace

Result<SocketAddress> numeric_address(const std::string& host, std::uint16_t port) {
    SocketAddress out;
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_port = htons(port);
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_port = htons(port);
    const auto name = host == "localhost" ? std::string("127.0.0.1")
                      : host.empty()      ? std::string("::")
                                          : host;
    if (::inet_pton(AF_INET, name.c_str(), &four.sin_addr) == 1) {
        *reinterpret_cast<sockaddr_in*>(&out.bytes) = four;
        out.size = sizeof(four);
        return out;
    }
    // fe80::1%eth0 (RFC 4007 11): a link-local address is one only together with its link
    const auto percent = name.find('%');
    const auto zone = percent == std::string::npos ? std::string() : name.substr(percent + 1);
    if (!zone.empty()) six.sin6_scope_id = scope_of(zone);
    const bool well = percent == std::string::npos || six.sin6_scope_id != 0;
    if (well && ::inet_pton(AF_INET6, name.substr(0, percent).c_str(), &six.sin6_addr) == 1) {
        *reinterpret_cast<sockaddr_in6*>(&out.bytes) = six;
        out.size = sizeof(six);
        return out;
    }
    return fail(Code::config, "no IP address", host, "write an address such as 127.0.0.1 or ::1");
}

std::string address_text(const SocketAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (address.bytes.ss_family == AF_INET) {
        const auto* four = reinterpret_cast<const sockaddr_in*>(&address.bytes);
        ::inet_ntop(AF_INET, &four->sin_addr, text.data(), text.size());
        return fmt::format("{}:{}", text.data(), port_of(address));
    }
    if (address.bytes.ss_family == AF_INET6) {
        const auto* six = reinterpret_cast<const sockaddr_in6*>(&address.bytes);
        ::inet_ntop(AF_INET6, &six->sin6_addr, text.data(), text.size());
        const auto zone = six->sin6_scope_id == 0 ? "" : "%" + zone_of(six->sin6_scope_id);
        return fmt::format("[{}{}]:{}", text.data(), zone, port_of(address));
    }
    return "local";
}

std::uint16_t port_of(const SocketAddress& address) {
    if (address.bytes.ss_family == AF_INET)
        return ntohs(reinterpret_cast<const sockaddr_in*>(&address.bytes)->sin_port);
    if (address.bytes.ss_family == AF_INET6)
        return ntohs(reinterpret_cast<const sockaddr_in6*>(&address.bytes)->sin6_port);
    return 0;
}

void send_without_delay(int fd) {
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

}  // namespace pbx::net
