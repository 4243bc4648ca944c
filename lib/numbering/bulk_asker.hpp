// The numbers of a list asked of one set of name servers: Bulk's questions over a DNS client. It tells
// answers that were lost by us from those that never came, and numbers without an answer from servers that
// answer nothing: when many numbers in a row have none, the tree's own name is asked for, too.
#pragma once

#include "core/context.hpp"
#include "dns/client.hpp"
#include "numbering/bulk.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pbx::numbering {

inline constexpr std::size_t bulk_window = 2048;        // most questions at once; their number adapts itself
inline constexpr std::size_t bulk_lanes = 4;            // source ports: each has a receive buffer of its own
inline constexpr std::chrono::milliseconds stall{100};  // longer between two turns: answers may be lost
inline constexpr std::chrono::seconds max_silence{30};  // of all servers; then the run ends

class BulkAsker {
  public:
    using Moment = dns::Moment;

    // `settings` outlives it.
    [[nodiscard]] static Result<std::unique_ptr<BulkAsker>> open(const LookupSettings& settings, RowLook look,
                                                                 const Clock& clock);

    [[nodiscard]] bool full() const { return bulk_.full() || client_->full() || !held_.empty(); }
    void take(const InputRow& row, Moment now);  // not when full()
    void work() { client_->work(); }
    void on_stall(Moment now) { stalled_ = now; }

    // Nothing was answered for max_silence, though enough was asked: Code::try_again.
    [[nodiscard]] std::optional<Error> silence(Moment now) const;

    [[nodiscard]] Bulk& bulk() { return bulk_; }
    [[nodiscard]] bool at_rest() const { return client_->in_flight() == 0; }
    [[nodiscard]] int descriptor() const { return client_->descriptor(); }
    [[nodiscard]] std::optional<Moment> next_moment() const { return client_->next_moment(); }

  private:
    BulkAsker(const LookupSettings& settings, RowLook look, const Clock& clock);
    void ask(const Bulk::Query& query);
    void on_finished(const dns::Finished& finished);
    void on_no_answer(const dns::Finished& finished, Status status, Moment now);
    void hold(std::uint64_t token, Status status, Moment now);
    void on_probe(const dns::Finished& finished, Moment now);

    const LookupSettings& settings_;
    const Clock& clock_;
    Bulk bulk_;
    std::unique_ptr<dns::Client> client_;
    Moment answered_, stalled_{};
    unsigned silent_ = 0;  // rows without an answer since the last one with
    struct Held {
        std::uint64_t token = 0;
        Status status = Status::timeout;
    };
    std::vector<Held> held_;  // without an answer; the probe decides on them
    unsigned doubts_ = 0;     // probes in a row that were answered late
};

}  // namespace pbx::numbering
