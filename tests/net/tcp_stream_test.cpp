#include "net/bell.hpp"
#include "net/listener.hpp"
#include "net/loop.hpp"

#include <array>
#include <string>

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::net;
using namespace std::chrono_literals;

namespace {

// The two ends of a connection.
struct Pair {
    explicit Pair(Loop& loop) : came(loop.executor()) {
        auto opened = Listener::open(loop.executor(), {}, [this](std::unique_ptr<Stream> stream) {
            return keep(this, std::move(stream));
        });
        REQUIRE(opened);
        listener = std::move(*opened);
        REQUIRE(loop.run_to_end(connect(this)) == true);
    }
    static Task<void> keep(Pair* self, std::unique_ptr<Stream> stream) {
        self->theirs = std::move(stream);
        self->came.ring();
        co_return;
    }
    static Task<bool> connect(Pair* self) {
        auto stream = co_await connect_tcp("127.0.0.1", self->listener->port(), 10s);
        if (!stream) co_return false;
        self->ours = std::move(*stream);
        bool rung = co_await self->came.wait(10s);
        co_return rung;
    }
    Bell came;
    std::unique_ptr<Listener> listener;
    std::unique_ptr<Stream> ours, theirs;
};

Task<void> send_pieces(Stream* stream, int count) {
    for (int piece = 0; piece < count; ++piece) {
        auto sent = co_await stream->write_all("piece\n", 10s);
        if (!sent) co_return;
        co_await sleep_for(1ms);
    }
}

Task<void> send_later(Stream* stream, std::string bytes) {
    co_await sleep_for(30ms);
    auto sent = co_await stream->write_all(std::move(bytes), 10s);
    static_cast<void>(sent);
}

Task<void> close_later(Stream* stream) {
    co_await sleep_for(30ms);
    stream->close();
}

Task<Result<std::string>> gathered(Stream* stream, milliseconds pause, milliseconds limit = 10s) {
    std::array<char, 65536> room{};
    auto got = co_await stream->read_gathered(room, pause, limit);
    if (!got) co_return tl::unexpected(got.error());
    co_return std::string(room.data(), *got);
}

// What came, which was no error.
std::string came(Loop& loop, const Pair& pair, milliseconds pause) {
    auto got = loop.run_to_end(gathered(pair.ours.get(), pause));
    REQUIRE(got);
    REQUIRE(*got);
    return **got;
}

}  // namespace

TEST_CASE("a connection's pieces are gathered in a pause, and none is lost") {
    Loop loop;
    Pair pair(loop);
    loop.spawn(send_pieces(pair.theirs.get(), 20));
    std::string all;
    int reads = 0;
    for (; all.size() < 20 * 6 && reads < 20; ++reads) {
        all += came(loop, pair, 100ms);
    }
    CHECK(all.size() == 20 * 6);
    CHECK(reads < 20);
}

TEST_CASE("after a pause in which nothing came the next byte is told of at once") {
    Loop loop;
    Pair pair(loop);
    loop.spawn(send_later(pair.theirs.get(), "x"));
    CHECK(came(loop, pair, 1ms) == "x");
}

TEST_CASE("more than wakes in a pause comes in whole") {
    Loop loop;
    Pair pair(loop);
    const std::string sent(300'000, 'y');
    loop.spawn(send_later(pair.theirs.get(), sent));
    std::string all;
    while (all.size() < sent.size()) {
        const auto more = came(loop, pair, 5ms);
        REQUIRE_FALSE(more.empty());
        all += more;
    }
    CHECK(all == sent);
}

TEST_CASE("a pause tells of an end, of a limit and of being closed") {
    Loop loop;
    Pair pair(loop);
    SECTION("the peer's end") {
        loop.spawn(close_later(pair.theirs.get()));
        CHECK(came(loop, pair, 100ms).empty());
    }
    SECTION("the limit") {
        auto got = loop.run_to_end(gathered(pair.ours.get(), 1ms, 5ms));
        REQUIRE(got);
        REQUIRE_FALSE(*got);
        CHECK((*got).error().code == Code::try_again);
        // what comes after it isn't lost
        loop.spawn(send_later(pair.theirs.get(), "x"));
        CHECK(came(loop, pair, 1ms) == "x");
    }
    SECTION("our own close") {
        loop.spawn(close_later(pair.ours.get()));
        auto got = loop.run_to_end(gathered(pair.ours.get(), 100ms));
        REQUIRE(got);
        CHECK_FALSE(*got);
    }
}
