// A lookup at a node that behaves as Emercoin's does, over real sockets.
#include "numbering/enumer_node.hpp"
#include "numbering/enumer_signer.hpp"
#include "numbering/enumer_trust.hpp"
#include "numbering/fake_node.hpp"
#include "numbering/find.hpp"
#include "numbering/profile.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::numbering;
using test::EnumerSigner;
using test::FakeNode;

namespace {
const std::string digits = "441632960083";
const EnumerSigner verifier(1);

std::string entry(const std::string& user, int preference = 10, int order = 100) {
    return "E2U+sip=" + std::to_string(order) + "|" + std::to_string(preference) + "|!^.*$!sip:" + user +
           "@example.com!";
}

std::string signed_value(unsigned place, const std::string& lines) {
    return "SIG=ver:enum|" + verifier.sign(enumer_name(digits, place)) + "\n" + lines;
}

void put_verifier(FakeNode& node, const std::string& value = "") {
    node.put("ver:enum", {.value = value, .address = verifier.address()});
}

Outcome look_up(const FakeNode& node, const std::string& suffix = "enum",
                std::chrono::milliseconds limit = std::chrono::seconds(10)) {
    const auto& profile = *find_profile("enumer");
    const Order order{.suffixes = *parse_suffixes(suffix),
                      .wanted = *parse_wanted("sip"),
                      .all_orders = true,
                      .takes_partial = !profile.tcp,
                      .enough = 20};
    const SystemClock clock;
    auto resolver = dns::Resolver::open(
        {.servers = {*dns::Server::parse(node.dns_server())}, .exchange = {.tcp = profile.tcp}}, clock);
    REQUIRE(resolver);
    Rewriter rewriter;
    Lookup lookup(order, rewriter);
    find(lookup, *parse_number("+" + digits), *resolver, clock.now() + limit);
    return lookup.outcome();
}

Result<void> verify(FakeNode& fake, Outcome& outcome) {
    auto node = EnumerNode::open({.url = fake.rpc_url(), .user = "user", .secret = Secret("pass")});
    REQUIRE(node);
    EnumerCheck check({"ver:enum"}, [&](const std::string& name) { return node->show(name); });
    return keep_signed(outcome, digits, check);
}
}  // namespace

TEST_CASE("enumer: a node's joined records give their URIs in order") {
    FakeNode node;
    node.put(enumer_name(digits, 0), {.value = entry("second", 20), .address = "x"});
    node.put(enumer_name(digits, 1), {.value = entry("first", 10) + "\nTTL=60", .address = "x"});
    node.put(enumer_name(digits, 2), {.value = entry("unsigned", 1), .address = "x", .is_signed = false});
    const auto outcome = look_up(node);
    REQUIRE(outcome.uris.size() == 2);
    CHECK(outcome.uri(0) == "sip:first@example.com");
    CHECK(outcome.uri(1) == "sip:second@example.com");
    CHECK_FALSE(outcome.partial);
    CHECK(outcome.ttl == 60);
}

TEST_CASE("enumer: a node's troubles are outcomes of their own") {
    FakeNode node;
    CHECK(look_up(node).status == Status::nxdomain);
    CHECK(look_up(node, "coin").status == Status::refused);
    node.downloading = true;
    CHECK(look_up(node).status == Status::servfail);
    node.silent = true;
    CHECK(look_up(node, "enum", std::chrono::milliseconds(150)).status == Status::timeout);
}

TEST_CASE("enumer: the whole records of an answer cut in the middle are used, and that is told") {
    FakeNode node;
    std::string lines;
    for (int preference = 1; preference < 12; ++preference)
        lines += entry("user" + std::to_string(preference) + std::string(15, 'x'), preference) + "\n";
    node.put(enumer_name(digits, 0), {.value = lines, .address = "x"});
    const auto outcome = look_up(node);
    CHECK(outcome.partial);
    REQUIRE_FALSE(outcome.uris.empty());
    CHECK(outcome.uris.size() < 11);
    CHECK(outcome.uri(0).starts_with("sip:user1x"));
}

TEST_CASE("enumer: of a lookup only what a trusted verifier signed is kept") {
    FakeNode node;
    put_verifier(node);
    node.put(enumer_name(digits, 0), {.value = signed_value(0, entry("good", 20)), .address = "x"});
    node.put(enumer_name(digits, 1), {.value = entry("bad", 10), .address = "x"});
    auto outcome = look_up(node);
    REQUIRE(outcome.uris.size() == 2);
    REQUIRE(verify(node, outcome));
    REQUIRE(outcome.uris.size() == 1);
    CHECK(outcome.uri() == "sip:good@example.com");
    const auto records = outcome.records();
    const auto bad =
        std::find_if(records.begin(), records.end(), [](const Record& record) { return bool(record.fault); });
    REQUIRE(bad != records.end());
    CHECK(bad->fault.status == Status::bogus);
    CHECK(bad->fault.why == "no verifier signed it");
    CHECK(bad->uri.empty());
}

TEST_CASE("enumer: an order whose records nobody signed does not hide the next one, and that one ends it") {
    FakeNode node;
    put_verifier(node);
    node.put(enumer_name(digits, 0), {.value = entry("bad", 10, 5), .address = "x"});
    node.put(
        enumer_name(digits, 1),
        {.value = signed_value(1, entry("late", 1, 200) + "\n" + entry("good", 10, 100)), .address = "x"});
    auto outcome = look_up(node);
    REQUIRE(outcome.uris.size() == 3);
    REQUIRE(verify(node, outcome));
    REQUIRE(outcome.uris.size() == 1);
    CHECK(outcome.uri() == "sip:good@example.com");
    CHECK(outcome.records()[2].fault.why == behind_good);
}

TEST_CASE("enumer: without a good record the lookup is bogus") {
    FakeNode node;
    node.toll_free = {{100, 10, "E2U+sip", "!^(.*)$!sip:\\1@tollfree.example!"}};
    auto toll_free = look_up(node);
    REQUIRE(toll_free.uris.size() == 1);
    REQUIRE(verify(node, toll_free));
    CHECK((toll_free.uris.empty() && toll_free.status == Status::bogus && toll_free.ttl == 0));
    CHECK(toll_free.records()[0].fault.why.starts_with("not in the node's store"));

    put_verifier(node, "SRL=0|srl:enum");
    node.put("srl:enum", {.value = enumer_name(digits, 0), .address = verifier.address()});
    node.put(enumer_name(digits, 0), {.value = signed_value(0, entry("gone")), .address = "x"});
    auto revoked = look_up(node);
    REQUIRE(verify(node, revoked));
    CHECK(revoked.status == Status::bogus);
    CHECK(revoked.records()[0].fault.why == "its verifier revoked it");
}

TEST_CASE("enumer: what can't be verified for now is an error, and nothing is taken out") {
    FakeNode node;
    put_verifier(node);
    node.put(enumer_name(digits, 0), {.value = signed_value(0, entry("good")), .address = "x"});
    auto outcome = look_up(node);
    node.downloading = true;
    const auto verified = verify(node, outcome);
    REQUIRE_FALSE(verified);
    CHECK(verified.error().code == Code::try_again);
    CHECK(outcome.uris.size() == 1);
    auto nothing = look_up(FakeNode());  // no URI: the node is not asked
    CHECK(verify(node, nothing));
}
