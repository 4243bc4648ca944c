// Inside agi only: one command and its answer at a time, and how the two stay in step: the numbered echo.
// What a command means is the session's business.
#pragma once

#include "agi/session.hpp"
#include "agi/wire.hpp"

namespace pbx::agi {

// What an interruptible command ended with. Both may be set: its own line came in the same instant.
struct Ending {
    std::optional<Answer> answer{};
    bool interrupted = false;
};

class Exchange {
  public:
    Exchange(net::Executor executor, std::shared_ptr<Wire> wire, SessionOptions options);

    // The command's answer. A deadline that passes is an error, and the next command first gets back in step.
    static Task<Result<Answer>> ask(std::shared_ptr<Exchange> self, std::string words,
                                    std::vector<std::string> arguments, milliseconds limit);
    // The same for EXEC, whose application may return 1 and so make Asterisk answer twice (handle_exec
    // returns it as RESULT_SHOWUSAGE): the second answer is dropped.
    static Task<Result<Answer>> ask_exec(std::shared_ptr<Exchange> self, std::vector<std::string> arguments,
                                         milliseconds limit);
    // The same for a value, which may hold anything: an echo marks where it ends. No text = no value.
    static Task<Result<std::optional<std::string>>> ask_value(std::shared_ptr<Exchange> self,
                                                              std::string words, std::string argument);
    // The same for a command that interrupt() may end.
    static Task<Result<Ending>> play(std::shared_ptr<Exchange> self, std::string words,
                                     std::vector<std::string> arguments, milliseconds limit);
    bool interrupt();
    [[nodiscard]] const net::Executor& executor() const { return executor_; }
    [[nodiscard]] Wire& wire() { return *wire_; }
    [[nodiscard]] const std::shared_ptr<Wire>& shared_wire() const { return wire_; }
    [[nodiscard]] const SessionOptions& options() const { return options_; }

  private:
    class Turn;     // while it lives, a command is in flight
    class Hangups;  // while it lives, a HANGUP line may be part of a value

    static Task<Result<void>> begin(std::shared_ptr<Exchange> self, std::string words,
                                    std::vector<std::string> arguments);
    static Task<Result<void>> get_in_step(std::shared_ptr<Exchange> self);
    static Task<Result<Answer>> receive(std::shared_ptr<Exchange> self, milliseconds limit);
    static Task<Result<Ending>> play_on(std::shared_ptr<Exchange> self, milliseconds limit);
    static Task<Result<std::vector<Item>>> echo(std::shared_ptr<Exchange> self);
    static Task<Result<void>> send_echo(std::shared_ptr<Exchange> self, std::string* mark);
    static Task<std::optional<Answer>> until_read(std::shared_ptr<Exchange> self);
    [[nodiscard]] std::optional<Answer> take_answer();
    [[nodiscard]] std::string join_value(std::string first, const std::vector<Item>& tail);
    [[nodiscard]] Result<Answer> checked(Answer answer);

    net::Executor executor_;
    std::shared_ptr<Wire> wire_;
    SessionOptions options_;
    std::uint32_t last_echo_;
    bool in_flight_ = false;
    bool interruptible_ = false;
    bool stop_wanted_ = false;
    bool out_of_step_ = false;
};

// res_agi.c's table of commands, column "dead": what a dead channel still takes.
[[nodiscard]] bool is_allowed_when_left(std::string_view words);

}  // namespace pbx::agi
