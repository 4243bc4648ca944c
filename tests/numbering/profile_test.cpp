#include "numbering/profile.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::numbering;

TEST_CASE("profile: the default is public ENUM by the servers that are configured") {
    const auto& first = profiles().front();
    CHECK(first.suffix == "e164.arpa");
    CHECK((first.server.empty() && first.tcp && first.dnssec));
    CHECK_FALSE(meaning_of(first, Status::servfail));
    CHECK(find_profile("enumer ") == nullptr);
    CHECK(find_profile("") == nullptr);
}

TEST_CASE("profile: enumer asks a node of one's own, which has no TCP") {
    const auto* enumer = find_profile("enumer");
    REQUIRE(enumer != nullptr);
    CHECK((enumer->suffix == "enum" && enumer->server == "127.0.0.1:5335"));
    CHECK_FALSE((enumer->tcp || enumer->dnssec));
}

TEST_CASE("profile: what a node's troubles mean is told with what mends it") {
    const auto& enumer = *find_profile("enumer");
    for (auto status : {Status::nxdomain, Status::servfail, Status::refused, Status::truncated,
                        Status::timeout, Status::unreachable}) {
        INFO(name_of(status));
        const auto meaning = meaning_of(enumer, status);
        REQUIRE(meaning);
        CHECK_FALSE((meaning->what.empty() || meaning->hint.empty()));
    }
    CHECK(meaning_of(enumer, Status::refused)->hint.find("$enum") != std::string_view::npos);
    CHECK_FALSE(meaning_of(enumer, Status::ok));
}
