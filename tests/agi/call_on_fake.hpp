// A session and its fake Asterisk on two pipes, as a local script has them, or on one TCP-like socket that
// cannot tell what the peer has read.
#pragma once

#include "agi/fake_asterisk.hpp"
#include "agi/session.hpp"
#include "net/loop.hpp"
#include "net/signals.hpp"

#include <array>
#include <atomic>
#include <future>
#include <memory>

#include <catch2/catch.hpp>
#include <sys/socket.h>
#include <unistd.h>

namespace pbx::agi {

// Hides unread_by_peer(), as TCP does.
class BlindStream final : public net::Stream {
  public:
    explicit BlindStream(std::unique_ptr<net::Stream> inner) : inner_(std::move(inner)) {}
    Task<Result<std::size_t>> read_some(std::span<char> into, milliseconds limit) override {
        return inner_->read_some(into, limit);
    }
    Task<Result<void>> write_all(std::string bytes, milliseconds limit) override {
        return inner_->write_all(std::move(bytes), limit);
    }
    std::optional<std::size_t> unread_by_peer() const override { return std::nullopt; }
    void close() override { inner_->close(); }
    std::string peer() const override { return inner_->peer(); }

  private:
    std::unique_ptr<net::Stream> inner_;
};

class CallOnFake {
  public:
    enum class Over { pipes, socket };

    explicit CallOnFake(FakeAsterisk::Ways ways = {}, Over over = Over::pipes,
                        SessionOptions options = {.first_echo = 17}) {
        net::ignore_broken_pipes();  // Asterisk does, and both sides are this process
        std::array<int, 2> to{}, from{};
        if (over == Over::pipes) {
            REQUIRE(::pipe(to.data()) == 0);
            REQUIRE(::pipe(from.data()) == 0);
        } else {
            ways.fast = true;
            REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, to.data()) == 0);
            from = {to[1], to[0]};
        }
        if (!ways.fast && !ways.sighup) {
            ways.sighup = [this] { loop.post([this] { session->note_left(); }); };
        }
        auto stream = net::open_fds(loop.executor(), to[0], from[1], "fake");
        REQUIRE(stream);
        if (over == Over::socket) *stream = std::make_unique<BlindStream>(std::move(*stream));
        session = std::make_unique<Session>(loop.executor(), std::move(*stream), options);
        fake = std::make_unique<FakeAsterisk>(from[0], to[1], -1, std::move(ways));
        auto started = loop.run_to_end(session->start());
        REQUIRE(started);
        REQUIRE(*started);
    }
    ~CallOnFake() { finish(); }
    CallOnFake(const CallOnFake&) = delete;
    CallOnFake& operator=(const CallOnFake&) = delete;

    // Runs one command to its end.
    template <class T>
    T run(Task<Result<T>> task) {
        auto result = loop.run_to_end(std::move(task));
        REQUIRE(result);
        if (!*result) FAIL(result->error().text());
        return std::move(**result);
    }
    void run(Task<Result<void>> task) {
        auto result = loop.run_to_end(std::move(task));
        REQUIRE(result);
        if (!*result) FAIL(result->error().text());
    }
    template <class T>
    Error run_to_error(Task<Result<T>> task) {
        auto result = loop.run_to_end(std::move(task));
        REQUIRE(result);
        REQUIRE_FALSE(*result);
        return result->error();
    }
    void interrupt_from_asterisk() {
        loop.post([this] { session->interrupt(); });
    }
    // From Asterisk's thread: the loop has run what was posted, several times over.
    void let_the_loop_turn() {
        for (int i = 0; i < 10; ++i) {
            std::promise<void> done;
            loop.post([&done] { done.set_value(); });
            done.get_future().wait();
        }
    }
    // Ends the session and gives what Asterisk was sent, less the environment's part.
    const std::vector<std::string>& finish() {
        session.reset();
        fake->join();
        return fake->lines();
    }

    net::Loop loop;
    std::unique_ptr<Session> session;
    std::unique_ptr<FakeAsterisk> fake;
};

}  // namespace pbx::agi
