// One call over AGI: each command is a coroutine that ends with Asterisk's answer or its deadline. Never two
// commands ahead; a prompt can be interrupted at any instant; the caller may leave at any instant. Which
// words to say and when is not its business. All on the loop's thread, one command at a time.
#pragma once

#include "agi/codec.hpp"
#include "net/loop.hpp"
#include "net/stream.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pbx::agi {

using net::Task;
using std::chrono::milliseconds;

// How a prompt, or a wait for a key, ended.
struct Played {
    enum class End {
        finished,      // to its end, or the wait's time is over
        key,           // the caller pressed `key`
        interrupted,   // by interrupt(); `key` is set if a key came in the same instant
        missing_file,  // Asterisk cannot open it: nothing was played
        left,          // the caller left
    };
    End end = End::finished;
    std::optional<char> key{};               // 0-9 * # A-D
    std::optional<std::int64_t> position{};  // samples played (8000 a second); unknown when interrupted
};

struct Recorded {
    enum class End { key, time_or_silence, left, not_written, beep_failed };
    End end = End::time_or_silence;
    std::optional<char> key{};
    std::int64_t samples = 0;
};

struct RecordOrder {
    std::string file{};  // without extension; Asterisk writes it
    std::string format = "wav";
    std::string keys = "0123456789*#";  // end it
    milliseconds most{60'000};
    std::optional<std::chrono::seconds> silence{};  // ends it
    bool beep = false;
};

struct Executed {
    int result = 0;  // the application's own; -1 usually means the caller left
    bool found = true;
    bool left = false;
};

enum class ChannelState { down, reserved, off_hook, dialing, ring, ringing, up, busy, other, gone };

struct SessionOptions {
    milliseconds environment_limit{5'000};
    milliseconds answer_limit{10'000};  // for commands that answer at once
    milliseconds spare{5'000};          // added to the time a command is asked to take
    // An interruption that Asterisk did not see is repeated after this, then after twice this, and so on:
    // only over TCP, where nobody can tell whether it has read the command before.
    milliseconds nudge{100};
    std::uint32_t first_echo = 0;  // 0 = random; tests give their own
};

class Session {
  public:
    // Takes the stream. open_stdio() is the usual way for AGI and EAGI.
    Session(net::Executor executor, std::unique_ptr<net::Stream> stream, SessionOptions options = {});
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    // Reads the environment; once, before any command.
    [[nodiscard]] Task<Result<void>> start();
    [[nodiscard]] const CallEnvironment& environment() const;

    [[nodiscard]] Task<Result<void>> answer();
    // `name` as in Playback(), without extension; `keys` end it. `most` bounds the whole wait.
    [[nodiscard]] Task<Result<Played>> stream_file(std::string name, std::string keys, milliseconds most,
                                                   std::int64_t from_sample = 0);
    [[nodiscard]] Task<Result<Played>> wait_for_digit(milliseconds time);
    // Not interruptible, and no audio on fd 3 meanwhile (res_agi.c: "XXX EAGI FIXME XXX").
    [[nodiscard]] Task<Result<Recorded>> record_file(RecordOrder order);
    // Nothing = unset. Asterisk cuts the value at 1024 bytes; get_full_variable does not.
    [[nodiscard]] Task<Result<std::optional<std::string>>> get_variable(std::string name);
    // The expression is expanded by Asterisk: "${CALLERID(name)}"; unset expands to nothing.
    [[nodiscard]] Task<Result<std::string>> get_full_variable(std::string expression);
    [[nodiscard]] Task<Result<void>> set_variable(std::string name, std::string value);
    // `data` is the application's whole argument text, commas included. A Dial may last for hours: `most`.
    // Not interruptible, and no audio on fd 3 meanwhile.
    [[nodiscard]] Task<Result<Executed>> exec(std::string application, std::string data, milliseconds most);
    [[nodiscard]] Task<Result<ChannelState>> channel_status();
    [[nodiscard]] Task<Result<void>> verbose(std::string text, int level = 1);
    [[nodiscard]] Task<Result<void>> noop();
    [[nodiscard]] Task<Result<void>> hangup();  // fine when the caller left already
    // Any other command: `words` go bare ("SAY NUMBER"), arguments are quoted.
    [[nodiscard]] Task<Result<Answer>> command(std::string words, std::vector<std::string> arguments,
                                               milliseconds most);

    // Stops the stream_file or wait_for_digit in flight at once; it then ends as `interrupted`, unless it
    // ended by itself in the same instant. false: nothing that can be interrupted is in flight.
    bool interrupt();

    // The caller left: only commands that Asterisk allows on a dead channel are still sent; the others fail
    // with caller_left().
    // It is known by SIGHUP (local), a HANGUP line (FastAGI), a command's 511, or the end of the stream.
    [[nodiscard]] bool left() const;
    [[nodiscard]] bool ended() const;             // Asterisk closed its end: nothing can be sent any more
    void note_left();                             // SIGHUP came
    void on_left(std::function<void()> handler);  // called once, on the loop

  private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
};

[[nodiscard]] Error caller_left();
[[nodiscard]] bool is_caller_left(const Error& error);

// Session over stdin and stdout with SIGHUP as "the caller left"; SIGPIPE is ignored, and SIGHUP too once the
// session is over. Descriptors 0 and 1 are /dev/null from now on: a stray print must not become a command.
struct StdioSession {
    std::unique_ptr<Session> session;
    std::shared_ptr<void> signals;
};
[[nodiscard]] Result<StdioSession> open_stdio(net::Loop& loop, SessionOptions options = {});

}  // namespace pbx::agi
