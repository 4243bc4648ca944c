#include "agi/fake_asterisk.hpp"
#include "agi/session.hpp"

#include <array>
#include <atomic>
#include <csignal>

#include <catch2/catch.hpp>
#include <sys/wait.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::agi;
using namespace std::chrono_literals;

namespace {

// What the script says about itself by its exit status.
enum Exit : int { as_expected = 0, not_opened, not_started, wrong_end, not_left, not_written };

Task<Exit> play_until_left(Session* session) {
    auto started = co_await session->start();
    if (!started) co_return not_started;
    auto played = co_await session->stream_file("hello", "", 1min);
    if (!played || played->end != Played::End::left) co_return wrong_end;
    auto saved = co_await session->set_variable("OUTCOME", "left");
    co_return saved ? as_expected : not_written;
}

Task<Exit> idle_until_left(Session* session, net::Loop* loop) {
    auto started = co_await session->start();
    if (!started) co_return not_started;
    auto said = co_await session->verbose("ready");
    if (!said) co_return not_written;
    session->on_left([loop] { loop->stop(); });
    auto gone = co_await session->wait_for_digit(1h);
    co_return gone ? wrong_end : as_expected;
}

Task<Exit> speak_to_nobody(Session* session) {
    auto started = co_await session->start();
    if (!started) co_return not_started;
    auto said = co_await session->verbose("anybody?");
    co_return said ? wrong_end : as_expected;
}

// A child whose stdin and stdout are Asterisk's pipes, as after EAGI's fork.
class Script {
  public:
    template <class Body>
    Script(int in, int out, std::initializer_list<int> not_ours, Body body) : pid_(::fork()) {
        REQUIRE(pid_ >= 0);
        if (pid_ != 0) return;
        ::dup2(in, STDIN_FILENO);
        ::dup2(out, STDOUT_FILENO);
        ::close(in);
        ::close(out);
        for (const int fd : not_ours)
            ::close(fd);
        std::signal(SIGHUP, SIG_DFL);
        std::signal(SIGPIPE, SIG_DFL);
        ::_exit(body());
    }
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] int wait() const {
        int status = 0;
        while (::waitpid(pid_, &status, 0) < 0)
            continue;
        return status;
    }

  private:
    pid_t pid_;
};

struct Pipes {
    std::array<int, 2> to{}, from{};
    Pipes() {
        REQUIRE(::pipe(to.data()) == 0);
        REQUIRE(::pipe(from.data()) == 0);
    }
};

std::string read_line(int fd) {
    std::string out;
    for (char byte = 0; !out.ends_with('\n') && ::read(fd, &byte, 1) == 1;)
        out += byte;
    return out;
}

}  // namespace

TEST_CASE("a process whose caller leaves in a prompt outlives SIGHUP and saves what it has") {
    Pipes pipes;
    const Script script(pipes.to[0], pipes.from[1], {pipes.to[1], pipes.from[0]}, [] {
        net::Loop loop;
        auto stdio = open_stdio(loop);
        if (!stdio) return not_opened;
        const auto result = loop.run_to_end(play_until_left(stdio->session.get()));
        return result.value_or(not_started);
    });
    ::close(pipes.to[0]);
    ::close(pipes.from[1]);
    std::atomic<FakeAsterisk*> it = nullptr;
    FakeAsterisk::Ways ways;
    ways.sighup = [&] { ::kill(script.pid(), SIGHUP); };
    ways.on_command = [&](const FakeAsterisk::Words& words) {
        if (words[0] == "STREAM") it.load()->hang_up();
    };
    // `it` is set before the script's first command can be read: its environment is held back till then
    std::string environment = std::exchange(ways.environment, "");
    FakeAsterisk fake(pipes.from[0], pipes.to[1], -1, std::move(ways));
    it = &fake;
    REQUIRE(::write(pipes.to[1], environment.data(), environment.size()) > 0);
    const int status = script.wait();
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == as_expected);
    fake.join();
    CHECK(fake.lines().back() == "SET VARIABLE \"OUTCOME\" \"left\"");
}

TEST_CASE("a stray print on stdout is not a command, and the end of stdin is an end") {
    Pipes pipes;
    const Script script(pipes.to[0], pipes.from[1], {pipes.to[1], pipes.from[0]}, [] {
        net::Loop loop;
        auto stdio = open_stdio(loop);
        if (!stdio) return not_opened;
        if (::write(STDOUT_FILENO, "HANGUP\n", 7) != 7) return not_written;
        const auto result = loop.run_to_end(idle_until_left(stdio->session.get(), &loop));
        if (result) return wrong_end;  // stopped by on_left instead
        stdio->session.reset();
        stdio->signals.reset();
        std::raise(SIGHUP);  // Asterisk sends it once more in the end
        return as_expected;
    });
    ::close(pipes.to[0]);
    ::close(pipes.from[1]);
    const std::string_view environment = "agi_request: robot\n\n";
    REQUIRE(::write(pipes.to[1], environment.data(), environment.size()) > 0);
    CHECK(read_line(pipes.from[0]) == "VERBOSE \"ready\" \"1\"\n");
    REQUIRE(::write(pipes.to[1], "200 result=1\n", 13) == 13);
    CHECK(read_line(pipes.from[0]) == "WAIT FOR DIGIT \"3600000\"\n");
    ::close(pipes.to[1]);
    const int status = script.wait();
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == as_expected);
    ::close(pipes.from[0]);
}

TEST_CASE("a command to an Asterisk that reads no more is an error, not SIGPIPE") {
    Pipes pipes;
    const Script script(pipes.to[0], pipes.from[1], {pipes.to[1], pipes.from[0]}, [] {
        net::Loop loop;
        auto stdio = open_stdio(loop);
        if (!stdio) return not_opened;
        return loop.run_to_end(speak_to_nobody(stdio->session.get())).value_or(not_left);
    });
    ::close(pipes.to[0]);
    ::close(pipes.from[1]);
    ::close(pipes.from[0]);
    const std::string_view environment = "agi_request: robot\n\n";
    REQUIRE(::write(pipes.to[1], environment.data(), environment.size()) > 0);
    const int status = script.wait();
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == as_expected);
    ::close(pipes.to[1]);
}
