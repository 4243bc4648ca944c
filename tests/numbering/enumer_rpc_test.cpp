#include "numbering/enumer_rpc.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace pbx;
using namespace pbx::numbering;
using Json = nlohmann::json;

namespace {
std::string result(const std::string& json) {
    return R"({"result":)" + json + R"(,"error":null,"id":"pbxctl"})";
}

std::string error(int code, const std::string& message) {
    return Json{{"result", nullptr}, {"error", {{"code", code}, {"message", message}}}, {"id", "pbxctl"}}
        .dump();
}

Error refusal(int status, const std::string& body) {
    const auto name = read_name(status, body);
    REQUIRE_FALSE(name);
    return name.error();
}

// As name_show prints it, namecoin.cpp
const std::string shown = R"({"name":"enum:1:0","value":"SIG=ver:enum|x\nE2U+sip=1|2|!^.*$!sip:a@b!",)"
                          R"("txid":"2bbc","address":"ELHNUgKZmGX5yjTYC1gKdGV33xVX6hinKq","vout":0,)"
                          R"("expires_in":940325,"expires_at":1158295,"time":1482526025})";
}  // namespace

TEST_CASE("enumer: calls are JSON-RPC") {
    CHECK(Json::parse(name_show_call("enum:1:0")) ==
          Json{{"jsonrpc", "1.0"}, {"id", "pbxctl"}, {"method", "name_show"}, {"params", {"enum:1:0"}}});
    CHECK(Json::parse(blockchain_call())["params"] == Json::array());
    const NameOrder order{NameOperation::update, "enum:1:0", "TTL=1\nx", 30};
    CHECK(Json::parse(order_call(order))["method"] == "name_update");
    CHECK(Json::parse(order_call(order))["params"] == Json::array({"enum:1:0", "TTL=1\nx", 30}));
    CHECK(Json::parse(order_call({}))["method"] == "name_new");
    CHECK(Json::parse(name_show_call("\xff\"\n"))["params"][0] == "\xef\xbf\xbd\"\n");
}

TEST_CASE("enumer: a name comes with its value, owner and time left") {
    const auto name = read_name(200, result(shown));
    REQUIRE(name);
    REQUIRE(*name);
    CHECK((*name)->value == "SIG=ver:enum|x\nE2U+sip=1|2|!^.*$!sip:a@b!");
    CHECK((*name)->address == "ELHNUgKZmGX5yjTYC1gKdGV33xVX6hinKq");
    CHECK((*name)->expires_in == 940325);
    CHECK((*name)->is_alive());
    CHECK_FALSE((*read_name(200, result(R"({"value":"","address":"x","deleted":true})")))->is_alive());
    CHECK_FALSE((*read_name(200, result(R"({"value":"","address":"x","expired":true})")))->is_alive());
}

TEST_CASE("enumer: a name that is not there is no error") {
    const auto name = read_name(500, error(-4, "failed to read from name DB"));
    REQUIRE(name);
    CHECK_FALSE(*name);
}

TEST_CASE("enumer: what the node refuses is told by what mends it") {
    CHECK(refusal(401, "").code == Code::refused);
    CHECK(refusal(401, "").hint == "check [enumer] user and secret_file");
    CHECK(refusal(403, "").hint.find("rpcallowip") != std::string::npos);
    CHECK(refusal(500, error(-10, "Emercoin is downloading blocks...")).code == Code::try_again);
    CHECK(refusal(500, error(-28, "Loading block index...")).code == Code::try_again);
    CHECK(refusal(500, error(-4, "failed to read from from disk")).hint.find("txindex=1") !=
          std::string::npos);
    CHECK(refusal(500, error(-4, "something else")).code == Code::unavailable);
    CHECK(refusal(404, error(-32601, "Method not found")).code == Code::config);
    CHECK(refusal(500, error(-13, "locked")).hint.find("walletpassphrase") != std::string::npos);
    CHECK(refusal(500, error(-1, std::string(5000, 'x'))).what.size() < 400);
}

TEST_CASE("enumer: what is no JSON-RPC is nonsense") {
    for (const std::string& body :
         {std::string(), std::string("<html>"), std::string("[]"), std::string("{}"), result("7"),
          result("{}"), result(R"({"value":7,"address":"x"})"), result(R"({"value":"x"})"),
          result(R"({"value":")" + std::string(20481, 'x') + R"(","address":"x"})")}) {
        INFO(body.substr(0, 60));
        CHECK(refusal(200, body).code == Code::protocol);
    }
    CHECK(refusal(302, result(shown)).code == Code::protocol);
    CHECK_FALSE(read_chain(200, result(R"({"blocks":"7","headers":7})")));
    CHECK_FALSE(read_transaction(200, result("7")));
    CHECK_FALSE(read_is_mine(200, result("{}")));
}

TEST_CASE("enumer: the state of the chain, peers, ownership and a transaction's id are read") {
    const auto chain = read_chain(200, result(R"({"blocks":5,"headers":9,"initialblockdownload":true})"));
    REQUIRE(chain);
    CHECK((chain->blocks == 5 && chain->headers == 9 && chain->downloading));
    CHECK(read_connections(200, result(R"({"connections":8})")) == 8);
    CHECK(read_is_mine(200, result(R"({"ismine":true})")) == true);
    CHECK(read_transaction(200, result(R"("2bbc7e")")) == "2bbc7e");
}
