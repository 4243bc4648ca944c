// Bytes of a peer as a frame: never a crash; what is taken is within the limits, is encoded within max_frame
// and read back the same, and a hub takes it without harm.
#include "devstate/frame.hpp"
#include "devstate/hub.hpp"

#include <cstdlib>
#include <string_view>

using namespace pbx::devstate;

namespace {
void demand(bool claim) {
    if (!claim) std::abort();
}

void check(const Nodes& nodes) {
    demand(nodes.nodes.size() <= max_servers);
    for (const auto& node : nodes.nodes)
        demand(is_server_name(node.server) && node.links.size() <= max_servers);
}
void check(const Items& items) {
    demand(is_server_name(items.origin) && items.hop <= max_hop && items.items.size() <= max_frame_items);
    for (const auto& [seq, item] : items.items)
        demand(!item.name.empty() && item.name.size() <= max_item_name &&
               item.presence.size() <= max_presence_text);
}
void check(const Again& again) {
    demand(is_server_name(again.origin));
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    auto frame = decode(text);
    if (!frame) return 0;
    std::visit([](const auto& one) { check(one); }, *frame);
    const auto again = decode(encode(*frame));
    demand(again.has_value() && *again == *frame);

    const Moment now{std::chrono::hours(1)};
    Hub hub({.server = "a", .instance = 7});
    static_cast<void>(hub.on(LinkUp{.link = 1, .server = "b"}, now));
    static_cast<void>(hub.on(LinkUp{.link = 2, .server = "c"}, now));
    static_cast<void>(hub.on(Received{.link = 1, .frame = std::move(*frame)}, now));
    static_cast<void>(hub.tick(now + std::chrono::seconds(1)));
    static_cast<void>(hub.tick(now + std::chrono::seconds(3)));
    for (const LinkId link : {1U, 2U})
        while (const auto out = hub.next(link)) {
            const auto written = encode(*out);
            demand(written.size() <= max_frame && decode(written).has_value());
        }
    return 0;
}
