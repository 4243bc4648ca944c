// A run over a list as a process of its own, ended by signals.
#include "numbering/bulk_run.hpp"

#include "dns/fake_server.hpp"

#include <atomic>
#include <csignal>
#include <string>
#include <utility>

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::numbering;
using namespace std::chrono_literals;
using dns::test::FakeServer;
using dns::test::Octets;

namespace {
// No row is written because it has waited long enough.
struct StoppedClock final : Clock {
    [[nodiscard]] dns::Moment now() const override { return dns::Moment(1h); }
    [[nodiscard]] std::chrono::system_clock::time_point wall() const override { return {}; }
};

struct Pipe {
    Pipe() { REQUIRE(::pipe(ends) == 0); }
    ~Pipe() { ::close(ends[0]), ::close(ends[1]); }
    int ends[2] = {-1, -1};
};

[[noreturn]] void run(const dns::Server& server, int in, int out) {
    LookupSettings settings;
    settings.profile = find_profile("e164");
    settings.order.suffixes = parse_suffixes("e164.arpa").value();
    settings.order.wanted = parse_wanted("sip").value();
    settings.timeout = 2s;
    settings.servers = {server};
    const StoppedClock clock;
    const auto end = run_bulk({{settings, {}}}, {.in = in, .out = out}, clock);
    _exit(end ? end->signal : 99);
}
}  // namespace

TEST_CASE("run: a second signal loses no row that is finished") {
    // it is asked for the second number when the first one's answer is on its way
    std::atomic<pid_t> process = 0;
    FakeServer server([&](const Octets& query, bool tcp) {
        constexpr std::size_t last_digit = 13;
        if (query.at(last_digit) == '1') return dns::test::answer_well(query, tcp);
        ::kill(process, SIGTERM);
        ::kill(process, SIGINT);
        return std::vector<Octets>{};
    });
    Pipe list, result;
    const std::string first = "+441\n", second = "+442\n";
    process = ::fork();
    REQUIRE(process >= 0);
    if (process == 0) run(server.address(), list.ends[0], result.ends[1]);
    REQUIRE(::write(list.ends[1], (first + second).data(), 10) == 10);
    int status = 0;
    REQUIRE(::waitpid(process, &status, 0) == process);
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) != 99));
    ::close(std::exchange(result.ends[1], -1));
    char octets[200] = "";
    CHECK(::read(result.ends[0], octets, sizeof octets - 1) > 0);
    CHECK(std::string(octets) == "+441\tok\tsip:a@example.com\tsip\t1\t300\n");
}
