#include "numbering/found.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
// Whether it is a name server that stands in the way.
bool is_of_servers(Status status) {
    return status == Status::timeout || status == Status::unreachable || status == Status::refused ||
           status == Status::servfail;
}

std::string names_of(const std::vector<dns::Server>& servers) {
    std::string out;
    for (const auto& server : servers)
        out += (out.empty() ? "" : ", ") + server.text();
    return out;
}
}  // namespace

std::string_view Found::uri() const {
    return record <= outcome.uris.size() ? std::string_view(outcome.uri(record - 1)) : std::string_view{};
}

std::string Found::dial() const {
    std::string out;
    for (auto i = record - 1; form && i < outcome.uris.size() && out.empty(); ++i)
        out = dial_string(*form, outcome.uri(i));
    return out;
}

Status Found::status() const {
    if (!uri().empty()) return Status::ok;
    return outcome.status == Status::ok ? Status::no_record : outcome.status;
}

Error Found::error() const {
    if (outcome.status == Status::ok)
        return {.code = Code::no,
                .what = fmt::format("has {} URI{}, not {}", outcome.uris.size(),
                                    outcome.uris.size() == 1 ? "" : "s", record),
                .where = std::string(number)};
    auto out = error_of(status(), *settings.profile, std::string(number));
    const auto& suffixes = settings.order.suffixes;
    const bool is_isn = number.find('*') != std::string_view::npos;
    if (is_isn && status() == Status::nxdomain && std::all_of(suffixes.begin(), suffixes.end(), is_public))
        out.hint = "an ISN stands in a tree of its own: --suffix freenum.org";
    if (is_of_servers(status())) out.what += fmt::format(" ({})", names_of(settings.servers));
    return out;
}

}  // namespace pbx::numbering
