// The asker of a list against a name server on loopback, with a clock that moves by hand.
#include "numbering/bulk_asker.hpp"

#include "core/text.hpp"
#include "dns/fake_server.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::numbering;
using namespace std::chrono_literals;
using dns::test::FakeServer;
using dns::test::Octets;

namespace {
struct HandClock final : Clock {
    dns::Moment moment{1h};
    [[nodiscard]] dns::Moment now() const override { return moment; }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override { return {}; }
};

struct Asked {
    explicit Asked(const FakeServer& server) {
        settings.profile = find_profile("e164");
        settings.order.suffixes = parse_suffixes("e164.arpa").value();
        settings.order.wanted = parse_wanted("sip").value();
        settings.timeout = 2s;
        settings.servers = {server.address()};
        auto opened = BulkAsker::open(settings, {}, clock);
        REQUIRE(opened);
        asker = std::move(*opened);
    }
    void take(int rows) {
        for (int i = 0; i < rows; ++i) {
            const auto typed = "+44" + std::to_string(1000 + i);
            asker->take({.line = ++line, .typed = typed}, clock.now());
        }
    }
    // One step of the clock; what comes meanwhile is taken.
    void step(std::chrono::milliseconds by) {
        asker->work();
        pollfd one{.fd = asker->descriptor(), .events = POLLIN, .revents = 0};
        static_cast<void>(::poll(&one, 1, 1));
        clock.moment += by;
    }

    HandClock clock;
    LookupSettings settings;
    std::unique_ptr<BulkAsker> asker;
    std::uint64_t line = 0;
};

// Answers for the tree's own name and keeps silent on every number.
std::vector<Octets> answer_apex(const Octets& query, bool tcp) {
    constexpr std::size_t first_label = 12;
    return query.at(first_label) == 4 ? dns::test::answer_well(query, tcp) : std::vector<Octets>{};
}
}  // namespace

TEST_CASE("asker: any number of numbers in a row without an answer end no list while the tree answers") {
    const FakeServer server(answer_apex);
    Asked it(server);
    it.take(60);
    for (int steps = 0; !it.asker->bulk().idle() && steps < 6000; ++steps) {
        it.step(10ms);
        REQUIRE_FALSE(it.asker->silence(it.clock.now()));
    }
    CHECK(it.asker->bulk().counts().rows == 60);
    CHECK(it.asker->bulk().counts().failed == 60);
    const auto rows = text::split(it.asker->bulk().output(), '\n');
    REQUIRE(rows.size() == 61);
    for (std::size_t i = 0; i < 60; ++i)
        CHECK(rows[i].find("\ttimeout\t") != std::string_view::npos);
}

TEST_CASE("asker: where the tree does not answer either, rows wait, and then the list ends") {
    const FakeServer server(dns::test::keep_silent);
    Asked it(server);
    it.take(60);
    for (int steps = 0; !it.asker->silence(it.clock.now()) && steps < 1000; ++steps)
        it.step(50ms);
    const auto silence = it.asker->silence(it.clock.now());
    REQUIRE(silence);
    CHECK(silence->code == Code::try_again);
    CHECK(it.clock.now() >= dns::Moment(1h) + max_silence);
    CHECK(it.asker->bulk().counts().rows == 16);
}

TEST_CASE("asker: a time in which nothing was asked is no silence") {
    const FakeServer server(dns::test::keep_silent);
    Asked it(server);
    it.clock.moment += 2 * max_silence;  // the list comes slowly
    it.take(20);
    for (int steps = 0; steps < 100; ++steps) {
        it.step(100ms);
        REQUIRE_FALSE(it.asker->silence(it.clock.now()));
    }
    CHECK(it.asker->bulk().counts().rows == 16);
}
