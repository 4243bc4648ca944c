#include "numbering/diff_side.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace pbx::numbering {

namespace {
Unexpected wrong(std::string_view typed, Error error) {
    error.code = Code::usage;
    return within(std::string(typed), std::move(error));
}
}  // namespace

Result<LookupSettings> side_settings(LookupSettings usual, std::string_view typed) {
    const auto at = std::min(typed.find('@'), typed.size());
    const auto suffixes = typed.substr(0, at), servers = typed.substr(std::min(at + 1, typed.size()));
    if (suffixes.empty() && servers.empty())
        return wrong(
            typed, {.what = "neither a suffix nor a server", .hint = "write SUFFIX@SERVER, or one of both"});
    if (!suffixes.empty()) {
        auto parsed = parse_suffixes(suffixes);
        if (!parsed) return wrong(typed, parsed.error());
        usual.order.suffixes = std::move(*parsed);
    }
    if (servers.empty()) return usual;
    usual.servers.clear();
    for (auto word : text::split(servers, ',')) {
        auto server = dns::Server::parse(word);
        if (!server) return wrong(typed, server.error());
        usual.servers.push_back(*server);
    }
    if (usual.servers.size() > dns::max_servers) return wrong(typed, {.what = "more than 16 servers"});
    return usual;
}

bool ask_the_same(const LookupSettings& a, const LookupSettings& b) {
    const auto same_server = [](const auto& x, const auto& y) { return x.text() == y.text(); };
    return a.order.suffixes == b.order.suffixes &&
           std::equal(a.servers.begin(), a.servers.end(), b.servers.begin(), b.servers.end(), same_server);
}

}  // namespace pbx::numbering
