// A client of Asterisk's manager: logs in, sends actions by the thousand, hands on events, notices a dead
// Asterisk and comes back. What actions and events mean is not known here. All on the loop's thread.
#pragma once

#include "ami/codec.hpp"
#include "core/context.hpp"
#include "core/secret.hpp"
#include "net/stream.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pbx::ami {

using milliseconds = std::chrono::milliseconds;
using Connector = std::function<net::Task<Result<std::unique_ptr<net::Stream>>>(
    std::string host, std::uint16_t port, milliseconds limit)>;

enum class Login : std::uint8_t {
    md5,    // the secret doesn't travel
    plain,  // for what has no Challenge
};

struct ClientOptions {
    std::string host = "127.0.0.1";
    std::uint16_t port = 5038;
    std::string user{};
    Secret secret{};
    Login login = Login::md5;
    std::string events =
        "off";  // EventMask: "off", "on", "call,system"; an unknown word is no error in Asterisk
    milliseconds connect_limit{3'000};  // to connect, see the banner and be logged in
    milliseconds answer_limit{5'000};   // for one action's answer; for a list, between two entries
    milliseconds dead_after{3'000};     // silence; a Ping goes out after a third of it
    milliseconds first_pause{250}, most_pause{5'000};  // between two tries to come back
    std::size_t most_pending = 20'000;                 // actions in flight
    // Nobody waits for single answers: they, and the events they bring, are read together a moment later.
    bool answers_can_wait = false;
    Connector connect{};  // TLS, tests; empty: net::connect_host
    std::string hint{};   // what to do when the login is refused: "check [ami] user and secret_file"
};

struct List {
    Message response;
    std::vector<Message> entries;
    Message end;  // "...Complete"
};

class Client {
  public:
    // Called once, from the loop; an Error: the action was refused (Response: Error), not answered in time,
    // or the connection was cut, and then nobody knows whether it was done.
    using Answered = std::function<void(Result<Message>)>;
    using Listed = std::function<void(Result<List>)>;
    using Entry = std::function<void(const Message&)>;  // may not end the connection

    struct Handlers {
        // Logged in: time for a snapshot. A booting Asterisk takes logins up to 0.8 s before it knows
        // DeviceStateList (Invalid/unknown command) and DEVICE_STATE() (Variable not set): tried on 22.10 and
        // 16.28. Only who has read = system is told FullyBooted; others must ask again before they believe
        // it.
        std::function<void(const Banner&)> on_up{};
        std::function<void(const Message&)> on_event{};  // all events that belong to no list
        std::function<void(const Error&)> on_down{};     // was up and is cut, or a try to come up failed
    };

    // The handlers may call anything here; none is called any more after stop() or the destructor.
    Client(net::Executor executor, ClientOptions options, const Clock& clock, Handlers handlers);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // One try to connect and log in: a one-off command's way. A later cut is final, told by on_down.
    [[nodiscard]] net::Task<Result<Banner>> log_in();
    // A service's way: tries for ever with growing pauses, and after each cut again.
    void start();
    void stop();  // closes the connection; what is in flight ends with an error

    [[nodiscard]] bool is_up() const;
    [[nodiscard]] std::uint64_t logins() const;      // so far; another number is another session
    [[nodiscard]] std::size_t pending() const;       // actions in flight
    [[nodiscard]] const std::string& where() const;  // "ami 127.0.0.1:5038", for errors

    // Joins what else is sent in this turn of the loop in one write. Refused at once (and `done` not called):
    // not logged in, a value AMI can't carry, too many in flight.
    [[nodiscard]] Result<void> send(const Action& action, Answered done);
    // For actions that answer by events: collected up to the one that ends the list, at most `most`.
    [[nodiscard]] Result<void> send_list(const Action& action, std::size_t most, Listed done);
    // Each entry is handed over as it comes and none is kept: for lists as long as they like.
    [[nodiscard]] Result<void> send_list(const Action& action, Entry on_entry, Listed done);
    // The same for coroutines.
    [[nodiscard]] net::Task<Result<Message>> ask(Action action);
    [[nodiscard]] net::Task<Result<List>> ask_list(Action action, std::size_t most = 200'000);

  private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
};

}  // namespace pbx::ami
