// An Emercoin node asked over HTTP, one call at a time. Blocks: for a pool's thread or a command with nothing
// else to do. The password is in no error and no log.
#pragma once

#include "config/settings.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "net/http_client.hpp"
#include "numbering/enumer_rpc.hpp"
#include "numbering/enumer_verify.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace pbx::numbering {

struct NodeOptions {
    std::string url = "http://127.0.0.1:6662";  // with /wallet/NAME when the node has several
    std::string user{};                         // empty: `secret` is user:password, as in the node's .cookie
    Secret secret{};
    std::chrono::milliseconds timeout{5'000};  // of each call
};
// [enumer] of pbxctl.conf: rpc, user, secret_file, timeout. Code::config: a secret without a user.
[[nodiscard]] Result<NodeOptions> node_options(const config::Settings& settings);

class EnumerNode {
  public:
    [[nodiscard]] static Result<EnumerNode> open(NodeOptions options);

    // No call from now on takes longer.
    void limit(std::chrono::milliseconds most) { options_.timeout = std::min(options_.timeout, most); }

    // Errors are HttpClient's and enumer_rpc's, with the node's origin.
    [[nodiscard]] Result<std::optional<StoredName>> show(const std::string& name);
    [[nodiscard]] Result<ChainState> chain();
    [[nodiscard]] Result<std::int64_t> connections();
    [[nodiscard]] Result<bool> is_mine(const std::string& address);
    // The id of the transaction. It costs coins. When the call left and no answer came, the hint says that it
    // may have been done.
    [[nodiscard]] Result<std::string> submit(const NameOrder& order);

  private:
    EnumerNode(net::HttpClient http, NodeOptions options)
        : http_(std::move(http)), options_(std::move(options)) {}
    [[nodiscard]] Result<net::HttpClient::Answer> ask(std::string body);
    template <class T>
    [[nodiscard]] Result<T> call(std::string body, Result<T> (*read)(int, std::string_view));

    net::HttpClient http_;
    NodeOptions options_;
    bool no_answer_ = false;  // to the last call
};

}  // namespace pbx::numbering
