// Which query goes to which server and when, and which datagram answers which question. Pure: no socket, no
// clock; the client brings datagrams and moments in and takes what is to be sent.
//
// Against forgers (RFC 5452): ids that cannot be foretold, letters in random case, the answer's id, question,
// server and port must fit; everything else is counted and dropped, and the wait for the true answer goes on.
#pragma once

#include "dns/codec.hpp"
#include "dns/dice.hpp"
#include "dns/due_list.hpp"
#include "dns/standing.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace pbx::dns {

inline constexpr std::size_t max_slots = 32'768;  // half of all ids: drawing a free one stays cheap
inline constexpr std::size_t max_lanes = 16;

struct ExchangeSettings {
    std::size_t servers = 1;
    std::size_t slots = 4;  // questions asked at once
    std::size_t lanes = 1;  // source ports to each server
    // Then another server is asked, or, when there is no other, the same one again: the wait doubles each
    // round.
    std::chrono::milliseconds first_wait{200}, most_wait{1600};
    std::uint16_t payload = 1232;
    bool recursion = true;
    bool dnssec = false;
    bool checking_disabled = false;
    bool tcp = true;            // false: a truncated answer is given as it is (Emercoin has no TCP)
    bool mixed_case = true;     // 0x20
    bool spread = false;        // ask the servers in turn
    bool wait_refused = false;  // all ports closed: try again until the deadline, for long runs
};

enum class Outcome : std::uint8_t {
    answered,     // whatever its rcode
    timed_out,    // nobody answered before the deadline
    unreachable,  // every server's port is closed, or no route leads there
};

// Ends with the call it is given in: what `answer` and `message` show is used for the next one.
struct Finished {
    std::uint64_t token = 0;
    Outcome outcome = Outcome::answered;
    const Answer& answer;
    std::span<const std::uint8_t> message{};
    std::size_t server = 0;
    unsigned tries = 0;  // queries sent
    bool tcp = false;
    std::chrono::nanoseconds took{};
};

struct ExchangeCounts {
    std::uint64_t sent = 0, answered = 0, finished = 0;
    std::uint64_t lost = 0;   // not answered within their wait
    std::uint64_t stray = 0;  // datagrams that answer no open question: late, doubled or forged
    std::uint64_t folded = 0;
    std::uint64_t streams = 0;
};

class Exchange {
  public:
    using Sink = std::function<void(const Finished&)>;  // may ask() again

    Exchange(const ExchangeSettings& settings, Dice::Source random, Sink sink);

    // false: all slots are taken.
    [[nodiscard]] bool ask(const Question& question, std::uint64_t token, Moment deadline, Moment now);
    [[nodiscard]] std::size_t in_flight() const { return settings_.slots - free_.size(); }

    // What happened.
    void on_datagram(std::size_t server, std::size_t lane, std::span<const std::uint8_t> message, Moment now);
    void on_refused(std::size_t server, Moment now);  // its port is closed, or there is no way to it
    void on_time(Moment now);
    [[nodiscard]] std::optional<Moment> next_moment() const;

    // What is to be done. A ticket is good for one question: it is void once that is finished.
    struct Ticket {
        std::uint64_t turn = 0;
        Slot slot = no_slot;
        std::uint8_t server = 0;
        std::uint8_t lane = 0;
    };
    // Datagrams to send; drop_sends(n) says that the first n were.
    [[nodiscard]] std::span<const Ticket> sends() const { return std::span(sends_).subspan(first_send_); }
    void drop_sends(std::size_t count);
    // Questions to ask again over TCP.
    [[nodiscard]] std::vector<Ticket> take_streams() { return std::exchange(streams_, {}); }
    [[nodiscard]] bool wants_streams() const { return !streams_.empty(); }
    void on_stream_message(const Ticket& ticket, std::span<const std::uint8_t> message, Moment now);
    void on_stream_failed(const Ticket& ticket, Moment now);
    // Empty when the ticket is void.
    [[nodiscard]] std::span<const std::uint8_t> query(const Ticket& ticket) const;

    [[nodiscard]] const ExchangeCounts& counts() const { return counts_; }

  private:
    struct Asked {
        Question question;
        std::array<std::uint8_t, max_query> query;
        std::uint16_t query_size = 0;
        std::uint16_t id = 0;
        std::uint64_t turn = 0;
        bool open = false;
        bool streaming = false;  // TCP is at work: datagrams do not matter any more
        bool paused = false;     // all refused: the next round comes later
        bool plain = false;      // without EDNS
        bool one_case = false;
        std::uint8_t lane = 0;
        std::uint8_t round = 0;
        std::uint8_t server = 0;     // asked last
        ServerMask asked_round = 0;  // in this round
        ServerMask asked = 0;        // with this id: only these may answer
        ServerMask failed = 0;       // answered an error, or refused
        std::uint16_t tries = 0;
        std::uint64_t token = 0;
        Moment began{}, sent{}, deadline{};
        std::vector<std::uint8_t> held;  // an answer that is given if nothing better comes
        std::uint8_t held_by = 0;
    };
    struct Free {
        void operator()(void* memory) const { std::free(memory); }
    };
    static constexpr std::size_t rounds_apart = 5;

    [[nodiscard]] std::chrono::milliseconds wait_of(const Asked& asked) const;
    [[nodiscard]] DueList& tries_of(const Asked& asked);
    void draw_id(Slot slot);
    void encode(Asked& asked);
    void begin_again(Slot slot, std::size_t server, Moment now);
    void send(Slot slot, std::size_t server, Moment now);
    void push_send(Slot slot, std::size_t server);
    void go_on(Slot slot, Moment now);
    void pause(Slot slot, Moment now);
    [[nodiscard]] bool accept_question(Slot slot, std::size_t server, std::span<const std::uint8_t> message,
                                       Moment now);
    void judge(Slot slot, std::size_t server, std::span<const std::uint8_t> message, bool tcp, Moment now);
    void take_error(Slot slot, std::size_t server, std::span<const std::uint8_t> message, Moment now);
    void begin_stream(Slot slot, std::size_t server, std::span<const std::uint8_t> message, Moment now);
    void leave_stream(Slot slot, Moment now);
    void finish_held(Slot slot, Outcome otherwise, Moment now);
    void finish(Slot slot, Outcome outcome, std::size_t server, std::span<const std::uint8_t> message,
                Moment now);
    [[nodiscard]] const Asked* of(const Ticket& ticket) const;

    ExchangeSettings settings_;
    Dice dice_;
    Sink sink_;
    Standing standing_;
    std::vector<Asked> asked_;  // by slot
    std::vector<Slot> free_;
    std::array<DueList, rounds_apart> tries_;  // one for each length of wait
    DueList deadlines_;
    std::unique_ptr<Slot[], Free>
        slot_of_id_;  // slot + 1; 128 KB of which the kernel gives only what is touched
    std::vector<Ticket> sends_, streams_;
    std::size_t first_send_ = 0;
    std::uint64_t last_turn_ = 0;
    Answer answer_, empty_;
    ExchangeCounts counts_;
};

}  // namespace pbx::dns
