#include "numbering/enumer_node.hpp"

#include "numbering/enumer_signer.hpp"
#include "numbering/fake_node.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::numbering;
using test::EnumerSigner;
using test::FakeHttp;
using test::FakeNode;
using test::FakeRequest;

namespace {
EnumerNode node_at(const std::string& url, const std::string& user = "user",
                   const std::string& secret = "pass",
                   std::chrono::milliseconds timeout = std::chrono::seconds(10)) {
    auto node = EnumerNode::open({.url = url, .user = user, .secret = Secret(secret), .timeout = timeout});
    REQUIRE(node);
    return std::move(*node);
}
}  // namespace

TEST_CASE("enumer: a number's records are read from a node and verified") {
    const EnumerSigner verifier(1);
    const std::string name = "enum:441632960083:0";
    FakeNode fake;
    fake.put("ver:enum", {.value = "", .address = verifier.address()});
    fake.put(name, {.value = "SIG=ver:enum|" + verifier.sign(name) + "\nE2U+sip=1|2|!^.*$!sip:a@b.example!",
                    .address = EnumerSigner(2).address()});
    auto node = node_at(fake.rpc_url());
    EnumerCheck check({"ver:enum"}, [&](const std::string& wanted) { return node.show(wanted); });
    const auto records = check.records("441632960083");
    REQUIRE(records);
    REQUIRE(records->size() == 1);
    CHECK(records->front().state == SignatureState::good);
    CHECK(fake.calls().size() == 3);  // :0, the verifier, :1
}

TEST_CASE("enumer: the node's cookie file serves as login") {
    FakeNode fake;
    fake.login = "X19jb29raWVfXzphYmM=";
    auto node = node_at(fake.rpc_url(), "", "__cookie__:abc");
    CHECK(node.chain());
    CHECK(node_at(fake.rpc_url(), "user", "abc").chain().error().code == Code::refused);
}

TEST_CASE("enumer: the password is in no error") {
    FakeHttp closed([](const FakeRequest&) { return ""; });
    FakeHttp refuses([](const FakeRequest&) { return FakeHttp::reply("401 Unauthorized", "hunter2"); });
    for (const auto* server : {&closed, &refuses}) {
        const auto chain = node_at(server->url(), "user", "hunter2").chain();
        REQUIRE_FALSE(chain);
        CHECK(chain.error().text().find("hunter2") == std::string::npos);
        CHECK(chain.error().text().find("emercoin node") != std::string::npos);
    }
}

TEST_CASE("enumer: a node that downloads blocks says try again") {
    FakeNode fake;
    fake.downloading = true;
    auto node = node_at(fake.rpc_url());
    CHECK(node.show("enum:1:0").error().code == Code::try_again);
    CHECK(node.chain()->downloading);
    CHECK(node.connections() == 8);
}

TEST_CASE("enumer: what was sent and not answered may have been done") {
    const NameOrder order{.name = "enum:1:0", .value = "E2U+sip=1|2|!a!b!"};
    FakeHttp drops([](const FakeRequest&) { return ""; });
    CHECK(node_at(drops.url()).submit(order).error().hint.find("name_mempool") != std::string::npos);
    FakeNode fake;
    auto node = node_at(fake.rpc_url());
    CHECK(node.submit(order) == std::string(64, 'a'));
    CHECK((*node.show("enum:1:0"))->value == order.value);
    const auto refused = node.submit({NameOperation::update, "enum:2:0", "x", 1});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().hint.find("name_mempool") == std::string::npos);
}

TEST_CASE("enumer: a node that hangs is left at the deadline") {
    FakeHttp hangs([](const FakeRequest& request) { return request.wait_until_left(), ""; });
    const auto chain = node_at(hangs.url(), "user", "pass", std::chrono::milliseconds(200)).chain();
    REQUIRE_FALSE(chain);
    CHECK(chain.error().code == Code::try_again);
}
