// AMI's bytes and values, both ways, without I/O: the banner, messages as they come, an action as it is sent.
// Asterisk's side is main/manager.c (1.8 to 22).
#pragma once

#include "ami/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pbx::ami {

// What Asterisk takes: its inbuf[1025] holds a line with its end, and struct message 128 headers.
inline constexpr std::size_t max_action_line = 1021;
inline constexpr std::size_t max_action_headers = 127;  // with the ActionID
// What is taken from it. Its longest lines are variables and a command's output.
inline constexpr std::size_t max_line = 64 * 1024;
inline constexpr std::size_t max_message = 1024 * 1024;  // a command's output whole
inline constexpr std::size_t max_banner = 256;

// The first line of a connection: "Asterisk Call Manager/11.0.0".
struct Banner {
    std::string text{};
    int major = 0, minor = 0;  // of the protocol: 1.1 with Asterisk 1.8, 11.0 with 22
};

// Any split of the bytes gives the same messages; a bare LF ends a line too. An error (protocol) is final:
// what follows can't be told apart any more.
class Decoder {
  public:
    void feed(std::string_view bytes);
    // The connection's first line; nothing = feed me. Protocol error when no AMI speaks there.
    [[nodiscard]] Result<std::optional<Banner>> next_banner();
    // The next response or event; nothing = feed me.
    [[nodiscard]] Result<std::optional<Message>> next();

  private:
    [[nodiscard]] Result<std::optional<std::string_view>> next_line();
    [[nodiscard]] bool take_line(std::string_view line);
    void take_output(std::string_view line);

    std::string buffer_;
    std::size_t begin_ = 0, searched_ = 0;
    Message open_;
    std::size_t open_bytes_ = 0;
    bool is_output_ = false;  // between "Response: Follows" and "--END COMMAND--" (Asterisk 1.8 to 13)
};

// The action with its ActionID and the empty line that ends it, appended to `out`; the action's fault if any.
[[nodiscard]] Result<void> encode(const Action& action, std::string_view id, std::string& out);

// Text of a peer for an error or the log: control bytes are '?', and it is cut to a length one reads.
[[nodiscard]] std::string log_name(std::string_view text);

}  // namespace pbx::ami
