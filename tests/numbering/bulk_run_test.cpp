// A run over a list as a process of its own, ended by signals.
#include "numbering/bulk_run.hpp"

#include "dns/fake_server.hpp"

#include <atomic>
#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <type_traits>
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

// Until it sleeps, and isn't just about to wake: then it has taken all that its sockets had before.
void wait_asleep(pid_t process) {
    constexpr int looks = 200;
    for (int asleep = 0; asleep < looks;) {
        std::this_thread::yield();
        std::ifstream file("/proc/" + std::to_string(process) + "/stat");
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        const auto end = text.rfind(") ");
        if (end == std::string::npos || text.at(end + 2) == 'Z') return;
        asleep = text.at(end + 2) == 'S' ? asleep + 1 : 0;
    }
}

// The server comes by a pipe: it has a thread, and a process with threads is not to be forked.
[[noreturn]] void run(int where, int in, int out) {
    static_assert(std::is_trivially_copyable_v<dns::Server>);
    dns::Server server;
    if (::read(where, &server, sizeof server) != sizeof server) _exit(98);
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
    Pipe list, result, where;
    const auto process = ::fork();
    REQUIRE(process >= 0);
    if (process == 0) run(where.ends[0], list.ends[0], result.ends[1]);
    std::atomic<bool> first_asked = false, second_asked = false;  // in whatever order
    FakeServer server([&](const Octets& query, bool tcp) {
        constexpr std::size_t last_digit = 13;
        const bool is_first = query.at(last_digit) == '1';
        (is_first ? first_asked : second_asked) = true;
        return is_first ? dns::test::answer_well(query, tcp) : std::vector<Octets>{};
    });
    const std::string first = "+441\n", second = "+442\n";
    const dns::Server address = server.address();
    REQUIRE(::write(where.ends[1], &address, sizeof address) == sizeof address);
    REQUIRE(::write(list.ends[1], (first + second).data(), 10) == 10);
    while (!first_asked || !second_asked)
        std::this_thread::yield();
    wait_asleep(process);
    ::kill(process, SIGTERM);
    ::kill(process, SIGINT);
    int status = 0;
    REQUIRE(::waitpid(process, &status, 0) == process);
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) != 99));
    ::close(std::exchange(result.ends[1], -1));
    char octets[200] = "";
    CHECK(::read(result.ends[0], octets, sizeof octets - 1) > 0);
    CHECK(std::string(octets) == "+441\tok\tsip:a@example.com\tsip\t1\t300\n");
}
