// AGI's bytes and values, both ways, without I/O: the environment, a command line, the answers. What Asterisk
// does is read from its res_agi.c (16.28 and 22.10 agree).
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pbx::agi {

// AGI_BUF_LEN with its NUL is 2048 in 16.28 and 8192 in 22.10. A longer line is cut in two, and its rest
// would be a command of its own, whatever a caller had put there: so the shorter limit holds for all.
inline constexpr std::size_t max_command = 2047;
inline constexpr std::size_t max_arguments = 127;      // MAX_ARGS less one
inline constexpr std::size_t max_answer = 256 * 1024;  // GET FULL VARIABLE has no limit of its own
inline constexpr std::size_t max_environment = 64 * 1024;
inline constexpr std::size_t max_environment_lines = 512;

// What Asterisk tells about the call before the first command. "unknown" is Asterisk's word for a missing
// caller id, dnid or rdnis; number() and name() give nothing then.
struct CallEnvironment {
    std::vector<std::pair<std::string, std::string>> values;  // without "agi_", in order

    [[nodiscard]] std::string_view get(std::string_view key) const;  // empty when missing
    [[nodiscard]] std::optional<std::string_view> known(
        std::string_view key) const;                           // not empty, not "unknown"
    [[nodiscard]] std::vector<std::string> arguments() const;  // agi_arg_1..n
    [[nodiscard]] bool is_enhanced() const;                    // EAGI: fd 3 brings the caller's audio
    [[nodiscard]] bool is_network() const;                     // FastAGI
};

class EnvironmentDecoder {
  public:
    void feed(std::string_view bytes);
    // The environment once its empty line has come, nothing while more is needed.
    [[nodiscard]] Result<std::optional<CallEnvironment>> next();
    [[nodiscard]] std::string take_rest();  // bytes after it

  private:
    [[nodiscard]] Result<void> take_line(std::string_view line);
    std::string buffer_;
    CallEnvironment environment_;
    std::size_t bytes_ = 0;
};

// One command line with its LF. The words of the command itself go bare, arguments are quoted. Refused
// (data): bytes below 0x20 and 0x7f, because a newline in a value is a second command; too long; too many.
[[nodiscard]] Result<std::string> encode_command(std::string_view words,
                                                 std::span<const std::string> arguments);

struct Answer {
    int code = 200;                      // 200, 510 unknown command, 511 dead channel, 520 wrong usage
    std::string result;                  // after "result=": a number; GET DATA's digits may hold * and #
    std::optional<std::string> text;     // in parentheses: a variable's value, "timeout", "hangup"
    std::optional<std::int64_t> endpos;  // samples
    std::string raw;                     // whole, without the last LF

    [[nodiscard]] std::optional<int> number() const;  // of `result`
};
struct HangupLine {};  // FastAGI: the caller left; may stand between any two answers
struct StrayLine {     // no answer's first line: an empty line, the tail of a value with newlines inside
    std::string raw;
};
using Item = std::variant<Answer, HangupLine, StrayLine>;

class AnswerDecoder {
  public:
    void feed(std::string_view bytes);
    [[nodiscard]] Result<std::optional<Item>> next();  // nothing = feed me
    // From now on a line that is exactly this one is an answer of its own whatever is still open before it:
    // the echo that marks the end of a value nobody can foresee.
    void expect_echo(std::string line) { echo_ = std::move(line); }

  private:
    [[nodiscard]] std::optional<std::string> take_line();
    [[nodiscard]] static bool opens(std::string_view line);
    [[nodiscard]] bool ends_open(std::string_view line) const;
    [[nodiscard]] Item close_open();
    std::string buffer_;
    std::size_t searched_ = 0;
    std::string open_;  // a 520 block, or a value with newlines, whose end has not come
    bool is_open_ = false;
    std::string echo_;
    std::optional<Item> held_;  // the echo that cut an open item short
};

}  // namespace pbx::agi
