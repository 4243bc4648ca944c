#include "devstate/link_table.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pbx::devstate {

namespace {
constexpr std::pair<LinkVerdict, std::string_view> words[] = {
    {LinkVerdict::up, "up"},
    {LinkVerdict::linked, "linked"},
    {LinkVerdict::name_taken, "name-taken"},
    {LinkVerdict::self, "self"},
};
}  // namespace

std::string_view word_of(LinkVerdict verdict) {
    const auto row = std::find_if(std::begin(words), std::end(words),
                                  [&](const auto& one) { return one.first == verdict; });
    return row->second;
}

LinkVerdict verdict_of(std::string_view word) {
    const auto row =
        std::find_if(std::begin(words), std::end(words), [&](const auto& one) { return one.second == word; });
    return row == std::end(words) ? LinkVerdict::name_taken : row->first;
}

// When both sides dialled at once, each sees both connections, in any order: the one that the server with the
// smaller name dialled stays. A second one dialled by the same side means that it has given up the first.
bool LinkTable::is_kept(const LinkClaim& newer, const LinkClaim& there) const {
    if (newer.dialled == there.dialled) return true;
    return newer.dialled == (server_ < newer.server);
}

LinkTable::Outcome LinkTable::claim(LinkClaim claim) {
    if (claim.instance == instance_) return {.verdict = LinkVerdict::self};
    if (claim.server == server_) return {.verdict = LinkVerdict::name_taken};
    const auto there = std::find_if(claims_.begin(), claims_.end(),
                                    [&](const LinkClaim& one) { return one.server == claim.server; });
    if (there == claims_.end()) {
        claims_.push_back(std::move(claim));
        return {};
    }
    if (there->instance != claim.instance) return {.verdict = LinkVerdict::name_taken};
    if (!is_kept(claim, *there)) return {.verdict = LinkVerdict::linked};
    const auto replaced = there->id;
    *there = std::move(claim);
    return {.replaced = replaced};
}

void LinkTable::release(LinkId id) {
    claims_.erase(
        std::remove_if(claims_.begin(), claims_.end(), [id](const LinkClaim& one) { return one.id == id; }),
        claims_.end());
}

bool LinkTable::holds(LinkId id) const {
    return std::any_of(claims_.begin(), claims_.end(), [id](const LinkClaim& one) { return one.id == id; });
}

bool LinkTable::has(std::string_view server) const {
    return std::any_of(claims_.begin(), claims_.end(),
                       [&](const LinkClaim& one) { return one.server == server; });
}

}  // namespace pbx::devstate
