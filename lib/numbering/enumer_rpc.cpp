#include "numbering/enumer_rpc.hpp"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::numbering {

using Json = nlohmann::json;

namespace {
constexpr std::size_t longest_message = 300;  // kept of what a node says

// rpc/protocol.h
constexpr std::int64_t wallet_error = -4, downloading = -10, unlock_needed = -13, warming_up = -28,
                       no_method = -32601, insufficient_funds = -6;

std::string call(std::string_view method, Json parameters) {
    return Json{{"jsonrpc", "1.0"}, {"id", "pbxctl"}, {"method", method}, {"params", std::move(parameters)}}
        .dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class T>
std::optional<T> member(const Json& object, const char* name) {
    if (!object.is_object()) return std::nullopt;
    const auto found = object.find(name);
    if (found == object.end()) return std::nullopt;
    if constexpr (std::is_same_v<T, std::string>)
        return found->is_string() ? std::optional(found->template get<std::string>()) : std::nullopt;
    else if constexpr (std::is_same_v<T, bool>)
        return found->is_boolean() ? std::optional(found->template get<bool>()) : std::nullopt;
    else
        return found->is_number_integer() ? std::optional(found->template get<T>()) : std::nullopt;
}

Unexpected refusal(const Json& error) {
    const auto code = member<std::int64_t>(error, "code").value_or(0);
    auto message = member<std::string>(error, "message")
                       .value_or("an error without a message")
                       .substr(0, longest_message);
    switch (code) {
        case downloading:
            return fail(Code::try_again, "the node is still downloading blocks", {},
                        "emercoin-cli getblockchaininfo shows how far it is");
        case warming_up:
            return fail(Code::try_again, "the node is starting: " + message);
        case no_method:
            return fail(Code::config, "the node lacks this method: " + message, {},
                        "it takes a node with a wallet (no disablewallet=1)");
        case unlock_needed:
            return fail(Code::refused, "the node's wallet is locked", {}, "emercoin-cli walletpassphrase");
        case insufficient_funds:
            return fail(Code::refused, "the node's wallet has not enough coins: " + message);
        default:
            return fail(Code::unavailable, fmt::format("the node refused: {} ({})", message, code));
    }
}

// The member `result`. An error of the node is `error` when that is wanted, for what is none in its context.
Result<Json> result_of(int status, std::string_view body, Json* error = nullptr) {
    if (status == 401 || status == 403)
        return fail(Code::refused, fmt::format("HTTP status {}", status), {},
                    status == 401 ? "check [enumer] user and secret_file"
                                  : "the node lets this address in by rpcallowip=");
    const auto json = Json::parse(body, nullptr, false);
    if (!json.is_object()) return fail(Code::protocol, fmt::format("HTTP status {} and no JSON-RPC", status));
    if (const auto found = json.find("error"); found != json.end() && !found->is_null()) {
        if (error != nullptr) *error = *found;
        return refusal(*found);
    }
    const auto found = json.find("result");
    if (found == json.end() || status < 200 || status > 299)
        return fail(Code::protocol, fmt::format("HTTP status {} and no result", status));
    return *found;
}

Unexpected unread(std::string_view method) {
    return fail(Code::protocol, fmt::format("{} answered otherwise than it should", method));
}
}  // namespace

std::string name_show_call(std::string_view name) {
    return call("name_show", Json::array({name}));
}

std::string blockchain_call() {
    return call("getblockchaininfo", Json::array());
}

std::string network_call() {
    return call("getnetworkinfo", Json::array());
}

std::string owner_call(std::string_view address) {
    return call("getaddressinfo", Json::array({address}));
}

std::string order_call(const NameOrder& order) {
    return call(order.operation == NameOperation::make ? "name_new" : "name_update",
                Json::array({order.name, order.value, order.days}));
}

Result<std::optional<StoredName>> read_name(int status, std::string_view body) {
    Json error;
    const auto result = result_of(status, body, &error);
    if (!result) {
        // namecoin.cpp, name_show: the same code for "no such name" and for a node that can't look
        const auto message = member<std::string>(error, "message").value_or("");
        if (member<std::int64_t>(error, "code") == wallet_error) {
            if (message == "failed to read from name DB" || message == "no result returned")
                return std::nullopt;
            if (message.starts_with("failed to read from from disk"))
                return fail(Code::config, "the node has no index of transactions", {},
                            "set txindex=1 in emercoin.conf and start it with -reindex once");
        }
        return tl::unexpected(result.error());
    }
    auto value = member<std::string>(*result, "value");
    auto address = member<std::string>(*result, "address");
    if (!value || !address) return unread("name_show");
    if (value->size() > most_enumer_value) return fail(Code::protocol, "a value of over 20480 octets");
    return StoredName{.value = std::move(*value),
                      .address = std::move(*address),
                      .expires_in = member<std::int64_t>(*result, "expires_in").value_or(0),
                      .expired = member<bool>(*result, "expired").value_or(false),
                      .deleted = member<bool>(*result, "deleted").value_or(false)};
}

Result<ChainState> read_chain(int status, std::string_view body) {
    const auto result = result_of(status, body);
    if (!result) return tl::unexpected(result.error());
    const auto blocks = member<std::int64_t>(*result, "blocks"),
               headers = member<std::int64_t>(*result, "headers");
    if (!blocks || !headers) return unread("getblockchaininfo");
    return ChainState{.downloading = member<bool>(*result, "initialblockdownload").value_or(false),
                      .blocks = *blocks,
                      .headers = *headers};
}

Result<std::int64_t> read_connections(int status, std::string_view body) {
    const auto result = result_of(status, body);
    if (!result) return tl::unexpected(result.error());
    const auto connections = member<std::int64_t>(*result, "connections");
    if (!connections) return unread("getnetworkinfo");
    return *connections;
}

Result<bool> read_is_mine(int status, std::string_view body) {
    const auto result = result_of(status, body);
    if (!result) return tl::unexpected(result.error());
    const auto mine = member<bool>(*result, "ismine");
    if (!mine) return unread("getaddressinfo");
    return *mine;
}

Result<std::string> read_transaction(int status, std::string_view body) {
    const auto result = result_of(status, body);
    if (!result) return tl::unexpected(result.error());
    if (!result->is_string() || result->get<std::string>().empty()) return unread("name_new or name_update");
    return result->get<std::string>().substr(0, 64);
}

}  // namespace pbx::numbering
