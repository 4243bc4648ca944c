#include "dns/exchange.hpp"

#include <algorithm>

namespace pbx::dns {

namespace {

std::uint8_t narrow(std::size_t index) {
    return static_cast<std::uint8_t>(index);
}

}  // namespace

Exchange::Exchange(const ExchangeSettings& settings, Dice::Source random, Sink sink)
    : settings_(settings),
      dice_(std::move(random)),
      sink_(std::move(sink)),
      standing_(std::clamp<std::size_t>(settings.servers, 1, max_servers), settings.spread),
      asked_(std::clamp<std::size_t>(settings.slots, 1, max_slots)),
      tries_{DueList(asked_.size()), DueList(asked_.size()), DueList(asked_.size()), DueList(asked_.size()),
             DueList(asked_.size())},
      deadlines_(asked_.size()),
      slot_of_id_(static_cast<Slot*>(std::calloc(std::size_t{1} << 16U, sizeof(Slot)))) {
    settings_.slots = asked_.size();
    settings_.lanes = std::clamp<std::size_t>(settings.lanes, 1, max_lanes);
    if (!slot_of_id_) std::abort();  // as new does
    free_.reserve(asked_.size());
    for (auto slot = asked_.size(); slot-- > 0;)
        free_.push_back(static_cast<Slot>(slot));
}

bool Exchange::ask(const Question& question, std::uint64_t token, Moment deadline, Moment now) {
    if (free_.empty()) return false;
    const auto slot = free_.back();
    free_.pop_back();
    auto& asked = asked_[slot];
    const auto server = standing_.choose(0).value_or(0);
    asked.question = question;
    asked.turn = ++last_turn_;
    asked.open = true;
    asked.streaming = asked.paused = asked.plain = false;
    asked.one_case = !settings_.mixed_case || !standing_.keeps_case(server);
    asked.lane = settings_.lanes == 1 ? std::uint8_t{0} : narrow(dice_.next16() % settings_.lanes);
    asked.round = 0;
    asked.asked_round = asked.asked = asked.failed = 0;
    asked.tries = 0;
    asked.token = token;
    asked.began = now;
    asked.deadline = deadline;
    draw_id(slot);
    asked.plain = settings_.payload == 0 || standing_.edns(server) == Standing::Edns::refused;
    encode(asked);
    deadlines_.set(slot, deadline);
    send(slot, server, now);
    if (const auto probe = standing_.take_probe(now, asked.asked)) {
        asked.asked = static_cast<ServerMask>(asked.asked | bit(*probe));
        push_send(slot, *probe);
    }
    return true;
}

std::chrono::milliseconds Exchange::wait_of(const Asked& asked) const {
    return std::min(settings_.first_wait * (1 << std::min<unsigned>(asked.round, rounds_apart - 1)),
                    settings_.most_wait);
}

DueList& Exchange::tries_of(const Asked& asked) {
    return tries_[std::min<std::size_t>(asked.round, rounds_apart - 1)];
}

void Exchange::draw_id(Slot slot) {
    auto& asked = asked_[slot];
    do {
        asked.id = dice_.next16();
    } while (slot_of_id_[asked.id] != 0);
    slot_of_id_[asked.id] = static_cast<Slot>(slot + 1);
}

void Exchange::encode(Asked& asked) {
    const QueryForm form{.id = asked.id,
                         .recursion = settings_.recursion,
                         .dnssec = settings_.dnssec,
                         .checking_disabled = settings_.checking_disabled,
                         .payload = asked.plain ? std::uint16_t{0} : settings_.payload};
    if (!asked.one_case) asked.question.name.set_case(dice_.next64());
    asked.query_size = static_cast<std::uint16_t>(encode_query(asked.question, form, asked.query));
}

// With another id: what still comes for the old one is no answer any more.
void Exchange::begin_again(Slot slot, std::size_t server, Moment now) {
    auto& asked = asked_[slot];
    slot_of_id_[asked.id] = 0;
    draw_id(slot);
    asked.asked = 0;
    encode(asked);
    send(slot, server, now);
}

void Exchange::send(Slot slot, std::size_t server, Moment now) {
    auto& asked = asked_[slot];
    const auto edns = standing_.edns(server);
    // RFC 6891 6.2.2: a server that never answered with EDNS may be behind something that drops it
    const bool drop_edns =
        edns == Standing::Edns::refused || (asked.round >= 2 && edns == Standing::Edns::unknown);
    if (drop_edns && !asked.plain) {
        asked.plain = true;
        encode(asked);
    }
    asked.server = narrow(server);
    asked.asked = static_cast<ServerMask>(asked.asked | bit(server));
    asked.asked_round = static_cast<ServerMask>(asked.asked_round | bit(server));
    asked.sent = now;
    asked.paused = false;
    tries_of(asked).set(slot, now + wait_of(asked));
    push_send(slot, server);
}

void Exchange::push_send(Slot slot, std::size_t server) {
    auto& asked = asked_[slot];
    ++counts_.sent;
    ++asked.tries;
    sends_.push_back({.turn = asked.turn, .slot = slot, .server = narrow(server), .lane = asked.lane});
}

void Exchange::drop_sends(std::size_t count) {
    first_send_ += count;
    if (first_send_ < sends_.size()) return;
    sends_.clear();
    first_send_ = 0;
}

// The server asked last gave nothing: the next one, or the next round.
void Exchange::go_on(Slot slot, Moment now) {
    auto& asked = asked_[slot];
    tries_of(asked).drop(slot);
    auto next = standing_.choose(static_cast<ServerMask>(asked.asked_round | asked.failed));
    if (!next) {
        if (!asked.held.empty()) return finish_held(slot, Outcome::answered, now);
        next = standing_.choose(asked.failed);
        if (!next) return finish(slot, Outcome::unreachable, asked.server, {}, now);
        asked.asked_round = 0;
        asked.round = narrow(std::min<std::size_t>(asked.round + 1U, 200));
    }
    send(slot, *next, now);
}

void Exchange::pause(Slot slot, Moment now) {
    auto& asked = asked_[slot];
    tries_of(asked).set(slot, now + wait_of(asked));
    asked.paused = true;
}

void Exchange::on_refused(std::size_t server, Moment now) {
    standing_.on_refused(server, now);
    const auto newest = last_turn_;  // what the sink asks meanwhile was not refused
    for (std::size_t i = 0; i < asked_.size(); ++i) {
        auto& asked = asked_[i];
        const auto slot = static_cast<Slot>(i);
        if (!asked.open || asked.turn > newest || asked.server != server || asked.streaming || asked.paused)
            continue;
        const auto tried = static_cast<ServerMask>(asked.asked_round | asked.failed);
        if (!settings_.wait_refused) asked.failed = static_cast<ServerMask>(asked.failed | bit(server));
        if (settings_.wait_refused && !standing_.choose(tried)) {
            pause(slot, now);
        } else {
            go_on(slot, now);
        }
    }
}

void Exchange::on_time(Moment now) {
    while (const auto slot = deadlines_.take_due(now))
        finish_held(*slot, Outcome::timed_out, now);
    for (auto& list : tries_) {
        while (const auto slot = list.take_due(now)) {
            const auto& asked = asked_[*slot];
            if (asked.streaming) {
                leave_stream(*slot, now);
                continue;
            }
            if (!asked.paused) {
                ++counts_.lost;
                standing_.on_silence(asked.server, asked.sent, now);
            }
            go_on(*slot, now);
        }
    }
}

std::optional<Moment> Exchange::next_moment() const {
    auto nearest = deadlines_.next();
    for (const auto& list : tries_) {
        const auto due = list.next();
        if (due && (!nearest || *due < *nearest)) nearest = due;
    }
    return nearest;
}

const Exchange::Asked* Exchange::of(const Ticket& ticket) const {
    if (ticket.slot >= asked_.size()) return nullptr;
    const auto& asked = asked_[ticket.slot];
    return asked.open && asked.turn == ticket.turn ? &asked : nullptr;
}

std::span<const std::uint8_t> Exchange::query(const Ticket& ticket) const {
    const auto* asked = of(ticket);
    if (!asked) return {};
    return std::span(asked->query).first(asked->query_size);
}

}  // namespace pbx::dns
