#include "dns/resolv_conf.hpp"

#include <fstream>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::dns;
using namespace std::chrono_literals;

namespace {

std::string parsed(std::string_view text, std::uint16_t port = default_port) {
    const auto server = Server::parse(text, port);
    return server ? server->text() : "refused";
}

std::vector<std::string> servers_of(std::string_view text) {
    std::vector<std::string> out;
    for (const auto& server : parse_resolv_conf(text).servers)
        out.push_back(server.text());
    return out;
}

}  // namespace

TEST_CASE("a server is an address with or without a port") {
    CHECK(parsed("192.0.2.1") == "192.0.2.1:53");
    CHECK(parsed("192.0.2.1:5353") == "192.0.2.1:5353");
    CHECK(parsed("192.0.2.1", 5335) == "192.0.2.1:5335");
    CHECK(parsed("2001:db8::1") == "[2001:db8::1]:53");
    CHECK(parsed("[2001:db8::1]") == "[2001:db8::1]:53");
    CHECK(parsed("[2001:db8::1]:5353") == "[2001:db8::1]:5353");
    CHECK(parsed("localhost:5335") == "127.0.0.1:5335");
    CHECK(parsed("fe80::1%7") == "[fe80::1%7]:53");
    CHECK(parsed("fe80::1%lo") == "[fe80::1%1]:53");
}

TEST_CASE("what is no address is refused with a hint") {
    for (const auto* bad :
         {"", "ns.example", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:x", "[2001:db8::1",
          "[2001:db8::1]5353", "fe80::1%", "fe80::1%nowhere0", "fe80::1%0", "192.0.2", ":53"}) {
        INFO(bad);
        CHECK(parsed(bad) == "refused");
    }
    CHECK(Server::parse("ns.example").error().hint.find("192.0.2.1") != std::string::npos);
}

TEST_CASE("resolv.conf gives servers, time and order") {
    const auto conf = parse_resolv_conf(
        "# made by hand\n"
        "search example.com\n"
        "nameserver 192.0.2.1 # the first\n"
        "nameserver\t2001:db8::1\n"
        "options timeout:3 attempts:4 rotate edns0\n");
    REQUIRE(conf.servers.size() == 2);
    CHECK(conf.servers[1].text() == "[2001:db8::1]:53");
    CHECK(conf.timeout == 3s);
    CHECK(conf.attempts == 4);
    CHECK(conf.rotate);
}

TEST_CASE("resolv.conf is read as glibc reads it") {
    CHECK(servers_of("") == std::vector<std::string>{"127.0.0.1:53"});
    CHECK(servers_of("nameserver nonsense\nnameserver 192.0.2.2\n") ==
          std::vector<std::string>{"192.0.2.2:53"});
    CHECK(servers_of("nameserver 192.0.2.1:5353\n") == std::vector<std::string>{"127.0.0.1:53"});
    CHECK(servers_of("nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\nnameserver 10.0.0.4\n")
              .size() == 3);
    CHECK(parse_resolv_conf("options timeout:0 attempts:x\n").timeout == 5s);
    CHECK(parse_resolv_conf("options timeout:900 attempts:900\n").timeout == 30s);
    CHECK(parse_resolv_conf("options attempts:900\n").attempts == 5);
}

TEST_CASE("a resolv.conf that is not there is an empty one, a folder is none") {
    const auto missing = read_resolv_conf("/nonexistent/resolv.conf");
    REQUIRE(missing);
    CHECK(missing->servers.front().text() == "127.0.0.1:53");
    const auto folder = read_resolv_conf("/");
    REQUIRE_FALSE(folder);
    CHECK(folder.error().code == Code::no_input);
    CHECK(read_resolv_conf("/etc/resolv.conf"));
}
