#include "agi/session.hpp"

#include "agi/exchange.hpp"
#include "core/log.hpp"

#include <fmt/format.h>

namespace pbx::agi {

namespace {

using Words = std::vector<std::string>;

constexpr std::string_view left_text = "the caller has left";
constexpr milliseconds beep_time{3'000};  // the core sounds' beep is half a second

// A result that is a key's ASCII code. Other numbers mean other things (a stopped stream is above 1000).
std::optional<char> key_of(const Answer& answer) {
    const auto number = answer.number();
    if (!number || *number <= 0 || *number > 'D') return std::nullopt;
    const auto key = static_cast<char>(*number);
    constexpr std::string_view keys = "0123456789*#ABCD";
    return keys.find(key) == std::string_view::npos ? std::nullopt : std::optional(key);
}

ChannelState state_of(int number) {
    // channelstate.h
    constexpr ChannelState states[] = {ChannelState::down,    ChannelState::reserved, ChannelState::off_hook,
                                       ChannelState::dialing, ChannelState::ring,     ChannelState::ringing,
                                       ChannelState::up,      ChannelState::busy};
    if (number < 0) return ChannelState::gone;
    const auto index = static_cast<std::size_t>(number);
    return index < std::size(states) ? states[index] : ChannelState::other;
}

}  // namespace

Error caller_left() {
    return Error{Code::unavailable, std::string(left_text), {}, {}};
}

bool is_caller_left(const Error& error) {
    return error.what == left_text;
}

struct Session::Inside {
    using Self = std::shared_ptr<Inside>;

    std::shared_ptr<Exchange> exchange;
    CallEnvironment environment;

    [[nodiscard]] Wire& wire() const { return exchange->wire(); }
    [[nodiscard]] const SessionOptions& options() const { return exchange->options(); }

    static Task<Result<void>> start(Self self) {
        auto wire = self->exchange->shared_wire();
        auto environment = co_await Wire::read_environment(wire, self->options().environment_limit);
        if (!environment) co_return tl::unexpected(environment.error());
        self->environment = std::move(*environment);
        auto executor = self->exchange->executor();
        net::spawn(executor, Wire::read(wire));
        co_return Result<void>{};
    }

    // A command that is just done; its answer's number does not matter.
    static Task<Result<void>> do_it(Self self, std::string words, Words arguments) {
        const auto limit = self->options().answer_limit;
        auto answer = co_await Exchange::ask(self->exchange, std::move(words), std::move(arguments), limit);
        if (!answer) co_return tl::unexpected(answer.error());
        co_return Result<void>{};
    }

    static Task<Result<ChannelState>> channel_status(Self self) {
        if (self->wire().left()) co_return ChannelState::gone;
        const auto limit = self->options().answer_limit;
        auto answer = co_await Exchange::ask(self->exchange, "CHANNEL STATUS", Words{}, limit);
        if (!answer && self->wire().left()) co_return ChannelState::gone;
        if (!answer) co_return tl::unexpected(answer.error());
        const auto state = state_of(answer->number().value_or(-1));
        if (state == ChannelState::gone) self->wire().note_left();
        co_return state;
    }

    // -1 means a hangup, a missing file or another failure: the channel itself knows which.
    static Task<Result<bool>> has_left(Self self) {
        auto state = co_await channel_status(self);
        if (!state) co_return tl::unexpected(state.error());
        co_return *state == ChannelState::gone;
    }

    static Task<Result<void>> answer(Self self) {
        const auto limit = self->options().answer_limit;
        auto answer = co_await Exchange::ask(self->exchange, "ANSWER", Words{}, limit);
        if (!answer) co_return tl::unexpected(answer.error());
        if (answer->number() == 0) co_return Result<void>{};
        auto left = co_await has_left(self);
        if (!left) co_return tl::unexpected(left.error());
        if (*left) co_return tl::unexpected(caller_left());
        co_return fail(Code::unavailable, "the channel cannot be answered", "ANSWER");
    }

    static Task<Result<Played>> play(Self self, std::string words, Words arguments, milliseconds limit) {
        if (self->wire().left()) co_return Played{.end = Played::End::left};
        auto ending = co_await Exchange::play(self->exchange, std::move(words), std::move(arguments), limit);
        if (!ending && self->wire().left()) co_return Played{.end = Played::End::left};
        if (!ending) co_return tl::unexpected(ending.error());
        Played played;
        if (ending->answer) {
            played.key = key_of(*ending->answer);
            if (!ending->interrupted) played.position = ending->answer->endpos;
        }
        const bool failed = ending->answer && ending->answer->number().value_or(-1) < 0;
        if (failed) {
            auto left = co_await has_left(self);
            if (!left) co_return tl::unexpected(left.error());
            played.end = *left ? Played::End::left : Played::End::missing_file;
        } else if (ending->interrupted) {
            played.end = Played::End::interrupted;
        } else if (played.key) {
            played.end = Played::End::key;
        }
        co_return played;
    }

    static Task<Result<Recorded>> record(Self self, RecordOrder order) {
        using End = Recorded::End;
        if (self->wire().left()) co_return Recorded{.end = End::left};
        const auto limit = order.most + self->options().spare + (order.beep ? beep_time : milliseconds{0});
        auto arguments = record_arguments(order);
        auto answer = co_await Exchange::ask(self->exchange, "RECORD FILE", std::move(arguments), limit);
        if (!answer && self->wire().left()) co_return Recorded{.end = End::left};
        if (!answer) co_return tl::unexpected(answer.error());
        Recorded recorded{.samples = answer->endpos.value_or(0)};
        // the word tells, not the number: with (timeout) that is the rest of the last wait in ms
        const auto word = answer->text.value_or("");
        if (word == "timeout") co_return recorded;
        recorded.key = key_of(*answer);
        if (word == "dtmf" || (word == "randomerror" && recorded.key)) {  // a key during the beep
            recorded.end = End::key;
            co_return recorded;
        }
        auto left = co_await has_left(self);
        if (!left) co_return tl::unexpected(left.error());
        recorded.end = *left || word == "hangup" ? End::left
                       : word == "randomerror"   ? End::beep_failed
                                                 : End::not_written;
        if (recorded.end == End::left) self->wire().note_left();
        co_return recorded;
    }

    static Words record_arguments(const RecordOrder& order) {
        Words out = {order.file, order.format, order.keys, fmt::format("{}", order.most.count())};
        if (order.beep) out.emplace_back("BEEP");
        if (order.silence) out.push_back(fmt::format("s={}", order.silence->count()));
        return out;
    }

    static Task<Result<Executed>> exec(Self self, std::string application, std::string data,
                                       milliseconds most) {
        Words arguments = {std::move(application), std::move(data)};
        auto answer =
            co_await Exchange::ask_exec(self->exchange, std::move(arguments), most + self->options().spare);
        if (!answer) co_return tl::unexpected(answer.error());
        Executed executed{.result = answer->number().value_or(-1)};
        constexpr int not_found = -2;
        executed.found = executed.result != not_found;
        if (executed.result == -1) {
            auto left = co_await has_left(self);
            if (!left) co_return tl::unexpected(left.error());
        }
        executed.left = self->wire().left();
        co_return executed;
    }

    static Task<Result<std::string>> full_variable(Self self, std::string expression) {
        auto value = co_await Exchange::ask_value(self->exchange, "GET FULL VARIABLE", std::move(expression));
        if (!value) co_return tl::unexpected(value.error());
        co_return value->value_or("");
    }

    static Task<Result<void>> hangup(Self self) {
        if (self->wire().left()) co_return Result<void>{};
        auto done = co_await do_it(self, "HANGUP", Words{});
        if (!done && !self->wire().left()) co_return done;
        self->wire().note_left();
        co_return Result<void>{};
    }
};

Session::Session(net::Executor executor, std::unique_ptr<net::Stream> stream, SessionOptions options)
    : inside_(std::make_shared<Inside>()) {
    auto wire = std::make_shared<Wire>(executor, std::move(stream));
    inside_->exchange = std::make_shared<Exchange>(executor, std::move(wire), options);
}

Session::~Session() {
    on_left(nullptr);
    inside_->wire().close();
}

Task<Result<void>> Session::start() {
    return Inside::start(inside_);
}

const CallEnvironment& Session::environment() const {
    return inside_->environment;
}

Task<Result<void>> Session::answer() {
    return Inside::answer(inside_);
}

Task<Result<Played>> Session::stream_file(std::string name, std::string keys, milliseconds most,
                                          std::int64_t from_sample) {
    Words arguments = {std::move(name), std::move(keys)};
    if (from_sample != 0) arguments.push_back(fmt::format("{}", from_sample));
    return Inside::play(inside_, "STREAM FILE", std::move(arguments), most + inside_->options().spare);
}

Task<Result<Played>> Session::wait_for_digit(milliseconds time) {
    Words arguments = {fmt::format("{}", time.count())};
    return Inside::play(inside_, "WAIT FOR DIGIT", std::move(arguments), time + inside_->options().spare);
}

Task<Result<Recorded>> Session::record_file(RecordOrder order) {
    return Inside::record(inside_, std::move(order));
}

Task<Result<std::optional<std::string>>> Session::get_variable(std::string name) {
    return Exchange::ask_value(inside_->exchange, "GET VARIABLE", std::move(name));
}

Task<Result<std::string>> Session::get_full_variable(std::string expression) {
    return Inside::full_variable(inside_, std::move(expression));
}

Task<Result<void>> Session::set_variable(std::string name, std::string value) {
    return Inside::do_it(inside_, "SET VARIABLE", {std::move(name), std::move(value)});
}

Task<Result<Executed>> Session::exec(std::string application, std::string data, milliseconds most) {
    return Inside::exec(inside_, std::move(application), std::move(data), most);
}

Task<Result<ChannelState>> Session::channel_status() {
    return Inside::channel_status(inside_);
}

Task<Result<void>> Session::verbose(std::string text, int level) {
    return Inside::do_it(inside_, "VERBOSE", {log::cleaned(text), fmt::format("{}", level)});
}

Task<Result<void>> Session::noop() {
    return Inside::do_it(inside_, "NOOP", {});
}

Task<Result<void>> Session::hangup() {
    return Inside::hangup(inside_);
}

Task<Result<Answer>> Session::command(std::string words, Words arguments, milliseconds most) {
    return Exchange::ask(inside_->exchange, std::move(words), std::move(arguments),
                         most + inside_->options().spare);
}

bool Session::interrupt() {
    return inside_->exchange->interrupt();
}

bool Session::left() const {
    return inside_->wire().left();
}

bool Session::ended() const {
    return inside_->wire().ended();
}

void Session::note_left() {
    inside_->wire().note_left();
}

void Session::on_left(std::function<void()> handler) {
    inside_->wire().on_left(std::move(handler));
}

}  // namespace pbx::agi
