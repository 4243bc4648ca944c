#include "devstate/broker_codec.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace pbx::devstate;

namespace {

Topic topic(TopicKind kind, std::string server, std::string name = {}) {
    return {.kind = kind, .server = std::move(server), .name = std::move(name)};
}

Published lamp(std::string name, State state) {
    Published out{.epoch = 1'700'000'000'000'000, .count = 7, .item = {.seq = 12}};
    out.item.item.name = std::move(name);
    out.item.item.state = state;
    return out;
}

}  // namespace

TEST_CASE("broker codec: topics are as the manual says, and no byte of a name means anything to a broker") {
    CHECK(encode_topic("pbxctl", topic(TopicKind::lamp, "b", "101")) == "pbxctl/b/ds/101");
    CHECK(encode_topic("x/y", topic(TopicKind::presence, "b.example.com", "1+/#~*")) ==
          "x/y/b~2Eexample~2Ecom/ps/1~2B~2F~23~7E~2A");
    CHECK(encode_topic("pbxctl", topic(TopicKind::status, "b")) == "pbxctl/b/status");
    CHECK(subtree_of("pbxctl", "b.c") == "pbxctl/b~2Ec/");
}

TEST_CASE("broker codec: every name comes back as it was") {
    std::mt19937 dice(3);
    for (int round = 0; round < 20'000; ++round) {
        std::string name(1 + dice() % max_item_name, '\0');
        for (char& c : name)
            c = static_cast<char>(0x20 + dice() % 0x5f);
        const auto one = topic(round % 2 == 0 ? TopicKind::lamp : TopicKind::presence, "a-b_c.d", name);
        CHECK(decode_topic("p/q", encode_topic("p/q", one)) == one);
    }
    for (const auto kind : {TopicKind::status, TopicKind::beat, TopicKind::mark})
        CHECK(decode_topic("p", encode_topic("p", topic(kind, "b"))) == topic(kind, "b"));
}

TEST_CASE("broker codec: what is no topic of ours is nothing, and each name has one spelling") {
    for (const auto* text :
         {"",           "p",           "p/",         "p/b",        "q/b/ds/1",     "pp/b/ds/1",
          "p/b/ds",     "p/b/ds/",     "p/b/ds/1/2", "p/b/xx/1",   "p/b/status/1", "p//ds/1",
          "p/b/ds/~2",  "p/b/ds/~",    "p/b/ds/~2e", "p/b/ds/~31", "p/b/ds/~1",    "p/b/ds/1.2",
          "p/b.c/ds/1", "p/b~2F/ds/1", "p/b/ds/~0A"}) {
        INFO(text);
        CHECK_FALSE(decode_topic("p", text));
    }
    CHECK_FALSE(decode_topic("p", "p/" + std::string(41, 'b') + "/status"));
    CHECK_FALSE(decode_topic("p", "p/b/ds/" + std::string(81, '1')));
    for (const auto* good : {"p", "pbxctl", "a/b-c/D_9"})
        CHECK(is_prefix(good));
    for (const auto* bad : {"", "/", "a/", "/a", "a//b", "a+b", "#", "a.b", "$SYS"})
        CHECK_FALSE(is_prefix(bad));
}

TEST_CASE("broker codec: values come back as they were") {
    const auto at = topic(TopicKind::lamp, "b", "101");
    CHECK(encode(lamp("101", State::inuse)) == R"({"c":7,"e":1700000000000000,"n":12,"s":"INUSE"})");
    for (int state = 0; state <= static_cast<int>(State::onhold); ++state) {
        const auto value = lamp("101", static_cast<State>(state));
        CHECK(decode_published(at, encode(value)) == value);
    }
    auto gone = lamp("101", State::unknown);
    gone.item.item.gone = true;
    CHECK(decode_published(at, encode(gone)) == gone);
    auto presence = lamp("x", State::unknown);
    presence.item.item.kind = Kind::presence;
    presence.item.item.presence = R"(dnd,обед,"back [at] {two}")";
    CHECK(decode_published(topic(TopicKind::presence, "b", "x"), encode(presence)) == presence);

    const Standing standing{.relay = true, .asterisk = false, .epoch = 5, .instance = 6};
    CHECK(decode_standing(encode(standing)) == standing);
    const Beat beat{.epoch = 1, .instance = 2, .count = 3, .time = 4};
    CHECK(decode_beat(encode(beat)) == beat);
}

TEST_CASE("broker codec: payloads of another shape are nothing") {
    const auto at = topic(TopicKind::lamp, "b", "101");
    for (const auto* text :
         {"", "x", "[]", "{}", "null", "7", R"({"c":1,"e":1,"n":1})", R"({"c":1,"e":1,"n":1,"s":7})",
          R"({"c":1,"e":1,"n":1,"s":"NONSENSE"})", R"({"c":-1,"e":1,"n":1,"s":"INUSE"})",
          R"({"c":1.5,"e":1,"n":1,"s":"INUSE"})", R"({"c":1,"e":9007199254740993,"n":1,"s":"INUSE"})",
          R"({"c":1,"e":1,"n":1,"s":"INUSE"} x)"}) {
        INFO(text);
        CHECK_FALSE(decode_published(at, text));
        CHECK_FALSE(decode_standing(text));
        CHECK_FALSE(decode_beat(text));
    }
    CHECK_FALSE(decode_published(at, std::string(3'000, '[')));
    const auto presence = topic(TopicKind::presence, "b", "x");
    CHECK_FALSE(decode_published(presence, R"({"c":1,"e":1,"n":1,"s":"a\nb"})"));
    CHECK_FALSE(decode_published(presence, R"({"c":1,"e":1,"n":1,"s":")" + std::string(300, 'x') + "\"}"));
}
