#include "devstate/link_knocks.hpp"

#include <algorithm>

namespace pbx::devstate {

bool Knocks::is_shut_out(const std::string& address, Moment now) const {
    const auto found = counts_.find(address);
    return found != counts_.end() && now - found->second.since < span && found->second.times >= most_in_vain;
}

void Knocks::in_vain(const std::string& address, Moment now) {
    const auto found = counts_.find(address);
    if (found != counts_.end()) {
        if (now - found->second.since >= span) found->second = {.since = now};
        ++found->second.times;
        return;
    }
    if (counts_.size() >= most_addresses)
        counts_.erase(std::min_element(counts_.begin(), counts_.end(), [](const auto& a, const auto& b) {
            return a.second.since < b.second.since;
        }));
    counts_.emplace(address, Count{.since = now, .times = 1});
}

std::string without_port(const std::string& peer) {
    return peer.substr(0, peer.rfind(':'));
}

}  // namespace pbx::devstate
