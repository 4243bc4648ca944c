// A manager of Asterisk's on a loopback port of its own, on the test's loop, that logs in by challenge or
// plainly and answers as a test tells it. It can also cut, fall silent, tear what it writes, refuse and talk
// nonsense, which a real one can't be made to do.
#pragma once

#include "ami/codec.hpp"
#include "net/listener.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pbx::ami::test {

class FakeAmi {
  public:
    // What to say to an action; empty: nothing.
    using Answer = std::function<std::string(const Message& action)>;

    struct Ways {
        std::string banner = "Asterisk Call Manager/11.0.0\r\n";
        std::string user = "relay", secret = "opensesame";
        bool has_challenge = true;
        std::string after_login{};  // events right behind the login's answer
        std::size_t piece = 0;      // writes in pieces of so many bytes; 0: whole
        bool is_silent = false;     // reads, and says nothing any more
        Answer answer{};            // beyond Challenge, Login and Ping
    };

    FakeAmi(net::Executor executor, Ways ways);
    ~FakeAmi();
    FakeAmi(const FakeAmi&) = delete;
    FakeAmi& operator=(const FakeAmi&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] Ways& ways();
    void say(std::string bytes);  // to all who are connected
    void cut();                   // closes all connections; new ones are taken
    [[nodiscard]] int logins() const;
    [[nodiscard]] int pings() const;
    [[nodiscard]] const std::vector<std::string>& actions() const;  // names, without Ping
    [[nodiscard]] std::size_t reads() const;                        // arrivals of bytes

    struct Inside;

  private:
    std::shared_ptr<Inside> inside_;
};

// "Response: KIND", the action's ActionID, more headers ("Message: x\r\n"), the empty line.
[[nodiscard]] std::string response(const Message& action, std::string_view kind, std::string_view more = {});
[[nodiscard]] std::string list_event(const Message& action, std::string_view event,
                                     std::string_view more = {});

}  // namespace pbx::ami::test
