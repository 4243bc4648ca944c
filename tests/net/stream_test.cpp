#include "net/stream.hpp"

#include "net/loop.hpp"
#include "net/signals.hpp"

#include <array>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace pbx;
using namespace pbx::net;
using namespace std::chrono_literals;

namespace {

struct Pair {
    std::unique_ptr<Stream> ours, theirs;
};

Pair make_pair(Loop& loop) {
    std::array<int, 2> fds{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds.data()) == 0);
    auto ours = open_fds(loop.executor(), fds[0], fds[0], "ours");
    auto theirs = open_fds(loop.executor(), fds[1], fds[1], "theirs");
    REQUIRE(ours);
    REQUIRE(theirs);
    return {std::move(*ours), std::move(*theirs)};
}

struct Pipes {  // two pipes, as Asterisk gives them to a local script
    std::unique_ptr<Stream> script, asterisk;
};

Pipes make_pipes(Loop& loop) {
    std::array<int, 2> to{}, from{};
    REQUIRE(::pipe(to.data()) == 0);
    REQUIRE(::pipe(from.data()) == 0);
    auto script = open_fds(loop.executor(), to[0], from[1], "script");
    auto asterisk = open_fds(loop.executor(), from[0], to[1], "asterisk");
    REQUIRE(script);
    REQUIRE(asterisk);
    return {std::move(*script), std::move(*asterisk)};
}

Task<Result<std::string>> read_all(Stream* stream, std::size_t most) {
    std::string out;
    std::array<char, 1000> part{};
    while (out.size() < most) {
        auto got = co_await stream->read_some(part, 10s);
        if (!got) co_return tl::unexpected(got.error());
        if (*got == 0) break;
        out.append(part.data(), *got);
    }
    co_return out;
}

Task<void> write_and_close(Stream* stream, std::string bytes) {
    auto written = co_await stream->write_all(std::move(bytes), 10s);
    CHECK(written);
    stream->close();
}

Task<void> close_now(Stream* stream) {
    stream->close();
    co_return;
}

}  // namespace

TEST_CASE("what is written is read, more than any pipe holds, and the end is seen") {
    Loop loop;
    auto pair = make_pair(loop);
    const std::string bytes(1'000'000, 'x');
    loop.spawn(write_and_close(pair.theirs.get(), bytes));
    auto all = loop.run_to_end(read_all(pair.ours.get(), 2'000'000));
    REQUIRE(all);
    REQUIRE(*all);
    CHECK(**all == bytes);
}

TEST_CASE("a read of nothing ends at its limit and the stream is still good") {
    Loop loop;
    auto pair = make_pair(loop);
    std::array<char, 10> part{};
    for (int i = 0; i < 3; ++i) {
        auto got = loop.run_to_end(pair.ours->read_some(part, 1ms));
        REQUIRE(got);
        REQUIRE_FALSE(*got);
        CHECK(got->error().code == Code::try_again);
    }
    loop.spawn(write_and_close(pair.theirs.get(), "late"));
    auto all = loop.run_to_end(read_all(pair.ours.get(), 100));
    REQUIRE(all);
    CHECK(**all == "late");
}

TEST_CASE("a peer who does not read stops a write at its limit") {
    Loop loop;
    auto pair = make_pair(loop);
    auto written = loop.run_to_end(pair.ours->write_all(std::string(10'000'000, 'x'), 5ms));
    REQUIRE(written);
    REQUIRE_FALSE(*written);
    CHECK(written->error().code == Code::try_again);
}

TEST_CASE("writing to a peer who is gone is an error, not a signal") {
    ignore_broken_pipes();
    Loop loop;
    auto pipes = make_pipes(loop);
    pipes.asterisk->close();
    auto written = loop.run_to_end(pipes.script->write_all("x", 1s));
    REQUIRE(written);
    REQUIRE_FALSE(*written);
    CHECK(written->error().code == Code::unavailable);
}

TEST_CASE("close ends a read that waits") {
    Loop loop;
    auto pair = make_pair(loop);
    loop.spawn(close_now(pair.ours.get()));
    std::array<char, 10> part{};
    auto got = loop.run_to_end(pair.ours->read_some(part, no_deadline));
    REQUIRE(got);
    CHECK_FALSE(*got);
}

TEST_CASE("pipes and local sockets tell whether the peer has read what we wrote") {
    Loop loop;
    auto pipes = make_pipes(loop);
    auto pair = make_pair(loop);
    for (auto [ours, theirs] : {std::pair{pipes.script.get(), pipes.asterisk.get()},
                                std::pair{pair.ours.get(), pair.theirs.get()}}) {
        CHECK(ours->unread_by_peer() == 0);
        REQUIRE(loop.run_to_end(ours->write_all("hello\n", 1s)));
        REQUIRE(ours->unread_by_peer());
        CHECK(*ours->unread_by_peer() > 0);
        std::array<char, 100> part{};
        REQUIRE(loop.run_to_end(theirs->read_some(part, 1s)));
        CHECK(ours->unread_by_peer() == 0);
    }
}

TEST_CASE("a descriptor gets its old mode back") {
    Loop loop;
    std::array<int, 2> fds{};
    REQUIRE(::pipe(fds.data()) == 0);
    const int copy = ::dup(fds[0]);
    {
        auto stream = open_fds(loop.executor(), fds[0], fds[1], "pipe");
        REQUIRE(stream);
        CHECK((::fcntl(copy, F_GETFL) & O_NONBLOCK) != 0);
    }
    CHECK((::fcntl(copy, F_GETFL) & O_NONBLOCK) == 0);
    ::close(copy);
}

TEST_CASE("a descriptor that is not open is an error") {
    Loop loop;
    auto stream = open_fds(loop.executor(), 987, 987, "nothing");
    REQUIRE_FALSE(stream);
    CHECK(stream.error().code == Code::no_input);
}

TEST_CASE("a plain file can be read to its end") {
    Loop loop;
    const int fd = ::open("/proc/self/cmdline", O_RDONLY);
    REQUIRE(fd >= 0);
    auto stream = open_fds(loop.executor(), fd, fd, "file");
    REQUIRE(stream);
    auto all = loop.run_to_end(read_all(stream->get(), 100'000));
    REQUIRE(all);
    REQUIRE(*all);
    CHECK_FALSE((**all).empty());
}
