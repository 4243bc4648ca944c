// Inside ami only: one connection's meaning without its socket: the banner, the login, actions and the
// answers that belong to them, lists, deadlines, Ping. Bytes and the time go in, bytes come out.
#pragma once

#include "ami/client.hpp"

#include <deque>
#include <optional>

namespace pbx::ami {

class Exchange {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    struct Handlers {
        std::function<void(const Banner&)> on_up{};
        std::function<void(const Message&)> on_event{};
    };

    Exchange(const ClientOptions& options, Handlers handlers, Moment now);

    // An Error ends the connection: not an AMI, login refused, nonsense, silence.
    [[nodiscard]] Result<void> feed(std::string_view bytes, Moment now);
    [[nodiscard]] Result<void> on_time(Moment now);
    [[nodiscard]] Moment wake() const;  // when on_time() is due at the latest
    [[nodiscard]] std::string take_output();
    [[nodiscard]] bool has_output() const { return !output_.empty(); }

    [[nodiscard]] Result<void> send(const Action& action, Client::Answered done, Moment now);
    [[nodiscard]] Result<void> send_list(const Action& action, std::size_t most, Client::Listed done,
                                         Moment now);
    [[nodiscard]] Result<void> send_list(const Action& action, Client::Entry on_entry, Client::Listed done,
                                         Moment now);
    // No more is expected: everything in flight ends with this error, once.
    void end(const Error& error);

    [[nodiscard]] bool is_up() const { return stage_ == Stage::up; }
    [[nodiscard]] bool has_ended() const { return stage_ == Stage::ended; }
    [[nodiscard]] std::size_t pending() const { return in_flight_; }
    [[nodiscard]] const Banner& banner() const { return banner_; }

  private:
    enum class Stage : std::uint8_t { banner, login, up, ended };
    struct Listing {
        List list;
        Client::Listed done;
        Client::Entry on_entry{};
        std::size_t most = 0;
        bool is_over = false;  // told as too long; the rest is let go by
    };
    struct Pending {
        std::string name;
        Moment due;
        Client::Answered done{};
        std::unique_ptr<Listing> listing{};
        bool is_open = true;
    };

    [[nodiscard]] Result<void> add(const Action& action, Pending pending);
    [[nodiscard]] Result<void> add(const Action& action, std::unique_ptr<Listing> listing, Moment now);
    void log_in(Moment now);
    void send_login(const Message& challenge, Moment now);
    void send_internally(const Action& action, Client::Answered done, Moment now);
    void on_login(const Result<Message>& answer);
    void refuse_login(Error error, std::string_view hint);
    [[nodiscard]] Result<void> take(Message message, Moment now);
    void take_answer(std::size_t index, Message message, Moment now);
    void take_entry(std::size_t index, Message message, Moment now);
    [[nodiscard]] std::optional<std::size_t> find(const Message& message) const;
    [[nodiscard]] Pending close(std::size_t index);
    void finish(Pending pending, const Error& error);

    const ClientOptions& options_;
    Handlers handlers_;
    Stage stage_ = Stage::banner;
    Decoder decoder_;
    Banner banner_;
    std::string output_;
    std::deque<Pending> pending_;
    std::uint64_t first_id_ = 1;  // of pending_'s front
    std::size_t in_flight_ = 0;
    Moment heard_, pinged_, login_due_;
    std::optional<Error> login_error_;
};

}  // namespace pbx::ami
