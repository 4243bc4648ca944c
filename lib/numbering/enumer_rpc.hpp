// The bytes of an Emercoin node's JSON-RPC: calls out, answers back as values. No socket here.
#pragma once

#include "core/result.hpp"
#include "numbering/enumer_verify.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pbx::numbering {

// A value is at most 20480 octets, in JSON six times that.
constexpr std::size_t most_rpc_answer = 256 * 1024;

[[nodiscard]] std::string name_show_call(std::string_view name);
[[nodiscard]] std::string blockchain_call();                     // getblockchaininfo
[[nodiscard]] std::string network_call();                        // getnetworkinfo
[[nodiscard]] std::string owner_call(std::string_view address);  // getaddressinfo

enum class NameOperation : std::uint8_t { make, update };  // name_new, name_update
struct NameOrder {
    NameOperation operation = NameOperation::make;
    std::string name{};
    std::string value{};
    std::int64_t days = 365;  // added to the time it is rented for
};
[[nodiscard]] std::string order_call(const NameOrder& order);

struct ChainState {
    bool downloading = false;  // initial block download: DNS says SERVFAIL, name_show refuses
    std::int64_t blocks = 0, headers = 0;
};

// `status` is HTTP's. Codes: refused (user, password), try_again (downloading, warming up), config (no such
// method: a node without it), protocol (no JSON-RPC), unavailable and no as the node's own message says.
[[nodiscard]] Result<std::optional<StoredName>> read_name(int status, std::string_view body);
[[nodiscard]] Result<ChainState> read_chain(int status, std::string_view body);
[[nodiscard]] Result<std::int64_t> read_connections(int status, std::string_view body);
[[nodiscard]] Result<bool> read_is_mine(int status, std::string_view body);
[[nodiscard]] Result<std::string> read_transaction(int status, std::string_view body);  // its id

}  // namespace pbx::numbering
