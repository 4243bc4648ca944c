#include "devstate/link_table.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <catch2/catch.hpp>

using namespace pbx::devstate;

namespace {

LinkClaim claim(LinkId id, std::string server, std::string instance, bool dialled) {
    return {.id = id, .server = std::move(server), .instance = std::move(instance), .dialled = dialled};
}

}  // namespace

TEST_CASE("link table: words are read back, and an unknown one is no yes") {
    for (const auto verdict :
         {LinkVerdict::up, LinkVerdict::linked, LinkVerdict::name_taken, LinkVerdict::self})
        CHECK(verdict_of(word_of(verdict)) == verdict);
    CHECK(verdict_of("") == LinkVerdict::name_taken);
}

TEST_CASE("link table: who dials itself, or another that has its name, is told so") {
    LinkTable table("a", "1");
    CHECK(table.claim(claim(1, "a", "1", true)).verdict == LinkVerdict::self);
    CHECK(table.claim(claim(2, "a", "2", true)).verdict == LinkVerdict::name_taken);
    CHECK_FALSE(table.has("a"));
}

TEST_CASE("link table: of two servers of one name the first is linked until it ends") {
    LinkTable table("a", "1");
    CHECK(table.claim(claim(1, "b", "2", false)).verdict == LinkVerdict::up);
    CHECK(table.claim(claim(2, "b", "3", false)).verdict == LinkVerdict::name_taken);
    CHECK(table.claim(claim(3, "b", "3", true)).verdict == LinkVerdict::name_taken);
    CHECK(table.holds(1));
    table.release(1);
    CHECK(table.claim(claim(4, "b", "3", false)).verdict == LinkVerdict::up);
}

TEST_CASE("link table: a server that dials again has given up what it dialled before") {
    for (const bool dialled : {false, true}) {
        LinkTable table("a", "1");
        CHECK(table.claim(claim(1, "b", "2", dialled)).verdict == LinkVerdict::up);
        const auto again = table.claim(claim(2, "b", "2", dialled));
        CHECK(again.verdict == LinkVerdict::up);
        CHECK(again.replaced == 1);
        table.release(1);  // the old one ends later
        CHECK(table.has("b"));
        CHECK(table.holds(2));
    }
}

TEST_CASE("link table: two that dial each other at once end with the same one link, in whatever order") {
    // connection 1 is dialled by a, 2 by b; each side learns of both, in either order
    const std::array<std::array<LinkId, 2>, 2> orders{{{1, 2}, {2, 1}}};
    for (const auto& at_a : orders) {
        for (const auto& at_b : orders) {
            LinkTable a("a", "1"), b("b", "2");
            for (const auto id : at_a)
                static_cast<void>(a.claim(claim(id, "b", "2", id == 1)));
            for (const auto id : at_b)
                static_cast<void>(b.claim(claim(id, "a", "1", id == 2)));
            CHECK(a.holds(1));
            CHECK(b.holds(1));
            CHECK_FALSE(a.holds(2));
            CHECK_FALSE(b.holds(2));
        }
    }
}
