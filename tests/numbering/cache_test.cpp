#include "numbering/cache.hpp"

#include <catch2/catch.hpp>

namespace pbx::numbering {

namespace {
using namespace std::chrono_literals;
using std::chrono::seconds;

const Cache::Moment start{1'000'000s};
const std::vector<std::uint8_t> octets{1, 2, 3};

dns::Question asked(const std::string& name, dns::Type type = dns::Type::naptr) {
    return {.name = dns::Name::parse(name).value(), .type = type};
}
dns::Answer records(std::uint32_t ttl) {
    dns::Answer out;
    out.ttl = ttl;
    out.naptrs.push_back({.ttl = ttl});
    return out;
}
dns::Answer none(std::uint32_t ttl, dns::Rcode rcode = dns::Rcode::no_such_name) {
    dns::Answer out;
    out.ttl = ttl;
    out.rcode = rcode;
    return out;
}
Cache::Key key(const std::string& name) {
    return Cache::Key(asked(name));
}
}  // namespace

TEST_CASE("cache: an answer is kept for its time and not a moment longer") {
    Cache cache;
    CHECK(cache.find(key("a.example"), start) == nullptr);
    cache.keep(key("a.example"), octets, records(10), start);
    const auto* kept = cache.find(key("a.example"), start + 9999ms);
    REQUIRE(kept != nullptr);
    CHECK(kept->message == octets);
    CHECK(cache.find(key("a.example"), start + 10s) == nullptr);
    CHECK(cache.entries() == 0);
    CHECK(cache.octets() == 0);
    CHECK(cache.counts().hits == 1);
    CHECK(cache.counts().misses == 2);
}

TEST_CASE("cache: a name's letters have no case, a question's type counts") {
    Cache cache;
    cache.keep(key("4.4.E164.Arpa"), octets, records(10), start);
    CHECK(cache.find(key("4.4.e164.aRPA"), start) != nullptr);
    CHECK(cache.find(Cache::Key(asked("4.4.e164.arpa", dns::Type::txt)), start) == nullptr);
    CHECK(cache.find(key("4.e164.arpa"), start) == nullptr);
}

TEST_CASE("cache: a no is kept for the SOA's time, at most three hours, and not at all without one") {
    const CacheLimits limits;
    CHECK(Cache::time_of(none(60), limits) == 60s);
    CHECK(Cache::time_of(none(60, dns::Rcode::no_error), limits) == 60s);
    CHECK(Cache::time_of(none(86'400), limits) == 3h);
    CHECK(Cache::time_of(none(0), limits) == 0s);
    CHECK(Cache::time_of(records(86'401), limits) == 24h);
    CHECK(Cache::time_of(records(0), limits) == 0s);
    CHECK(Cache::time_of(records(UINT32_MAX), {.longest = 60s}) == 60s);
    Cache cache;
    cache.keep(key("a.example"), octets, none(0), start);
    CHECK(cache.entries() == 0);
}

TEST_CASE("cache: trouble is kept for a second, whatever TTL comes with it") {
    const CacheLimits limits;
    CHECK(Cache::time_of(none(600, dns::Rcode::server_failure), limits) == 1s);
    CHECK(Cache::time_of(none(600, dns::Rcode::refused), limits) == 1s);
    auto cut = records(600);
    cut.truncated = true;
    CHECK(Cache::time_of(cut, limits) == 1s);
    Cache cache;
    cache.keep(key("a.example"), Status::timeout, start);
    const auto* kept = cache.find(key("a.example"), start + 999ms);
    REQUIRE(kept != nullptr);
    CHECK(kept->message.empty());
    CHECK(kept->failure == Status::timeout);
    CHECK(cache.find(key("a.example"), start + 1s) == nullptr);
}

TEST_CASE("cache: an answer without a message is a server's failure, not a no") {
    Cache cache;
    cache.keep(key("a.example"), {}, none(60, dns::Rcode::server_failure), start);
    const auto* kept = cache.find(key("a.example"), start);
    REQUIRE(kept != nullptr);
    CHECK(kept->failure == Status::servfail);
    CHECK(cache.find(key("a.example"), start + 1s) == nullptr);
}

TEST_CASE("cache: what is told of the time that is left is never too much") {
    Cache cache;
    cache.keep(key("a.example"), octets, records(10), start);
    const auto* kept = cache.find(key("a.example"), start + 1500ms);
    REQUIRE(kept != nullptr);
    CHECK(kept->age(start + 1500ms) == 2);
    CHECK(kept->left(start + 1500ms) == 8);
    CHECK(kept->age(start) == 0);
    CHECK(kept->left(start) == 10);
}

TEST_CASE("cache: over its number of entries, what was used longest ago goes") {
    Cache cache({.entries = 2});
    cache.keep(key("a.example"), octets, records(10), start);
    cache.keep(key("b.example"), octets, records(10), start);
    REQUIRE(cache.find(key("a.example"), start) != nullptr);
    cache.keep(key("c.example"), octets, records(10), start);
    CHECK(cache.find(key("a.example"), start) != nullptr);
    CHECK(cache.find(key("b.example"), start) == nullptr);
    CHECK(cache.find(key("c.example"), start) != nullptr);
    CHECK(cache.counts().dropped == 1);
}

TEST_CASE("cache: its octets are bounded, and one answer alone may be too large") {
    Cache cache({.octets = 10'000});
    const std::vector<std::uint8_t> large(1000);
    for (int i = 0; i < 100; ++i) {
        cache.keep(key("n" + std::to_string(i) + ".example"), large, records(10), start);
        CHECK(cache.octets() <= 10'000);
    }
    CHECK(cache.entries() > 2);
    CHECK(cache.find(key("n99.example"), start) != nullptr);
    cache.keep(key("huge.example"), std::vector<std::uint8_t>(20'000), records(10), start);
    CHECK(cache.octets() <= 10'000);
    CHECK(cache.find(key("huge.example"), start) == nullptr);
}

TEST_CASE("cache: a newer answer takes the older one's place, and what is cleared is gone") {
    Cache cache;
    cache.keep(key("a.example"), octets, records(10), start);
    const auto before = cache.octets();
    cache.keep(key("A.example"), octets, records(20), start + 1s);
    CHECK(cache.octets() == before);
    CHECK(cache.entries() == 1);
    CHECK(cache.find(key("a.example"), start + 15s) != nullptr);
    cache.clear();
    CHECK(cache.octets() == 0);
    CHECK(cache.find(key("a.example"), start + 15s) == nullptr);
}

TEST_CASE("cache: with no room or no time nothing is kept") {
    for (const auto& limits :
         {CacheLimits{.entries = 0}, CacheLimits{.octets = 0}, CacheLimits{.longest = 0s}}) {
        Cache cache(limits);
        cache.keep(key("a.example"), octets, records(10), start);
        cache.keep(key("b.example"), Status::timeout, start);
        CHECK(cache.entries() == 0);
    }
}

TEST_CASE("cache: smaller limits hold at once") {
    Cache cache;
    for (int i = 0; i < 10; ++i)
        cache.keep(key("n" + std::to_string(i) + ".example"), octets, records(10), start);
    cache.limit({.entries = 3});
    CHECK(cache.entries() == 3);
    CHECK(cache.find(key("n9.example"), start) != nullptr);
}

}  // namespace pbx::numbering
