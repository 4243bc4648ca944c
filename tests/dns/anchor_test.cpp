#include "dns/anchor.hpp"

#include "dns/validator.hpp"

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace pbx;
using namespace pbx::dns;

namespace {
std::vector<std::string> zones_of(std::string_view text) {
    const auto zones = parse_anchors(text);
    if (!zones) return {zones.error().text()};
    std::vector<std::string> out;
    for (const auto& zone : *zones)
        out.push_back(zone.text());
    return out;
}

Name name(std::string_view text) {
    return Name::parse(text).value();
}

struct File {
    std::string path =
        (std::filesystem::temp_directory_path() / "pbxctl-anchor-").string() + std::to_string(::getpid());
    explicit File(std::string_view text) { std::ofstream(path, std::ios::binary) << text; }
    ~File() { std::filesystem::remove(path); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
};
}  // namespace

TEST_CASE("anchor: whose keys a file holds, in the forms that key tools and resolvers write") {
    using Names = std::vector<std::string>;
    CHECK(zones_of(". IN DS 20326 8 2 E06D44B8\n. IN DNSKEY 257 3 8 AwEAAaz/ ; keytag 20326\n") ==
          Names{"."});
    CHECK(zones_of("e164.example.\t3600 IN\tDNSKEY\t257 3 13 mdsswUyr==") == Names{"e164.example."});
    CHECK(zones_of("; This is a key-signing key, keyid 46463, for e164.arpa.\n; Created: 20261123\n"
                   "e164.arpa. IN dnskey 257 3 13 mdsswUyr== ;{id = 46463 (ksk), size = 256b}\n") ==
          Names{"e164.arpa."});
    CHECK(zones_of("a. IN DNSKEY ( 257 3 8\n  AwEAAaz/\n  tAm8 ) ; two lines ( more\nb. DS 1 8 2 00\n") ==
          Names{"a.", "b."});
    CHECK(zones_of("").empty());
    CHECK(zones_of("\n ; nothing\n\r\n").empty());
}

TEST_CASE("anchor: a line that is no such record is named") {
    const auto fault = [](std::string_view text) { return zones_of(text).at(0); };
    CHECK(fault(". DS 1 8 2 00\n. IN A 192.0.2.1\n") == "line 2: not a DNSKEY or DS record with its owner");
    CHECK(fault("trusted-keys {") == "line 1: not a DNSKEY or DS record with its owner");
    CHECK(fault("  IN DS 1 8 2 00") == "line 1: not a DNSKEY or DS record with its owner");
    CHECK(fault("a..b DS 1 8 2 00") == "line 1: not a DNSKEY or DS record with its owner");
}

TEST_CASE("anchor: it covers its own name and what stands below") {
    const AnchorFile file{.path = "x", .zones = {name("e164.example."), name("arpa.")}};
    CHECK(file.covers(name("e164.example.")));
    CHECK(file.covers(name("4.4.E164.Example.")));
    CHECK(file.covers(name("4.4.e164.arpa.")));
    CHECK_FALSE(file.covers(name("example.")));
    CHECK_FALSE(file.covers(name(".")));
    CHECK_FALSE(file.covers(name("xe164.example.")));
    CHECK(AnchorFile{.path = "x", .zones = {Name()}}.covers(name("anything.")));
    CHECK(AnchorFile{.path = "x", .zones = {Name()}}.covers(Name()));
}

TEST_CASE("anchor: a file that is missing, empty, no file or endless is an error that names it") {
    const auto missing = read_anchors("/nowhere/root.key");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == Code::no_input);
    CHECK(missing.error().text() ==
          "/nowhere/root.key: cannot read the trust anchor; [enum] trust_anchor names the file");
    CHECK_FALSE(read_anchors("/"));
    const File empty("");
    CHECK(read_anchors(empty.path).error().code == Code::config);
    const File endless(std::string(max_anchor_file + 1, '\n'));
    CHECK(read_anchors(endless.path).error().text().find("no trust anchor is that long") !=
          std::string::npos);
    const File good(". IN DS 1 8 2 00\n");
    CHECK(read_anchors(good.path).value().zones.size() == 1);
}

TEST_CASE("validator: of what is bogus no record is handed on, what could not be had is a server's failure") {
    const Question question{.name = name("4.4.e164.arpa.")};
    const auto bogus = own(
        {.security = Security::bogus, .rcode = Rcode::server_failure, .why = "signature expired"}, question);
    CHECK(bogus.outcome == Outcome::answered);
    CHECK(bogus.security == Security::bogus);
    CHECK(bogus.why == "signature expired");
    CHECK(bogus.answer.rcode == Rcode::server_failure);
    const auto nothing = own({.security = Security::insecure, .rcode = Rcode::no_error, .ttl = 60}, question);
    CHECK(nothing.answer.rcode == Rcode::server_failure);
    CHECK(nothing.answer.ttl == 0);
    const std::uint8_t nonsense[] = {1, 2, 3};
    CHECK(own({.security = Security::secure, .rcode = Rcode::no_error, .message = nonsense}, question)
              .answer.rcode == Rcode::server_failure);
    CHECK(own({.security = Security::secure, .rcode = Rcode::no_such_name}, question).answer.rcode ==
          Rcode::no_such_name);
}
