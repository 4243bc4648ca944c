#include "devstate/hints.hpp"

#include "devstate/pattern.hpp"

#include <catch2/catch.hpp>

using namespace pbx::devstate;

TEST_CASE(
    "hints: one line for each length of number, with the server's letters as Asterisk's patterns need them") {
    const auto lines =
        hint_lines({.servers = {"b.example.com"}, .from_digits = 2, .to_digits = 3, .context = "lamps"});
    REQUIRE(lines);
    CHECK(*lines == std::vector<std::string>{"[lamps]",
                                             "exten => _XX*b[.]e[x]ample[.]com,hint,Custom:${EXTEN}",
                                             "exten => _XXX*b[.]e[x]ample[.]com,hint,Custom:${EXTEN}"});
    const auto all = hint_lines({.presence = true});
    REQUIRE(all);
    CHECK(*all == std::vector<std::string>{"[devstate-lamps]",
                                           "exten => _X.,hint,Custom:${EXTEN},CustomPresence:${EXTEN}"});
}

TEST_CASE("hints: what was printed matches the lamps' extensions and no other server's") {
    const NameTemplate names;
    for (const auto* server : {"pbx-zentrale.Nord", "b.example.com", "XZN!"}) {
        if (!hint_lines({.servers = {server}})) continue;
        const auto lines = hint_lines({.servers = {server}, .from_digits = 3, .to_digits = 3});
        const auto line = lines->at(1);
        const auto begin = line.find('_');
        const auto pattern = Pattern::parse(line.substr(begin, line.find(',') - begin));
        REQUIRE(pattern);
        CHECK(pattern->match(*names.encode("101", server)));
        CHECK_FALSE(pattern->match(*names.encode("1012", server)));
        CHECK_FALSE(pattern->match(*names.encode("101", "c.example.com")));
    }
}

TEST_CASE("hints: servers and ranges that can't be are refused") {
    CHECK_FALSE(hint_lines({.servers = {"b c"}}));
    CHECK_FALSE(hint_lines({.servers = {"b"}, .from_digits = 0}));
    CHECK_FALSE(hint_lines({.servers = {"b"}, .from_digits = 3, .to_digits = 2}));
    CHECK_FALSE(hint_lines({.servers = {"b"}, .to_digits = 21}));
}
