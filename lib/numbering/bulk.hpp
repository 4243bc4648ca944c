// Many numbers looked up at once, without I/O: rows of a list go in, questions come out, answers go in in any
// order, and the rows of the result come out in the list's order. Its memory has a limit: full() says when no
// row may be taken until others are answered.
#pragma once

#include "dns/due_list.hpp"
#include "numbering/bulk_input.hpp"
#include "numbering/bulk_output.hpp"
#include "numbering/lookup_settings.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pbx::numbering {

inline constexpr std::size_t max_ahead = 65'536;              // rows taken, but not yet in order
inline constexpr std::size_t max_ahead_octets = 24U << 20U;   // of those of them that are answered
inline constexpr std::size_t max_waiting_octets = 1U << 20U;  // in order, but not yet written

struct BulkCounts {
    std::uint64_t rows = 0;    // done
    std::uint64_t found = 0;   // have a URI
    std::uint64_t absent = 0;  // a clean "no"
    std::uint64_t bad = 0;     // no numbers
    std::uint64_t failed = 0;  // no answer, or none that can be used
    int worst = 0;             // the highest exit status of a row
};

class Bulk {
  public:
    using Moment = dns::Moment;

    Bulk(const LookupSettings& settings, RowLook look);
    ~Bulk();

    // To be asked. The question is there until its answer is.
    struct Query {
        std::uint64_t token = 0;
        const dns::Question* question = nullptr;
        Moment deadline{};
        explicit operator bool() const { return question != nullptr; }
    };
    [[nodiscard]] bool full() const;
    // Nothing: the row is no number, which has its place in the result, too. Not when full().
    [[nodiscard]] Query take(const InputRow& row, Moment now);
    // A row of the result that is there already has its place in it. Not when full().
    void keep(std::string_view row);
    // The next question of that number; nothing: it is done. No answer came: a Status.
    [[nodiscard]] Query on(std::uint64_t token, const dns::Answer& answer, Moment now);
    [[nodiscard]] Query on(std::uint64_t token, Status failure, Moment now);
    // The same question with a new deadline, when it was not the server's fault that there is no answer.
    [[nodiscard]] Query again(std::uint64_t token, Moment now);
    [[nodiscard]] unsigned times_again(std::uint64_t token);

    [[nodiscard]] bool idle() const { return first_ == next_; }      // each row taken is in output()
    [[nodiscard]] std::uint64_t in_order() const { return first_; }  // rows that were put into output()
    [[nodiscard]] std::string& output() { return output_; }  // whole rows in order; the caller empties it
    [[nodiscard]] const BulkCounts& counts() const { return counts_; }
    [[nodiscard]] const OutputRows& rows() const { return rows_; }
    // What the result's row of an input's row begins with (OutputRows::beginning).
    [[nodiscard]] std::optional<std::string> beginning(const InputRow& row) const;

  private:
    struct Active;
    struct Place {
        Active* active = nullptr;
        std::string text{};  // answered, but not in order yet
        bool done = false;
    };

    [[nodiscard]] Place& place(std::uint64_t token) { return places_[token % max_ahead]; }
    [[nodiscard]] Active& begin(std::uint64_t line, Moment now);
    [[nodiscard]] Query go_on(std::uint64_t token, const std::optional<dns::Question>& next, Moment now);
    void release(Active& active);
    [[nodiscard]] std::string& text_for(std::uint64_t token);
    void finish(std::uint64_t token);
    void put_in_order();
    void count(Status status);

    const LookupSettings& settings_;
    Order order_;
    Rewriter rewriter_;
    OutputRows rows_;
    std::vector<Place> places_;           // by token, those from first_ to next_
    std::uint64_t first_ = 0, next_ = 0;  // tokens
    std::deque<std::unique_ptr<Active>> actives_;
    std::vector<Active*> free_;
    std::vector<std::string> spare_;  // rooms to write in, used again
    std::size_t ahead_octets_ = 0;
    std::string output_;
    BulkCounts counts_;
};

}  // namespace pbx::numbering
