// One number looked up, without I/O: it says which question to ask, is told the answer, and says the next
// one until it has an outcome (RFC 6116 3.4, RFC 3403 5). Suffixes are tried in turn, records by order and
// preference, non-terminals followed in their place. Used again for the next number, it keeps its room.
#pragma once

#include "dns/answer.hpp"
#include "dns/codec.hpp"
#include "dns/resolver.hpp"
#include "numbering/name.hpp"
#include "numbering/record.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pbx::numbering {

inline constexpr std::size_t max_hops = 5;        // non-terminals in a row (RFC 5483 5.2.1)
inline constexpr std::size_t max_questions = 24;  // of one number: a zone must not make us its hammer
inline constexpr std::size_t max_records = 200;   // judged of one number, all answers together
inline constexpr std::size_t most_patterns = 32;  // compiled for one number; usual shapes are not
inline constexpr std::size_t max_why = 256;       // octets of why something is bogus

// Of records behind an order that gave a URI.
inline constexpr std::string_view behind_good = "a lower order has a good one";

// What is wanted of a number; the same for many.
struct Order {
    std::vector<dns::Name> suffixes{};
    Wanted wanted{};
    Branching branching = Branching::none;
    bool any_length = false;   // more than 15 digits under e164.arpa
    bool only_secure = false;  // nothing that is not signed
    bool all_orders = false;   // URIs of higher orders, too: to be compared, or judged further
    bool takes_partial =
        false;               // whole records of a truncated answer: where there is no TCP to ask for the rest
    std::size_t enough = 1;  // URIs, after which no non-terminal is followed any more
};

struct Outcome {
    Status status = Status::no_record;
    Status worst = Status::ok;        // of all that was met on the way, though there may be a URI
    dns::Name name{};                 // that was asked first under the last suffix
    std::vector<std::size_t> uris{};  // which records give one, the best first
    std::uint32_t ttl = 0;            // seconds it may be kept; 0: not at all
    dns::Security security = dns::Security::indeterminate;  // the worst of all answers
    std::string why{};                                      // of bogus, for people; cleaned
    bool partial = false;  // records were lost to truncation, or to max_records
    std::size_t questions = 0;

    [[nodiscard]] std::span<const Record> records() const { return {room.data(), used}; }
    [[nodiscard]] const std::string& uri(std::size_t n = 0) const { return room[uris[n]].uri; }

    std::vector<Record> room{};  // `used` of them are this lookup's
    std::size_t used = 0;
};

class Lookup {
  public:
    // Both outlive it.
    Lookup(const Order& order, Rewriter& rewriter) : order_(order), rewriter_(rewriter) {}

    // The first or next question; nothing: outcome() is there.
    [[nodiscard]] std::optional<dns::Question> start(Number number);
    [[nodiscard]] std::optional<dns::Question> on(const dns::Answer& answer,
                                                  dns::Security security = dns::Security::indeterminate);
    // No answer came: timeout, unreachable, servfail, malformed...
    [[nodiscard]] std::optional<dns::Question> on(Status failure);
    // Any of these.
    [[nodiscard]] std::optional<dns::Question> on(const dns::Reply& reply);

    [[nodiscard]] const Number& number() const { return number_; }
    [[nodiscard]] const Outcome& outcome() const { return outcome_; }

  private:
    // Records of one name, being gone through.
    struct Level {
        dns::Name name;
        std::vector<dns::Name> aliases{};  // names that CNAMEs led on from
        std::size_t next = 0, end = 0;     // of outcome_.room
        std::size_t had = 0;               // URIs there were before the order being gone through
        std::uint16_t order = 0;
        std::size_t came_from = no_record;
    };
    static constexpr std::size_t no_record = static_cast<std::size_t>(-1);
    using Next = std::optional<dns::Question>;

    [[nodiscard]] Next next_suffix();
    [[nodiscard]] Next ask(const Result<dns::Name>& name, dns::Type type = dns::Type::naptr);
    [[nodiscard]] Next locate(const dns::Answer& answer, dns::Security security);
    [[nodiscard]] Next take(const dns::Answer& answer);
    [[nodiscard]] Next follow_alias(const dns::Answer& answer);
    [[nodiscard]] Next dead_end(Status status);
    [[nodiscard]] Next give_up(std::string_view why);
    [[nodiscard]] Next walk();
    [[nodiscard]] Next descend(std::size_t from);
    [[nodiscard]] bool is_past_order(Level& level, Record& record) const;
    [[nodiscard]] bool is_on_path(const dns::Name& name) const;
    void read_records(const dns::Answer& answer);
    Record& add_record();
    void finish_suffix();
    void note(Status status);

    const Order& order_;
    Rewriter& rewriter_;
    Number number_;
    Outcome outcome_;
    std::size_t suffix_ = 0;  // the one in use
    bool locating_ = false;
    std::vector<Level> path_;
    std::vector<std::uint16_t> sorted_;
    std::uint32_t ttl_ = 0;
    std::size_t patterns_left_ = 0;  // that may still be compiled
};

// Of a server's answer as a whole; ok: look at its records.
[[nodiscard]] Status status_of(const dns::Answer& answer, bool takes_partial);

}  // namespace pbx::numbering
