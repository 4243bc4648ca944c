#include "devstate/writer.hpp"

#include <map>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

using namespace pbx::devstate;
using namespace std::chrono_literals;

namespace {
const Moment start{1h};

std::vector<Write> all(Writer& writer, Moment now = start) {
    std::vector<Write> out;
    while (auto write = writer.next(now))
        out.push_back(std::move(*write));
    return out;
}

void confirm(Writer& writer, const std::vector<Write>& writes, Moment now = start) {
    for (const auto& write : writes)
        writer.written(write.id, now);
}
}  // namespace

TEST_CASE("writer: nothing is written before the snapshot, and then only differences") {
    Writer writer({});
    writer.want(Kind::lamp, "Custom:1*b", "INUSE", start);
    writer.want(Kind::lamp, "Custom:2*b", "INUSE", start);
    writer.want(Kind::presence, "CustomPresence:3*b", "dnd,,", start);
    CHECK(all(writer).empty());
    writer.shown({{"Custom:1*b", "INUSE"}, {"Custom:2*b", "RINGING"}, {"Custom:9*b", "BUSY"}}, start);
    const auto writes = all(writer);
    REQUIRE(writes.size() == 2);
    std::map<std::string, std::string> values;
    for (const auto& write : writes)
        values[write.device] = write.value;
    CHECK(values ==
          std::map<std::string, std::string>{{"Custom:2*b", "INUSE"}, {"CustomPresence:3*b", "dnd,,"}});
    CHECK_FALSE(writer.settled());
    confirm(writer, writes);
    CHECK(writer.settled());
    CHECK(writer.counts().written == 2);
    CHECK(writer.counts().suppressed == 1);
}

TEST_CASE("writer: the newest value of a device wins while it waits, and one write of it is in flight") {
    Writer writer({});
    writer.shown({}, start);
    writer.want(Kind::lamp, "Custom:1*b", "INUSE", start);
    const auto first = all(writer);
    REQUIRE(first.size() == 1);
    writer.want(Kind::lamp, "Custom:1*b", "BUSY", start);
    writer.want(Kind::lamp, "Custom:1*b", "ONHOLD", start);
    CHECK(all(writer).empty());
    confirm(writer, first);
    const auto second = all(writer);
    REQUIRE(second.size() == 1);
    CHECK(second[0].value == "ONHOLD");
    confirm(writer, second);
    CHECK(all(writer).empty());
}

TEST_CASE("writer: in-use that still waits when it rings is never written") {
    Writer writer({.window = 1});
    writer.shown({}, start);
    writer.want(Kind::lamp, "Custom:other*b", "BUSY", start);
    const auto other = all(writer);
    writer.want(Kind::lamp, "Custom:1*b", "INUSE", start);
    writer.want(Kind::lamp, "Custom:1*b", "RINGING", start);
    confirm(writer, other);
    const auto writes = all(writer);
    REQUIRE(writes.size() == 1);
    CHECK(writes[0].value == "RINGING");
}

TEST_CASE("writer: a value that came back to what is shown needs no write") {
    Writer writer({.window = 1});
    writer.shown({{"Custom:1*b", "NOT_INUSE"}}, start);
    writer.want(Kind::lamp, "Custom:x*b", "BUSY", start);
    const auto first = all(writer);
    writer.want(Kind::lamp, "Custom:1*b", "INUSE", start);
    writer.want(Kind::lamp, "Custom:1*b", "NOT_INUSE", start);
    confirm(writer, first);
    CHECK(all(writer).empty());
    CHECK(writer.settled());
}

TEST_CASE(
    "writer: a refused write is tried four times, told once, and then left until another value is wanted") {
    Writer writer({});
    writer.shown({}, start);
    writer.want(Kind::lamp, "Custom:1*b", "INUSE", start);
    auto now = start;
    for (int tries = 1; tries <= 4; ++tries) {
        const auto writes = all(writer, now);
        REQUIRE(writes.size() == 1);
        CHECK(writer.refused(writes[0].id, now) == (tries == 4));
        CHECK(all(writer, now).empty());
        CHECK(writer.settled() == (tries == 4));
        CHECK(writer.wake_at().has_value() == (tries < 4));
        now += 1s;
    }
    CHECK(all(writer, now + 1h).empty());
    writer.want(Kind::lamp, "Custom:1*b", "BUSY", now);
    const auto again = all(writer, now);
    REQUIRE(again.size() == 1);
    CHECK_FALSE(writer.refused(again[0].id, now));
    confirm(writer, all(writer, now + 1s), now + 1s);
    CHECK(writer.settled());
    CHECK(writer.counts().refused == 5);
    CHECK(writer.counts().written == 1);
}

TEST_CASE("writer: after a cut what was in flight is unknown: the new snapshot decides") {
    Writer writer({});
    writer.shown({}, start);
    for (int i = 0; i < 100; ++i)
        writer.want(Kind::lamp, "Custom:" + std::to_string(i) + "*b", "INUSE", start);
    const auto lost = all(writer);
    CHECK(lost.size() == 100);
    writer.cut();
    CHECK(all(writer).empty());
    std::vector<std::pair<std::string, std::string>> shown;
    for (int i = 0; i < 60; ++i)
        shown.emplace_back("Custom:" + std::to_string(i) + "*b", "INUSE");
    writer.shown(std::move(shown), start);
    CHECK(all(writer).size() == 40);
    for (const auto& write : lost)
        writer.written(write.id, start);  // late answers of the old session
    CHECK(writer.counts().written == 0);
    CHECK_FALSE(writer.settled());
}

TEST_CASE("writer: a further snapshot of a session doesn't know of the writes under way") {
    Writer writer({});
    writer.shown({{"Custom:1*b", "NOT_INUSE"}, {"Custom:2*b", "NOT_INUSE"}, {"Custom:3*b", "INUSE"}}, start);
    writer.want(Kind::lamp, "Custom:1*b", "INUSE", start);
    const auto flying = all(writer);
    REQUIRE(flying.size() == 1);
    writer.want(Kind::lamp, "Custom:2*b", "INUSE", start);
    confirm(writer, all(writer));  // and its echo is due
    writer.want(Kind::lamp, "Custom:3*b", "INUSE", start);
    // it was made before both, and somebody else changed the third
    writer.shown({{"Custom:1*b", "NOT_INUSE"}, {"Custom:2*b", "NOT_INUSE"}, {"Custom:3*b", "BUSY"}},
                 start + 1ms);
    const auto writes = all(writer, start + 1ms);
    REQUIRE(writes.size() == 1);
    CHECK(writes[0].device == "Custom:3*b");
    confirm(writer, flying, start + 2ms);
    confirm(writer, writes, start + 2ms);
    CHECK(writer.settled());
    CHECK(writer.counts().written == 3);
    writer.want(Kind::lamp, "Custom:1*b", "NOT_INUSE", start + 3ms);
    CHECK(all(writer, start + 3ms).size() == 1);
}

TEST_CASE("writer: a lamp that Asterisk has lost when it is back is written again") {
    Writer writer({});
    writer.shown({}, start);
    writer.want(Kind::lamp, "Custom:1*b", "INUSE", start);
    confirm(writer, all(writer));
    writer.cut();
    writer.shown({}, start);
    CHECK(all(writer).size() == 1);
}

TEST_CASE("writer: echoes of our own writes are no news, however late; someone else's change is put right") {
    Writer writer({});
    writer.shown({}, start);
    const std::string lamp = "Custom:1*b";
    for (const auto* value : {"INUSE", "BUSY", "RINGING"}) {
        writer.want(Kind::lamp, lamp, value, start);
        confirm(writer, all(writer));
    }
    for (const auto* value : {"INUSE", "BUSY", "RINGING"})
        writer.changed(lamp, value, start + 5ms);
    CHECK(all(writer).empty());
    CHECK(writer.counts().put_right == 0);
    writer.changed(lamp, "NOT_INUSE", start + 10ms);
    const auto right = all(writer, start + 10ms);
    REQUIRE(right.size() == 1);
    CHECK(right[0].value == "RINGING");
    confirm(writer, right, start + 11ms);
    writer.changed(lamp, "RINGING", start + 12ms);
    writer.changed(lamp, "INUSE", start + 13ms);
    CHECK(all(writer, start + 13ms).size() == 1);
    CHECK(writer.counts().put_right == 2);
    writer.changed("Custom:unknown*b", "INUSE", start);
    CHECK(writer.devices() == 1);
}

TEST_CASE(
    "writer: somebody else who writes a lamp again and again is met three times, and after a minute again") {
    Writer writer({});
    writer.shown({}, start);
    const std::string lamp = "Custom:1*b";
    writer.want(Kind::lamp, lamp, "INUSE", start);
    confirm(writer, all(writer));
    writer.changed(lamp, "INUSE", start);
    auto now = start;
    std::size_t writes = 0;
    const auto fight = [&](std::chrono::seconds span) {
        for (const auto end = now + span; now < end; now += 10ms) {
            writer.changed(lamp, "UNAVAILABLE", now);
            const auto right = all(writer, now);
            if (right.empty()) continue;
            confirm(writer, right, now);
            writer.changed(lamp, "INUSE", now);
            writes += right.size();
        }
    };
    fight(59s);
    CHECK(writes == 3);
    CHECK(writer.counts().put_right == 3);
    CHECK(writer.take_contested() == std::vector<std::string>{lamp});
    CHECK(writer.take_contested().empty());
    REQUIRE(writer.wake_at());
    CHECK(*writer.wake_at() <= start + 61s);
    now += 2s;
    CHECK(all(writer, now).size() == 1);
}

TEST_CASE("writer: a lamp left to somebody else is ours again when another value is wanted") {
    Writer writer({});
    writer.shown({{"Custom:1*b", "INUSE"}}, start);
    writer.want(Kind::lamp, "Custom:1*b", "INUSE", start);
    for (int i = 0; i < 4; ++i) {
        writer.changed("Custom:1*b", "BUSY", start + 3s * i);
        confirm(writer, all(writer, start + 3s * i), start + 3s * i);
        writer.changed("Custom:1*b", "INUSE", start + 3s * i);
    }
    CHECK(writer.counts().put_right == 3);
    writer.want(Kind::lamp, "Custom:1*b", "RINGING", start + 10s);
    confirm(writer, all(writer, start + 10s), start + 10s);
    writer.changed("Custom:1*b", "RINGING", start + 10s);
    writer.changed("Custom:1*b", "BUSY", start + 11s);
    CHECK(all(writer, start + 11s).size() == 1);
}

TEST_CASE("writer: an echo that never came doesn't hide a later change") {
    Writer writer({});
    writer.shown({}, start);
    writer.want(Kind::lamp, "Custom:1*b", "INUSE", start);
    confirm(writer, all(writer));
    writer.want(Kind::lamp, "Custom:1*b", "BUSY", start);
    confirm(writer, all(writer));
    writer.changed("Custom:1*b", "INUSE", start + 3s);
    CHECK(all(writer, start + 3s).size() == 1);
}

TEST_CASE("writer: what is no more is shown dark once, and forgotten") {
    Writer writer({});
    writer.shown({}, start);
    const auto lamp = [](int i) { return "Custom:" + std::to_string(i) + "*b"; };
    for (int i = 0; i < 100'000; ++i) {
        writer.want(Kind::lamp, lamp(i), "INUSE", start);
        confirm(writer, all(writer));
        writer.want_last(Kind::lamp, lamp(i), "UNAVAILABLE", start);
        confirm(writer, all(writer));
        REQUIRE(writer.devices() <= 2'000);
    }
    CHECK(writer.settled());
    CHECK(writer.counts().written == 200'000);
    writer.want(Kind::lamp, lamp(99'999), "RINGING", start);
    CHECK(all(writer).size() == 1);
    writer.changed(lamp(50'000), "BUSY", start + 5s);  // no concern of ours
    CHECK(writer.counts().put_right == 0);
}

TEST_CASE("writer: a lamp that is dark for good before the first snapshot is written in it") {
    Writer writer({});
    writer.want_last(Kind::lamp, "Custom:1*b", "UNAVAILABLE", start);
    writer.want_last(Kind::lamp, "Custom:2*b", "UNAVAILABLE", start);
    writer.shown({{"Custom:1*b", "INUSE"}, {"Custom:2*b", "UNAVAILABLE"}}, start);
    const auto writes = all(writer);
    REQUIRE(writes.size() == 1);
    CHECK(writes[0].device == "Custom:1*b");
    CHECK(writer.wanted("Custom:2*b") == nullptr);
    CHECK(writer.wanted("Custom:1*b") != nullptr);
}

TEST_CASE("writer: there are no more devices than the limit") {
    Writer writer({.most = 2});
    writer.shown({}, start);
    CHECK(writer.want(Kind::lamp, "Custom:1*b", "INUSE", start));
    CHECK(writer.want(Kind::lamp, "Custom:2*b", "INUSE", start));
    CHECK_FALSE(writer.want(Kind::lamp, "Custom:3*b", "INUSE", start));
    CHECK(writer.want(Kind::lamp, "Custom:1*b", "BUSY", start));
    CHECK(all(writer).size() == 2);
}

TEST_CASE("writer: the pace is kept, and told when it allows more") {
    Writer writer({.writes_per_second = 10});
    writer.shown({}, start);
    for (int i = 0; i < 30; ++i)
        writer.want(Kind::lamp, "Custom:" + std::to_string(i) + "*b", "INUSE", start);
    std::size_t written = 0;
    auto now = start;
    for (; now < start + 1s; now += 10ms) {
        const auto writes = all(writer, now);
        written += writes.size();
        confirm(writer, writes, now);
    }
    CHECK(written == 10);
    REQUIRE(writer.wake_at());
    CHECK(*writer.wake_at() <= now + 100ms);
}

TEST_CASE("writer: the window shrinks when Asterisk is slow, and grows again") {
    Writer writer({.window = 64});
    writer.shown({}, start);
    for (int i = 0; i < 5000; ++i)
        writer.want(Kind::lamp, "Custom:" + std::to_string(i) + "*b", "INUSE", start);
    auto now = start;
    std::size_t in_flight = 64;
    for (int round = 0; round < 10; ++round) {
        const auto writes = all(writer, now);
        CHECK(writes.size() <= in_flight);
        in_flight = writes.size();
        now += 1s;
        confirm(writer, writes, now);
    }
    CHECK(in_flight == 4);
    for (int round = 0; round < 60; ++round) {
        const auto writes = all(writer, now);
        in_flight = writes.size();
        now += 1ms;
        confirm(writer, writes, now);
    }
    CHECK(in_flight > 30);
}

TEST_CASE("writer: 50,000 changes on 1,000 devices against a stalled Asterisk keep the queue at 1,000") {
    std::mt19937_64 dice(5);
    Writer writer({.window = 256});
    writer.shown({}, start);
    std::map<std::string, std::string> wanted, asterisk;
    std::vector<Write> flying;
    const char* values[] = {"INUSE", "NOT_INUSE", "RINGING", "BUSY"};
    for (int i = 0; i < 50'000; ++i) {
        const auto device = "Custom:" + std::to_string(dice() % 1000) + "*b";
        const auto* value = values[dice() % 4];
        wanted[device] = value;
        writer.want(Kind::lamp, device, value, start);
        for (auto& write : all(writer))
            flying.push_back(std::move(write));
        REQUIRE(writer.pending() <= 1000);
    }
    CHECK(flying.size() == 256);
    std::size_t writes = 0;
    while (!flying.empty()) {
        for (const auto& write : std::exchange(flying, {})) {
            asterisk[write.device] = write.value;
            ++writes;
            writer.written(write.id, start);
        }
        flying = all(writer);
    }
    CHECK(asterisk == wanted);
    CHECK(writes <= 1000 + 256);
    CHECK(writer.settled());
}

TEST_CASE("writer: whatever cuts, refusals and others' doings there are, Asterisk ends up right") {
    for (std::uint64_t seed = 1; seed <= 5000; ++seed) {
        std::mt19937_64 dice(seed);
        Writer writer({.window = 1 + dice() % 8});
        std::map<std::string, std::string> asterisk, wanted;
        std::vector<Write> flying;
        std::vector<std::pair<std::string, std::string>> echoes;
        auto now = start;
        const char* values[] = {"INUSE", "NOT_INUSE", "RINGING", "BUSY"};
        const auto device = [&] { return "Custom:" + std::to_string(dice() % 6) + "*b"; };
        const auto land = [&](std::size_t count) {
            for (; count > 0 && !flying.empty(); --count) {
                auto write = flying.front();
                flying.erase(flying.begin());
                if (asterisk[write.device] != write.value) echoes.emplace_back(write.device, write.value);
                asterisk[write.device] = write.value;
                writer.written(write.id, now);
            }
        };
        const auto hear = [&](std::size_t count) {
            for (; count > 0 && !echoes.empty(); --count) {
                writer.changed(echoes.front().first, echoes.front().second, now);
                echoes.erase(echoes.begin());
            }
        };
        for (int step = 0; step < 200; ++step) {
            now += std::chrono::milliseconds(dice() % 50);
            switch (dice() % 10) {
                case 0:  // the session is cut; what flew may or may not have arrived
                    for (const auto& write : std::exchange(flying, {}))
                        if (dice() % 2 == 0) asterisk[write.device] = write.value;
                    echoes.clear();
                    writer.cut();
                    writer.shown({asterisk.begin(), asterisk.end()}, now);
                    break;
                case 1: {  // someone else writes
                    const auto which = device();
                    const auto* value = values[dice() % 4];
                    if (asterisk[which] != value) echoes.emplace_back(which, value);
                    asterisk[which] = value;
                    break;
                }
                case 2:
                case 3:
                    land(dice() % 4);
                    break;
                case 4:
                    hear(dice() % 4);
                    break;
                default: {
                    const auto which = device();
                    wanted[which] = values[dice() % 4];
                    writer.want(Kind::lamp, which, wanted[which], now);
                }
            }
            if (!writer.is_open()) writer.shown({}, now);
            for (auto& write : all(writer, now))
                flying.push_back(std::move(write));
        }
        while (!flying.empty() || !echoes.empty() || writer.wake_at()) {
            now = std::max(now + 1ms, writer.wake_at().value_or(now));
            land(1000);
            hear(1000);
            for (auto& write : all(writer, now))
                flying.push_back(std::move(write));
        }
        INFO("history " << seed);
        for (const auto& [which, value] : wanted)
            REQUIRE(asterisk[which] == value);
    }
}
