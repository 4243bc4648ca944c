#include "numbering/enumer_node.hpp"

#include <utility>

namespace pbx::numbering {

namespace {
std::string base64(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        for (std::size_t of = 0; of < 3; ++of)
            group = group << 8 | (at + of < bytes.size() ? static_cast<unsigned char>(bytes[at + of]) : 0U);
        for (std::size_t of = 0; of < 4; ++of)
            out.push_back(at + of > bytes.size() ? '=' : alphabet[group >> (18 - 6 * of) & 63]);
    }
    return out;
}
}  // namespace

Result<NodeOptions> node_options(const config::Settings& settings) {
    NodeOptions out{.url = settings.text("enumer", "rpc"),
                    .user = settings.text("enumer", "user"),
                    .timeout = settings.duration("enumer", "timeout")};
    if (settings.secret_path("enumer").empty()) return out;
    auto secret = settings.secret("enumer");
    if (!secret) return tl::unexpected(secret.error());
    out.secret = std::move(*secret);
    if (out.user.empty() && out.secret.read().find(':') == std::string::npos)
        return fail(Code::config, "a password without a user", "[enumer] secret_file",
                    "set user =, or name the node's .cookie file");
    return out;
}

Result<EnumerNode> EnumerNode::open(NodeOptions options) {
    auto http = net::HttpClient::open();
    if (!http) return tl::unexpected(http.error());
    return EnumerNode(std::move(*http), std::move(options));
}

Result<net::HttpClient::Answer> EnumerNode::ask(std::string body) {
    net::HttpClient::Request request{.method = "POST",
                                     .url = options_.url,
                                     .headers = {{"Content-Type", "application/json"}},
                                     .body = std::move(body),
                                     .connect = options_.timeout,
                                     .whole = options_.timeout,
                                     .most_answer = most_rpc_answer};
    if (!options_.secret.empty()) {
        const auto& secret = options_.secret.read();
        const auto login = options_.user.empty() ? secret : options_.user + ":" + secret;
        request.headers.emplace_back("Authorization", "Basic " + base64(login));
    }
    auto answer = http_.send(request);
    no_answer_ = !answer;
    if (!answer) return within("emercoin node", answer.error());
    return answer;
}

template <class T>
Result<T> EnumerNode::call(std::string body, Result<T> (*read)(int, std::string_view)) {
    const auto answer = ask(std::move(body));
    if (!answer) return tl::unexpected(answer.error());
    auto value = read(answer->status, answer->body);
    if (!value) return within("emercoin node " + net::origin_of(options_.url), value.error());
    return value;
}

Result<std::optional<StoredName>> EnumerNode::show(const std::string& name) {
    return call(name_show_call(name), read_name);
}

Result<ChainState> EnumerNode::chain() {
    return call(blockchain_call(), read_chain);
}

Result<std::int64_t> EnumerNode::connections() {
    return call(network_call(), read_connections);
}

Result<bool> EnumerNode::is_mine(const std::string& address) {
    return call(owner_call(address), read_is_mine);
}

Result<std::string> EnumerNode::submit(const NameOrder& order) {
    auto id = call(order_call(order), read_transaction);
    if (!id && no_answer_ && http_.left())
        id.error().hint = "it may have been done: look with emercoin-cli name_mempool before you try again";
    return id;
}

}  // namespace pbx::numbering
