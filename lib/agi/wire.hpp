// Inside agi only: the two streams of one call and what is known from them alone: answers in order, the
// caller left, Asterisk is gone. A reader runs as long as the stream lives, so a HANGUP line and the end are
// seen also between commands.
#pragma once

#include "agi/codec.hpp"
#include "net/bell.hpp"
#include "net/stream.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace pbx::agi {

inline constexpr std::size_t max_waiting_items = 4096;  // nobody has asked for so many: the peer is mad

class Wire {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    Wire(const net::Executor& executor, std::unique_ptr<net::Stream> stream)
        : stream_(std::move(stream)), bell_(executor) {}

    static net::Task<Result<CallEnvironment>> read_environment(std::shared_ptr<Wire> self,
                                                               net::milliseconds limit);
    // Reads until the stream ends; to be spawned once, after read_environment.
    static net::Task<void> read(std::shared_ptr<Wire> self);
    static net::Task<Result<void>> send(std::shared_ptr<Wire> self, std::string line,
                                        net::milliseconds limit);
    // true: something came, or somebody rang; false: the moment passed
    static net::Task<bool> wait_until(std::shared_ptr<Wire> self, Moment end);

    // Answers and stray lines; hangup lines too while `keep_hangups` (a value may hold such a line), else
    // they are note_left() at once.
    [[nodiscard]] std::optional<Item> take();
    void keep_hangups(bool keep);
    void expect_echo(std::string line) { decoder_.expect_echo(std::move(line)); }

    void ring() { bell_.ring(); }
    void note_left();
    void on_left(std::function<void()> handler) { on_left_ = std::move(handler); }
    void close();

    [[nodiscard]] bool left() const { return left_; }
    [[nodiscard]] bool ended() const { return ended_.has_value(); }
    [[nodiscard]] Error why_ended() const;
    [[nodiscard]] std::optional<std::size_t> unread_by_peer() const { return stream_->unread_by_peer(); }
    [[nodiscard]] std::string peer() const { return stream_->peer(); }

  private:
    void end(Error error);
    void take_items();

    std::unique_ptr<net::Stream> stream_;
    net::Bell bell_;
    AnswerDecoder decoder_;
    std::deque<Item> items_;
    std::function<void()> on_left_;
    std::optional<Error> ended_;
    bool keep_hangups_ = false;
    bool left_ = false;
};

}  // namespace pbx::agi
