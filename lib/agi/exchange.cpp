#include "agi/exchange.hpp"

#include "core/log.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <sys/random.h>

namespace pbx::agi {

namespace {

constexpr std::string_view echo_command = "GET FULL VARIABLE";  // of a literal: answers it as its value
constexpr milliseconds read_poll{1};
constexpr int most_read_polls = 100;
constexpr milliseconds longest_nudge{2000};

std::uint32_t random_start() {
    std::uint32_t number = 0;
    if (::getrandom(&number, sizeof(number), 0) != static_cast<ssize_t>(sizeof(number))) return 1;
    return number;
}

const std::string& raw_of(const Item& item) {
    static const std::string hangup = "HANGUP";
    if (const auto* answer = std::get_if<Answer>(&item)) return answer->raw;
    if (const auto* stray = std::get_if<StrayLine>(&item)) return stray->raw;
    return hangup;
}

}  // namespace

bool is_allowed_when_left(std::string_view words) {
    constexpr std::array allowed = {
        "ASYNCAGI BREAK", "DATABASE DEL",          "DATABASE DELTREE", "DATABASE GET", "DATABASE PUT",
        "EXEC",           "GET FULL VARIABLE",     "GET VARIABLE",     "NOOP",         "SET VARIABLE",
        "SPEECH DESTROY", "SPEECH UNLOAD GRAMMAR", "VERBOSE"};
    return std::find(allowed.begin(), allowed.end(), words) != allowed.end();
}

class Exchange::Turn {
  public:
    explicit Turn(Exchange& exchange)
        : exchange_(exchange), was_free_(!std::exchange(exchange.in_flight_, true)) {}
    ~Turn() {
        if (!was_free_) return;
        exchange_.in_flight_ = exchange_.interruptible_ = exchange_.stop_wanted_ = false;
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    [[nodiscard]] bool was_free() const { return was_free_; }

  private:
    Exchange& exchange_;
    bool was_free_;
};

class Exchange::Hangups {
  public:
    explicit Hangups(Wire& wire) : wire_(wire) { wire_.keep_hangups(true); }
    ~Hangups() { wire_.keep_hangups(false); }
    Hangups(const Hangups&) = delete;
    Hangups& operator=(const Hangups&) = delete;

  private:
    Wire& wire_;
};

Exchange::Exchange(net::Executor executor, std::shared_ptr<Wire> wire, SessionOptions options)
    : executor_(std::move(executor)),
      wire_(std::move(wire)),
      options_(options),
      last_echo_(options.first_echo != 0 ? options.first_echo - 1 : random_start()) {}

bool Exchange::interrupt() {
    if (!interruptible_ || wire_->ended()) return false;
    stop_wanted_ = true;
    wire_->ring();
    return true;
}

Result<Answer> Exchange::checked(Answer answer) {
    switch (answer.code) {
        case 200:
            return answer;
        case 511:
            wire_->note_left();
            return tl::unexpected(caller_left());
        case 510:
            return fail(Code::unavailable, "Asterisk does not know this command");
        case 520:
            return fail(Code::data, "Asterisk refused the command's arguments");
        default:
            return fail(Code::protocol, "answer of an unknown kind: " + log::cleaned(answer.raw));
    }
}

std::optional<Answer> Exchange::take_answer() {
    while (auto item = wire_->take()) {
        if (auto* answer = std::get_if<Answer>(&*item)) return std::move(*answer);
        if (std::holds_alternative<HangupLine>(*item)) wire_->note_left();
        log::debug("agi {}: stray line: {}", wire_->peer(), raw_of(*item));
    }
    return std::nullopt;
}

Task<Result<void>> Exchange::begin(std::shared_ptr<Exchange> self, std::string words,
                                   std::vector<std::string> arguments) {
    auto line = encode_command(words, arguments);
    if (!line) co_return tl::unexpected(line.error());
    if (self->out_of_step_) {
        auto stepped = co_await get_in_step(self);
        if (!stepped) co_return stepped;
    }
    if (self->wire_->ended()) co_return tl::unexpected(self->wire_->why_ended());
    if (self->wire_->left() && !is_allowed_when_left(words)) co_return tl::unexpected(caller_left());
    while (self->take_answer())
        continue;  // nobody asked
    auto sent = co_await Wire::send(self->wire_, std::move(*line), self->options_.answer_limit);
    co_return sent;
}

Task<Result<Answer>> Exchange::receive(std::shared_ptr<Exchange> self, milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (true) {
        if (auto answer = self->take_answer()) co_return self->checked(std::move(*answer));
        if (self->wire_->ended()) co_return tl::unexpected(self->wire_->why_ended());
        bool rung = co_await Wire::wait_until(self->wire_, end);
        if (rung) continue;
        self->out_of_step_ = true;
        co_return fail(Code::try_again, "Asterisk did not answer in time", self->wire_->peer());
    }
}

Task<Result<Answer>> Exchange::ask(std::shared_ptr<Exchange> self, std::string words,
                                   std::vector<std::string> arguments, milliseconds limit) {
    Turn turn(*self);
    if (!turn.was_free()) co_return fail(Code::bug, "two AGI commands at once", std::move(words));
    auto begun = co_await begin(self, words, std::move(arguments));
    if (!begun) co_return within(words, begun.error());
    auto answer = co_await receive(self, limit);
    if (!answer) co_return within(words, answer.error());
    co_return answer;
}

Task<Result<Answer>> Exchange::ask_exec(std::shared_ptr<Exchange> self, std::vector<std::string> arguments,
                                        milliseconds limit) {
    Turn turn(*self);
    if (!turn.was_free()) co_return fail(Code::bug, "two AGI commands at once", "EXEC");
    auto begun = co_await begin(self, "EXEC", std::move(arguments));
    if (!begun) co_return within("EXEC", begun.error());
    auto answer = co_await receive(self, limit);
    if (!answer) co_return within("EXEC", answer.error());
    if (answer->number() == 1) {
        auto stepped = co_await get_in_step(self);
        if (!stepped) co_return within("EXEC", stepped.error());
    }
    co_return answer;
}

// What looks like the value's end may be inside it, so all up to an echo is looked at.
Task<Result<std::optional<std::string>>> Exchange::ask_value(std::shared_ptr<Exchange> self,
                                                             std::string words, std::string argument) {
    Turn turn(*self);
    if (!turn.was_free()) co_return fail(Code::bug, "two AGI commands at once", std::move(words));
    Hangups hangups(*self->wire_);
    std::vector<std::string> arguments = {std::move(argument)};
    auto begun = co_await begin(self, words, std::move(arguments));
    if (!begun) co_return within(words, begun.error());
    auto answer = co_await receive(self, self->options_.answer_limit);
    if (!answer) co_return within(words, answer.error());
    if (!answer->text) co_return std::optional<std::string>{};
    auto tail = co_await echo(self);
    if (!tail) co_return within(words, tail.error());
    co_return self->join_value(std::move(answer->raw), *tail);
}

std::string Exchange::join_value(std::string first, const std::vector<Item>& tail) {
    std::string whole = std::move(first), later;
    bool hung_up = false;
    for (const auto& item : tail) {
        later.append("\n").append(raw_of(item));
        if (std::holds_alternative<HangupLine>(item)) hung_up = true;
        if (!raw_of(item).ends_with(')')) continue;
        whole += std::exchange(later, {});
        hung_up = false;  // it stood inside the value
    }
    if (hung_up) wire_->note_left();
    const auto begins = whole.find('(') + 1;
    return whole.substr(begins, whole.rfind(')') - begins);
}

Task<Result<Ending>> Exchange::play(std::shared_ptr<Exchange> self, std::string words,
                                    std::vector<std::string> arguments, milliseconds limit) {
    Turn turn(*self);
    if (!turn.was_free()) co_return fail(Code::bug, "two AGI commands at once", std::move(words));
    self->interruptible_ = true;
    auto begun = co_await begin(self, words, std::move(arguments));
    if (!begun) co_return within(words, begun.error());
    auto ending = co_await play_on(self, limit);
    if (!ending) co_return within(words, ending.error());
    co_return ending;
}

Task<Result<Ending>> Exchange::play_on(std::shared_ptr<Exchange> self, milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    bool late = false;
    std::optional<Answer> answer = self->take_answer();
    while (!answer && !self->stop_wanted_ && !late) {
        if (self->wire_->ended()) co_return tl::unexpected(self->wire_->why_ended());
        bool rung = co_await Wire::wait_until(self->wire_, end);
        late = !rung;
        answer = self->take_answer();
    }
    if (!answer) answer = co_await until_read(self);
    Ending ending;
    if (!answer) {
        auto before = co_await echo(self);
        if (!before) co_return tl::unexpected(before.error());
        ending.interrupted = true;
        for (auto& item : *before) {
            if (auto* own = std::get_if<Answer>(&item)) answer = std::move(*own);
        }
    }
    if (answer) {
        auto good = self->checked(std::move(*answer));
        if (!good) co_return tl::unexpected(good.error());
        ending.answer = std::move(*good);
    } else if (late) {
        co_return fail(Code::try_again, "Asterisk did not end it in time", self->wire_->peer());
    }
    co_return ending;
}

// Asterisk polls its pipe but reads it through stdio: a line that arrives while the command's own line is
// still unread is taken into stdio's buffer with it, and nobody looks there until a third line comes. So the
// echo waits until the command has been read; its answer may come meanwhile.
Task<std::optional<Answer>> Exchange::until_read(std::shared_ptr<Exchange> self) {
    for (int i = 0; i < most_read_polls; ++i) {
        const auto unread = self->wire_->unread_by_peer();
        if (!unread || *unread == 0 || self->wire_->ended()) break;
        const auto soon = std::chrono::steady_clock::now() + read_poll;
        bool rung = co_await Wire::wait_until(self->wire_, soon);
        static_cast<void>(rung);
        if (auto answer = self->take_answer()) co_return answer;
    }
    co_return self->take_answer();
}

Task<Result<void>> Exchange::send_echo(std::shared_ptr<Exchange> self, std::string* mark) {
    const std::vector<std::string> label = {fmt::format("k{}", ++self->last_echo_)};
    auto line = encode_command(echo_command, label);
    if (!line) co_return tl::unexpected(line.error());
    *mark = fmt::format("200 result=1 ({})", label.front());
    self->wire_->expect_echo(*mark);
    auto sent = co_await Wire::send(self->wire_, std::move(*line), self->options_.answer_limit);
    co_return sent;
}

// Everything that came before the answer to a new echo. An echo that Asterisk has not seen (see until_read;
// over TCP nobody can know) is followed by another, which brings both out.
Task<Result<std::vector<Item>>> Exchange::echo(std::shared_ptr<Exchange> self) {
    self->out_of_step_ = true;
    const auto end = std::chrono::steady_clock::now() + self->options_.answer_limit;
    auto patience = self->options_.nudge;
    std::vector<std::string> marks;
    std::vector<Item> before;
    std::size_t bytes = 0;
    while (true) {
        std::string mark;
        auto sent = co_await send_echo(self, &mark);
        if (!sent) co_return tl::unexpected(sent.error());
        marks.push_back(std::move(mark));
        const auto soon = std::min(end, std::chrono::steady_clock::now() + patience);
        for (bool rung = true; rung;) {
            while (auto item = self->wire_->take()) {
                const auto& raw = raw_of(*item);
                if (raw == marks.back()) {
                    self->out_of_step_ = false;
                    co_return before;
                }
                bytes += raw.size() + 1;
                if (bytes > max_answer)
                    co_return fail(Code::protocol, "too much before an echo", self->wire_->peer());
                const bool old_echo = std::find(marks.begin(), marks.end(), raw) != marks.end();
                if (!old_echo) before.push_back(std::move(*item));
            }
            if (self->wire_->ended()) co_return tl::unexpected(self->wire_->why_ended());
            rung = co_await Wire::wait_until(self->wire_, soon);
        }
        if (soon == end) co_return fail(Code::try_again, "Asterisk does not answer", self->wire_->peer());
        patience = std::min(patience * 2, longest_nudge);
    }
}

Task<Result<void>> Exchange::get_in_step(std::shared_ptr<Exchange> self) {
    auto before = co_await echo(self);
    if (!before) co_return tl::unexpected(before.error());
    co_return Result<void>{};
}

}  // namespace pbx::agi
