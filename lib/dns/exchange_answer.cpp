// The exchange's other half: what came in.
#include "dns/exchange.hpp"

#include <algorithm>

namespace pbx::dns {

namespace {

constexpr std::chrono::milliseconds stream_wait{600};  // then another server is asked, if there is one

constexpr bool is_final(Rcode rcode) {
    return rcode == Rcode::no_error || rcode == Rcode::no_such_name;
}

constexpr bool may_dislike_edns(Rcode rcode) {
    return rcode == Rcode::format_error || rcode == Rcode::not_implemented || rcode == Rcode::bad_version;
}

}  // namespace

void Exchange::on_datagram(std::size_t server, std::size_t lane, std::span<const std::uint8_t> message,
                           Moment now) {
    const auto header = read_header(message);
    if (!header || !header->response || header->opcode != 0) {
        ++counts_.stray;
        return;
    }
    standing_.on_answer(server, now);
    const auto found = slot_of_id_[header->id];
    const auto slot = static_cast<Slot>(found - 1);
    if (found == 0 || asked_[slot].streaming || asked_[slot].lane != lane ||
        (asked_[slot].asked & bit(server)) == 0 || (asked_[slot].failed & bit(server)) != 0) {
        ++counts_.stray;
        return;
    }
    if (accept_question(slot, server, message, now)) judge(slot, server, message, false, now);
}

// false: it is not taken as an answer, at least not yet.
bool Exchange::accept_question(Slot slot, std::size_t server, std::span<const std::uint8_t> message,
                               Moment now) {
    auto& asked = asked_[slot];
    switch (compare_question(message, std::span(asked.query).first(asked.query_size))) {
        case Echo::exact:
            if (!asked.one_case) standing_.note_case(server, true);
            return true;
        case Echo::folded:
            if (asked.one_case) return true;
            // a server that changes the case, or a forger who did not see ours: another id must be hit to
            // tell
            ++counts_.folded;
            standing_.note_case(server, false);
            asked.one_case = true;
            asked.question.name.set_case(~std::uint64_t{0});
            begin_again(slot, server, now);
            return false;
        case Echo::absent:
            if (!is_final(read_header(message)->rcode)) return true;
            break;
        case Echo::other:
            break;
    }
    ++counts_.stray;
    return false;
}

void Exchange::judge(Slot slot, std::size_t server, std::span<const std::uint8_t> message, bool tcp,
                     Moment now) {
    auto& asked = asked_[slot];
    if (!decode(message, asked.question, answer_)) {
        ++counts_.stray;
        return;
    }
    if (may_dislike_edns(answer_.rcode) && !asked.plain && !tcp) {
        standing_.set_edns(server, Standing::Edns::refused);
        asked.plain = true;
        return begin_again(slot, server, now);
    }
    if (!is_final(answer_.rcode)) return take_error(slot, server, message, now);
    if (!asked.plain) standing_.set_edns(server, Standing::Edns::spoken);
    if (answer_.truncated && !tcp && settings_.tcp) return begin_stream(slot, server, message, now);
    finish(slot, Outcome::answered, server, message, now);
}

// Another server may do better; if none does, this answer is given.
void Exchange::take_error(Slot slot, std::size_t server, std::span<const std::uint8_t> message, Moment now) {
    auto& asked = asked_[slot];
    asked.failed = static_cast<ServerMask>(asked.failed | bit(server));
    // "try later" weighs more than "never": the caller may come again
    if (asked.held.empty() || answer_.rcode == Rcode::server_failure) {
        asked.held.assign(message.begin(), message.end());
        asked.held_by = static_cast<std::uint8_t>(server);
    }
    if (server == asked.server) go_on(slot, now);
}

void Exchange::begin_stream(Slot slot, std::size_t server, std::span<const std::uint8_t> message,
                            Moment now) {
    auto& asked = asked_[slot];
    asked.held.assign(message.begin(), message.end());
    asked.held_by = static_cast<std::uint8_t>(server);
    asked.streaming = true;
    tries_of(asked).drop(slot);
    const bool alone = !standing_.choose(static_cast<ServerMask>(asked.failed | bit(server)));
    if (!alone) tries_of(asked).set(slot, now + stream_wait);
    ++counts_.streams;
    ++asked.tries;
    streams_.push_back({.turn = asked.turn, .slot = slot, .server = asked.held_by, .lane = asked.lane});
}

void Exchange::on_stream_message(const Ticket& ticket, std::span<const std::uint8_t> message, Moment now) {
    const auto* asked = of(ticket);
    if (!asked) return;
    const auto header = read_header(message);
    const bool ours =
        header && header->response && header->id == asked->id &&
        compare_question(message, query(ticket)) <= Echo::folded;  // nobody forges inside a connection
    if (!ours || !decode(message, asked->question, answer_) || !is_final(answer_.rcode))
        return on_stream_failed(ticket, now);
    asked_[ticket.slot].streaming = true;  // it may have been left for another server
    finish(ticket.slot, Outcome::answered, ticket.server, message, now);
}

void Exchange::on_stream_failed(const Ticket& ticket, Moment now) {
    const auto* asked = of(ticket);
    if (asked && asked->streaming && asked->held_by == ticket.server) leave_stream(ticket.slot, now);
}

// TCP is closed or hangs at this server: another one is asked; if none gives the whole answer, the cut one is
// given. What still comes over the connection counts.
void Exchange::leave_stream(Slot slot, Moment now) {
    auto& asked = asked_[slot];
    asked.failed = static_cast<ServerMask>(asked.failed | bit(asked.held_by));
    asked.streaming = false;
    go_on(slot, now);
}

void Exchange::finish_held(Slot slot, Outcome otherwise, Moment now) {
    auto& asked = asked_[slot];
    if (asked.held.empty()) return finish(slot, otherwise, asked.server, {}, now);
    const auto held = std::exchange(asked.held, {});
    static_cast<void>(decode(held, asked.question, answer_));  // it was once already
    asked.streaming = false;                                   // given as UDP brought it
    finish(slot, Outcome::answered, asked.held_by, held, now);
}

void Exchange::finish(Slot slot, Outcome outcome, std::size_t server, std::span<const std::uint8_t> message,
                      Moment now) {
    auto& asked = asked_[slot];
    tries_of(asked).drop(slot);
    deadlines_.drop(slot);
    slot_of_id_[asked.id] = 0;
    asked.held.clear();
    asked.open = false;
    ++counts_.finished;
    if (outcome == Outcome::answered) ++counts_.answered;
    const Finished out{.token = asked.token,
                       .outcome = outcome,
                       .answer = outcome == Outcome::answered ? answer_ : empty_,
                       .message = message,
                       .server = server,
                       .tries = asked.tries,
                       .tcp = asked.streaming,
                       .took = now - asked.began};
    free_.push_back(slot);  // before the sink: it may ask on at once
    sink_(out);
}

}  // namespace pbx::dns
