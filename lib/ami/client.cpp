#include "ami/client.hpp"

#include "ami/exchange.hpp"
#include "ami/gathering.hpp"
#include "core/backoff.hpp"
#include "net/bell.hpp"
#include "net/loop.hpp"
#include "net/resolve.hpp"

#include <array>
#include <random>
#include <utility>

#include <fmt/format.h>

namespace pbx::ami {

using net::Task;

namespace {
constexpr std::size_t read_room = 64 * 1024;

Task<Result<std::unique_ptr<net::Stream>>> open(const ClientOptions* options) {
    if (options->connect) return options->connect(options->host, options->port, options->connect_limit);
    return net::connect_host(options->host, options->port, options->connect_limit);
}

std::string where_of(const ClientOptions& options) {
    const bool is_v6 = options.host.find(':') != std::string::npos;
    return is_v6 ? fmt::format("ami [{}]:{}", options.host, options.port)
                 : fmt::format("ami {}:{}", options.host, options.port);
}

// One connection: its stream, its meaning, and the bell of its writer.
struct Connection {
    Connection(net::Executor executor, std::unique_ptr<net::Stream> the_stream, const ClientOptions& options,
               Exchange::Handlers handlers, Exchange::Moment now)
        : stream(std::move(the_stream)),
          exchange(options, std::move(handlers), now),
          output(executor),
          watch(executor) {}

    std::unique_ptr<net::Stream> stream;
    Exchange exchange;
    net::Bell output, watch;

    void end(const Error& error) {
        exchange.end(error);
        stream->close();
        output.ring();
        watch.ring();
    }
};
using Line = std::shared_ptr<Connection>;
}  // namespace

struct Client::Inside : std::enable_shared_from_this<Client::Inside> {
    using Self = std::shared_ptr<Inside>;

    Inside(net::Executor the_executor, ClientOptions the_options, const Clock& the_clock,
           Handlers the_handlers)
        : executor(std::move(the_executor)),
          options(std::move(the_options)),
          clock(the_clock),
          handlers(std::move(the_handlers)),
          where(where_of(options)),
          pause(executor),
          dice(static_cast<std::minstd_rand::result_type>(clock.now().time_since_epoch().count())) {}

    static Task<Result<Banner>> come_up(Self self);
    static Task<void> stay_up(Self self);
    static Task<void> read(Self self, Line line);
    static Task<void> write(Self self, Line line);
    static Task<void> watch(Self self, Line line);
    [[nodiscard]] Line open_line(std::unique_ptr<net::Stream> stream);
    void cut(const Line& line, const Error& error);
    void tell_down(const Error& error);
    template <class Send>
    [[nodiscard]] Result<void> hand_over(Send send);

    net::Executor executor;
    ClientOptions options;
    const Clock& clock;
    Handlers handlers;
    std::string where;
    Line line;
    net::Bell pause;  // rung when a connection is over, and by stop()
    std::optional<Error> last_cut;
    bool stopped = false, keeps_trying = false;
    std::uint64_t logins = 0;
    std::minstd_rand dice;
};

Line Client::Inside::open_line(std::unique_ptr<net::Stream> stream) {
    // weak: the exchange lives in the line, the line in this
    const std::weak_ptr<Inside> weak = weak_from_this();
    Exchange::Handlers forward;
    forward.on_up = [weak](const Banner& banner) {
        const auto self = weak.lock();
        if (self) ++self->logins;
        if (self && !self->stopped && self->handlers.on_up) self->handlers.on_up(banner);
    };
    forward.on_event = [weak](const Message& event) {
        const auto self = weak.lock();
        if (self && !self->stopped && self->handlers.on_event) self->handlers.on_event(event);
    };
    return std::make_shared<Connection>(executor, std::move(stream), options, std::move(forward),
                                        clock.now());
}

void Client::Inside::tell_down(const Error& error) {
    if (!stopped && handlers.on_down) handlers.on_down(error);
}

void Client::Inside::cut(const Line& which, const Error& error) {
    if (which->exchange.has_ended()) return;
    const bool was_up = which->exchange.is_up();
    auto told = error;
    told.where = where;
    which->end(told);
    if (line == which) line = nullptr;
    last_cut = told;
    pause.ring();
    if (was_up) tell_down(told);
}

Task<void> Client::Inside::read(Self self, Line line) {
    auto room = std::make_unique<std::array<char, read_room>>();
    Gathering gathering;
    while (!line->exchange.has_ended()) {
        const bool can_wait =
            self->options.answers_can_wait && line->exchange.is_up() && line->exchange.pending() > 0;
        auto got = co_await line->stream->read_gathered(*room, gathering.pause(can_wait), net::no_deadline);
        if (line->exchange.has_ended()) break;
        gathering.on_read(got.value_or(0), self->clock.now());
        if (!got) {
            self->cut(line, got.error());
        } else if (*got == 0) {
            self->cut(line, Error{Code::unavailable, "Asterisk closed the connection", {}, {}});
        } else {
            const bool was_up = line->exchange.is_up();
            auto taken = line->exchange.feed({room->data(), *got}, self->clock.now());
            if (!taken) self->cut(line, taken.error());
            if (line->exchange.has_output()) line->output.ring();
            if (!was_up && line->exchange.is_up()) {
                line->watch.ring();  // from now on Ping decides when to look
                self->pause.ring();
            }
        }
    }
    co_return;
}

Task<void> Client::Inside::write(Self self, Line line) {
    while (!line->exchange.has_ended()) {
        bool rung = co_await line->output.wait(net::no_deadline);
        if (!rung || line->exchange.has_ended()) break;
        auto bytes = line->exchange.take_output();
        auto written = co_await line->stream->write_all(std::move(bytes), self->options.dead_after);
        if (!written) self->cut(line, written.error());
    }
    co_return;
}

Task<void> Client::Inside::watch(Self self, Line line) {
    while (!line->exchange.has_ended()) {
        const auto left = line->exchange.wake() - self->clock.now();
        const auto limit = std::chrono::ceil<milliseconds>(std::max(left, left.zero()));
        bool rung = co_await line->watch.wait(limit);
        static_cast<void>(rung);
        auto alive = line->exchange.on_time(self->clock.now());
        if (!alive) self->cut(line, alive.error());
        if (line->exchange.has_output()) line->output.ring();
    }
    co_return;
}

Task<Result<Banner>> Client::Inside::come_up(Self self) {
    auto stream = co_await open(&self->options);
    if (self->stopped) co_return fail(Code::unavailable, "stopped", self->where);
    if (!stream) {
        auto error = stream.error();
        error.where = self->where;
        if (error.hint.empty()) error.hint = "is Asterisk up, and does manager.conf say enabled = yes?";
        co_return tl::unexpected(std::move(error));
    }
    auto line = self->open_line(std::move(*stream));
    self->line = line;
    self->last_cut.reset();
    net::spawn(self->executor, read(self, line));
    net::spawn(self->executor, write(self, line));
    net::spawn(self->executor, watch(self, line));
    while (!line->exchange.is_up() && !line->exchange.has_ended()) {
        bool rung = co_await self->pause.wait(net::no_deadline);
        static_cast<void>(rung);
    }
    if (line->exchange.is_up()) co_return line->exchange.banner();
    co_return tl::unexpected(*self->last_cut);
}

Task<void> Client::Inside::stay_up(Self self) {
    Backoff backoff(self->options.first_pause, self->options.most_pause);
    std::uniform_real_distribution<double> chance(0, 1);
    while (!self->stopped) {
        const auto begun = self->clock.now();
        auto up = co_await come_up(self);
        if (!up) self->tell_down(up.error());
        while (!self->stopped && self->line) {
            bool rung = co_await self->pause.wait(net::no_deadline);
            static_cast<void>(rung);
        }
        // one that is cut at once each time must not be met with a login storm
        if (up && self->clock.now() - begun >= self->options.most_pause) backoff.reset();
        if (self->stopped) break;
        const auto wait = backoff.next(chance(self->dice));
        const auto until = self->clock.now() + wait;
        while (!self->stopped && self->clock.now() < until) {
            const auto left = std::chrono::ceil<milliseconds>(until - self->clock.now());
            bool rung = co_await self->pause.wait(left);
            static_cast<void>(rung);
        }
    }
    co_return;
}

Client::Client(net::Executor executor, ClientOptions options, const Clock& clock, Handlers handlers)
    : inside_(std::make_shared<Inside>(std::move(executor), std::move(options), clock, std::move(handlers))) {
}

Client::~Client() {
    stop();
}

Task<Result<Banner>> Client::log_in() {
    return Inside::come_up(inside_);
}

void Client::start() {
    if (std::exchange(inside_->keeps_trying, true)) return;
    net::spawn(inside_->executor, Inside::stay_up(inside_));
}

void Client::stop() {
    if (std::exchange(inside_->stopped, true)) return;
    if (const auto line = inside_->line) inside_->cut(line, Error{Code::unavailable, "stopped", {}, {}});
    inside_->pause.ring();
}

bool Client::is_up() const {
    return inside_->line && inside_->line->exchange.is_up();
}

std::uint64_t Client::logins() const {
    return inside_->logins;
}

std::size_t Client::pending() const {
    return inside_->line ? inside_->line->exchange.pending() : 0;
}

const std::string& Client::where() const {
    return inside_->where;
}

template <class Send>
Result<void> Client::Inside::hand_over(Send send) {
    if (!line) return fail(Code::unavailable, "not connected", where);
    const bool was_idle = !line->exchange.has_output();
    Result<void> sent = send(line->exchange);
    if (!sent) return within(where, sent.error());
    if (was_idle) line->output.ring();  // the others of this turn go along
    return {};
}

Result<void> Client::send(const Action& action, Answered done) {
    return inside_->hand_over(
        [&](Exchange& exchange) { return exchange.send(action, std::move(done), inside_->clock.now()); });
}

Result<void> Client::send_list(const Action& action, std::size_t most, Listed done) {
    return inside_->hand_over([&](Exchange& exchange) {
        return exchange.send_list(action, most, std::move(done), inside_->clock.now());
    });
}

Result<void> Client::send_list(const Action& action, Entry on_entry, Listed done) {
    return inside_->hand_over([&](Exchange& exchange) {
        return exchange.send_list(action, std::move(on_entry), std::move(done), inside_->clock.now());
    });
}

namespace {
template <class T>
struct Waiting {
    explicit Waiting(net::Executor executor) : bell(std::move(executor)) {}
    net::Bell bell;
    std::optional<Result<T>> value;

    static Task<Result<T>> wait(std::shared_ptr<Waiting> self, std::string where) {
        while (!self->value) {
            bool rung = co_await self->bell.wait(net::no_deadline);  // each answer has a deadline of its own
            static_cast<void>(rung);
        }
        if (*self->value) co_return std::move(**self->value);
        auto error = self->value->error();
        if (error.where.empty()) error.where = std::move(where);
        co_return tl::unexpected(std::move(error));
    }
};

template <class T>
auto answer_to(std::shared_ptr<Waiting<T>> waiting) {
    return [waiting](Result<T> value) {
        waiting->value = std::move(value);
        waiting->bell.ring();
    };
}
}  // namespace

Task<Result<Message>> Client::ask(Action action) {
    auto waiting = std::make_shared<Waiting<Message>>(inside_->executor);
    auto sent = send(action, answer_to(waiting));
    if (!sent) waiting->value = tl::unexpected(sent.error());
    return Waiting<Message>::wait(std::move(waiting), inside_->where);
}

Task<Result<List>> Client::ask_list(Action action, std::size_t most) {
    auto waiting = std::make_shared<Waiting<List>>(inside_->executor);
    auto sent = send_list(action, most, answer_to(waiting));
    if (!sent) waiting->value = tl::unexpected(sent.error());
    return Waiting<List>::wait(std::move(waiting), inside_->where);
}

}  // namespace pbx::ami
