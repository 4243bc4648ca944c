// Any text as a server's address and as /etc/resolv.conf: no crash, and an address read is written and read
// the same.
#include "dns/resolv_conf.hpp"

#include <cstdlib>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto conf = pbx::dns::parse_resolv_conf(text);
    if (conf.servers.empty() || conf.servers.size() > pbx::dns::max_resolv_servers) std::abort();
    const auto server = pbx::dns::Server::parse(text);
    if (!server) return 0;
    const auto again = pbx::dns::Server::parse(server->text());
    if (!again || again->size != server->size ||
        std::memcmp(&again->bytes, &server->bytes, server->size) != 0)
        std::abort();
    return 0;
}
