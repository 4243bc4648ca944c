// What a relay of a large installation keeps in memory, counted.
#include "devstate/hub.hpp"
#include "devstate/panel.hpp"
#include "devstate/writer.hpp"

#include <catch2/catch.hpp>
#include <malloc.h>

using namespace pbx::devstate;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool counts = false;  // their malloc doesn't tell
#else
constexpr bool counts = true;
#endif

TEST_CASE("memory: 16 servers of 3,000 devices take a relay less than 48 MB") {
    const Moment now{std::chrono::hours(1)};
    const auto before = mallinfo2().uordblks;
    Hub hub({.server = "pbx00.example.com", .instance = 7});
    Panel panel({.server = "pbx00.example.com"}, {}, {});
    Writer writer({});
    writer.shown({}, now);
    std::vector<Item> own;
    for (int i = 0; i < 3'000; ++i)
        own.push_back({.name = std::to_string(10'000 + i), .state = State::not_inuse});
    static_cast<void>(hub.on(OwnTable{std::move(own)}, now));
    std::size_t written = 0;
    const auto act = [&](std::vector<HubAction> actions) {
        for (const auto& action : actions)
            if (const auto* show = std::get_if<Show>(&action)) panel.show(*show, writer, now);
        while (auto write = writer.next(now)) {
            writer.written(write->id, now);
            writer.changed(write->device, write->value, now);
            ++written;
        }
    };
    for (LinkId link = 1; link <= 15; ++link) {
        const auto server = "pbx" + std::to_string(10 + link) + ".example.com";
        act(hub.on(LinkUp{.link = link, .server = server}, now));
        Items items{.origin = server, .epoch = 5, .begin = true, .upto = 3'000};
        for (std::uint64_t i = 0; i < 3'000; ++i)
            items.items.push_back({i + 1, {.name = std::to_string(10'000 + i), .state = State::inuse}});
        act(hub.on(Received{link, std::move(items)}, now));
        act(hub.on(Received{link, Nodes{{{.server = server,
                                          .epoch = 5,
                                          .revision = 1,
                                          .instance = 5,
                                          .seq = 3'000,
                                          .up = true,
                                          .links = {"pbx00.example.com"}}}}},
                   now));
    }
    CHECK(written == 15 * 3'000);
    CHECK(writer.settled());
    const auto taken = mallinfo2().uordblks - before;
    INFO(taken / 1024 << " KiB");
    if (counts) CHECK(taken < 48UL * 1024 * 1024);
    if (counts) CHECK(taken > 1024UL * 1024);
}
