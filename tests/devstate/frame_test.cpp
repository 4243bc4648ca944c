#include "devstate/frame.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace pbx::devstate;

namespace {
Items some_items() {
    return {.origin = "b.example.com",
            .epoch = 1'795'000'000'000'000,
            .hop = 2,
            .begin = true,
            .upto = 17,
            .items = {{15, {.name = "101", .state = State::ringing}},
                      {16, {.kind = Kind::presence, .name = "a\"\\/ж", .presence = "dnd,,at lunch"}},
                      {17, {.name = "102", .gone = true}}}};
}

Nodes some_nodes() {
    return {{{.server = "a",
              .epoch = 5,
              .revision = 6,
              .instance = 7,
              .seq = 8,
              .up = true,
              .links = {"b", "c-1"}},
             {.server = "b", .epoch = 1, .leaving = true}}};
}
}  // namespace

TEST_CASE("frame: what is encoded is decoded as it was") {
    for (const Frame& frame : {Frame(some_items()), Frame(some_nodes()), Frame(Again{"b"}),
                               Frame(Items{.origin = "x"}), Frame(Nodes{})}) {
        const auto again = decode(encode(frame));
        REQUIRE(again);
        CHECK(*again == frame);
    }
    CHECK(
        encode(Items{
            .origin = "b", .epoch = 1, .upto = 3, .items = {{3, {.name = "101", .state = State::inuse}}}}) ==
        R"({"from":"b","e":1,"h":1,"upto":3,"items":[[3,"101","INUSE"]]})");
    CHECK(encode(Again{"b"}) == R"({"again":"b"})");
}

TEST_CASE("frame: members that are not known yet are passed over, in any order") {
    const auto frame = decode(R"({"new":{"x":1},"items":[[3,"101","inuse"]],"h":1,"e":1,"from":"b"})");
    REQUIRE(frame);
    CHECK(std::get<Items>(*frame).items.at(0).item.state == State::inuse);
}

TEST_CASE("frame: what is not of this shape, or over a limit, is refused with the reason") {
    const std::string long_name(max_item_name + 1, 'a'), long_server(max_server_name + 1, 'a');
    struct Row {
        std::string text, reason;
    };
    for (const auto& row : {
             Row{"", "frame is no JSON object"},
             Row{"[]", "frame is no JSON object"},
             Row{"{", "frame is no JSON object"},
             Row{"{}", "frame: neither nodes, items nor again"},
             Row{R"({"again":"a b"})", "frame: again is no server name"},
             Row{R"({"again":""})", "frame: again is no server name"},
             Row{R"({"again":")" + long_server + "\"}", "frame: again is longer than 40"},
             Row{R"({"items":[],"from":"b","h":1})", "frame: e is missing"},
             Row{R"({"items":[],"from":"b","e":-1,"h":1})", "frame: e is no number up to 2^53"},
             Row{R"({"items":[],"from":"b","e":9007199254740992,"h":1})", "frame: e is no number up to 2^53"},
             Row{R"({"items":[],"from":"b","e":1.5,"h":1})", "frame: e is no number up to 2^53"},
             Row{R"({"items":[],"from":"b","e":1,"h":0})", "frame: h is not 1 to 16"},
             Row{R"({"items":[],"from":"b","e":1,"h":17})", "frame: h is not 1 to 16"},
             Row{R"({"items":{},"from":"b","e":1,"h":1})", "frame: items is no list"},
             Row{R"({"items":[[1,"a"]],"from":"b","e":1,"h":1})",
                 "frame: an item is not [seq,name,value] or [seq,name,value,1]"},
             Row{R"({"items":[[1,"a","INUSE",2]],"from":"b","e":1,"h":1})",
                 "frame: an item is not [seq,name,value] or [seq,name,value,1]"},
             Row{R"({"items":[[1,"","INUSE"]],"from":"b","e":1,"h":1})", "frame: an item has no name"},
             Row{R"({"items":[[1,"a\n","INUSE"]],"from":"b","e":1,"h":1})", "frame: name has a control byte"},
             Row{R"({"items":[[1,"a","INUS"]],"from":"b","e":1,"h":1})",
                 "frame: an item has no state of Asterisk's"},
             Row{R"({"items":[[1,"a",7]],"from":"b","e":1,"h":1})",
                 "frame: an item has no state of Asterisk's"},
             Row{R"({"items":[[1,")" + long_name + R"(","INUSE"]],"from":"b","e":1,"h":1})",
                 "frame: name is longer than 80"},
             Row{R"({"items":[],"from":"b","e":1,"h":1,"begin":1})",
                 "frame: begin is neither true nor false"},
             Row{R"({"nodes":[1]})", "frame: a node is no object"},
             Row{R"({"nodes":[{"server":"a","e":1,"r":1,"instance":1,"seq":1,"links":[1]}]})",
                 "frame: link is no text"},
             Row{R"({"nodes":[[[[[1]]]]]})", "frame nested too deep"},
             Row{std::string(max_frame + 1, ' '), "frame longer than 262144 bytes"},
         }) {
        INFO(row.text.substr(0, 200));
        const auto frame = decode(row.text);
        REQUIRE_FALSE(frame);
        CHECK(frame.error().what == row.reason);
        CHECK(frame.error().code == pbx::Code::protocol);
    }
    std::string many = R"({"from":"b","e":1,"h":1,"items":[)";
    for (std::size_t i = 0; i <= max_frame_items; ++i)
        many += i == 0 ? R"([1,"a","INUSE"])" : R"(,[1,"a","INUSE"])";
    CHECK_FALSE(decode(many + "]}"));
}

TEST_CASE("frame: encoded_size is never less than what an item or a node takes") {
    std::mt19937_64 dice(3);
    for (int i = 0; i < 20'000; ++i) {
        std::string name;
        for (auto size = 1 + dice() % max_item_name; size > 0; --size)
            name.push_back(static_cast<char>(i % 2 == 0 ? "\"\\a/"[dice() % 4] : 0x20 + dice() % 0x5f));
        Numbered item{.seq = dice() % max_number,
                      .item = {.name = name, .state = static_cast<State>(dice() % 9)}};
        if (i % 3 == 0) item.item = {.kind = Kind::presence, .name = name, .presence = name + ",\"," + name};
        const auto empty = encode(Items{.origin = "b"}).size();
        const auto full = encode(Items{.origin = "b", .items = {item}}).size();
        REQUIRE(full - empty <= encoded_size(item.item));
    }
    Node node{.server = std::string(40, 's'),
              .epoch = max_number,
              .revision = max_number,
              .instance = max_number,
              .seq = max_number,
              .up = true,
              .stays = true,
              .leaving = true};
    for (int i = 0; i < 200; ++i)
        node.links.push_back(std::string(40, 'l'));
    CHECK(encode(Nodes{{node}}).size() <= encoded_size(node) + 20);
    CHECK(encode(
              Items{.origin = node.server, .epoch = max_number, .hop = 16, .begin = true, .upto = max_number})
              .size() < frame_overhead);
}
