#include "devstate/hub_inside.hpp"

#include <algorithm>

namespace pbx::devstate {

namespace {
constexpr std::uint64_t year = 365ULL * 24 * 3'600 * 1'000'000, hour = 3'600ULL * 1'000'000;  // µs
constexpr std::uint64_t the_year_2026 = 1'767'225'600ULL * 1'000'000;
constexpr std::chrono::minutes between_tells{1};
}  // namespace

// An epoch is a wall clock at a start, or one above what others remember. So nobody's is years ahead of the
// clock, unless somebody forges it, and then its server can go above: there is no last one it could be pushed
// to. A clock that stands before this was written is not set.
std::uint64_t Hub::Inside::latest_epoch() const {
    const auto since = begun ? now - *begun : Moment::duration{};
    const auto wall =
        settings.instance +
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(since).count());
    return std::min(std::max(wall, the_year_2026) + 10 * year, max_epoch);
}

// Of ourselves what others with a faster clock believe, too, so that we go above it.
bool Hub::Inside::believes(const std::string& server, std::uint64_t its_epoch) {
    if (its_epoch <= latest_epoch() + (server == settings.server ? hour : 0)) return true;
    ++counts.nonsense;
    if (!std::exchange(told_future, true))
        tell(true, "what is said of " + server +
                       " is from years ahead and isn't believed: is its clock right, and the one here?");
    return false;
}

// Nothing when there are too many.
Hub::Inside::Origin* Hub::Inside::origin_of(const std::string& server) {
    const auto found = origins.find(server);
    if (found != origins.end()) return &found->second;
    if (origins.size() + 1 >= max_servers && !make_room()) {  // with us
        ++counts.nonsense;
        tell_crowd("more than " + std::to_string(max_servers) + " servers: " + server + " isn't taken");
        return nullptr;
    }
    auto& origin = origins.try_emplace(server, settings.most_items).first->second;
    origin.seen = now;
    return &origin;
}

// Whoever is out of reach longest is forgotten, when nothing of it is shown.
bool Hub::Inside::make_room() {
    const Origin* longest = nullptr;
    std::string name;
    for (const auto& [server, origin] : origins) {
        if (origin.reached || origin.bus_up || !origin.dark || origin.seen >= now) continue;
        if (longest != nullptr && origin.seen >= longest->seen) continue;
        longest = &origin;
        name = server;
    }
    if (longest == nullptr) return false;
    tell_crowd("more than " + std::to_string(max_servers) + " servers: " + name +
               ", out of reach longest, is forgotten");
    forget(name);
    return true;
}

void Hub::Inside::forget(const std::string& server) {
    for (auto& [id, link] : links) {
        link.feeds.erase(server);
        link.tables.erase(server);
        link.due.erase(server);
        link.nodes.erase(server);
        link.asks.erase(server);
    }
    graph.forget(server);
    graph_changed = true;
    origins.erase(server);
}

void Hub::Inside::tell_crowd(const std::string& text) {
    if (told_crowd && now - *told_crowd < between_tells) return;
    told_crowd = now;
    tell(true, text);
}

}  // namespace pbx::devstate
