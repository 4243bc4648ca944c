#include "agi/wire.hpp"

#include "core/log.hpp"

#include <algorithm>
#include <array>

namespace pbx::agi {

using net::milliseconds;
using net::Task;

namespace {

constexpr std::size_t read_size = 4096;
constexpr std::string_view not_started = "run this from AGI(), EAGI() or AGI(agi://...) in the dialplan";

milliseconds time_to(Wire::Moment end) {
    if (end == Wire::Moment::max()) return net::no_deadline;
    const auto left = end - std::chrono::steady_clock::now();
    return std::max(milliseconds{0}, std::chrono::ceil<milliseconds>(left));
}

}  // namespace

Task<Result<CallEnvironment>> Wire::read_environment(std::shared_ptr<Wire> self, milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    EnvironmentDecoder decoder;
    std::array<char, read_size> part{};
    while (true) {
        auto got = co_await self->stream_->read_some(part, time_to(end));
        if (!got)
            co_return fail(got.error().code, "no AGI environment", self->peer(), std::string(not_started));
        if (*got == 0)
            co_return fail(Code::no_input, "no AGI environment", self->peer(), std::string(not_started));
        decoder.feed({part.data(), *got});
        auto environment = decoder.next();
        if (!environment) co_return within(self->peer(), environment.error());
        if (!*environment) continue;
        self->decoder_.feed(decoder.take_rest());
        co_return std::move(**environment);
    }
}

Task<void> Wire::read(std::shared_ptr<Wire> self) {
    std::array<char, read_size> part{};
    while (!self->ended()) {
        self->take_items();
        auto got = co_await self->stream_->read_some(part, net::no_deadline);
        if (!got) {
            self->end(got.error());
        } else if (*got == 0) {
            self->end(Error{Code::unavailable, "Asterisk closed the connection", self->peer(), {}});
        } else {
            self->decoder_.feed({part.data(), *got});
        }
    }
}

void Wire::take_items() {
    while (!ended()) {
        auto item = decoder_.next();
        if (!item) return end(item.error());
        if (!*item) return;
        if (std::holds_alternative<HangupLine>(**item) && !keep_hangups_) {
            note_left();
            continue;
        }
        if (items_.size() >= max_waiting_items)
            return end(Error{Code::protocol, "answers nobody asked for", peer(), {}});
        items_.push_back(std::move(**item));
        bell_.ring();
    }
}

Task<Result<void>> Wire::send(std::shared_ptr<Wire> self, std::string line, milliseconds limit) {
    if (self->ended()) co_return tl::unexpected(self->why_ended());
    log::debug("agi {}: > {}", self->peer(), std::string_view(line).substr(0, line.size() - 1));
    auto written = co_await self->stream_->write_all(std::move(line), limit);
    if (!written) self->end(written.error());
    co_return written;
}

Task<bool> Wire::wait_until(std::shared_ptr<Wire> self, Moment end) {
    bool rung = co_await self->bell_.wait(time_to(end));
    co_return rung;
}

std::optional<Item> Wire::take() {
    if (items_.empty()) return std::nullopt;
    auto item = std::move(items_.front());
    items_.pop_front();
    if (const auto* answer = std::get_if<Answer>(&item)) log::debug("agi {}: < {}", peer(), answer->raw);
    return item;
}

void Wire::keep_hangups(bool keep) {
    keep_hangups_ = keep;
    if (keep) return;
    const auto is_hangup = [](const Item& item) { return std::holds_alternative<HangupLine>(item); };
    if (std::erase_if(items_, is_hangup) > 0) note_left();
}

void Wire::note_left() {
    if (std::exchange(left_, true)) return;
    log::debug("agi {}: the caller left", peer());
    bell_.ring();
    if (const auto handler = std::exchange(on_left_, nullptr)) handler();
}

void Wire::close() {
    stream_->close();
    end(Error{Code::unavailable, "closed", peer(), {}});
}

Error Wire::why_ended() const {
    return ended_.value_or(Error{});
}

void Wire::end(Error error) {
    if (!ended_) ended_ = std::move(error);
    note_left();
    bell_.ring();
}

}  // namespace pbx::agi
