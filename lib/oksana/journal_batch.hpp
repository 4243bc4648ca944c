// What the journal's thread writes: entries in their order, a batch in one transaction. No thread and no
// queue here.
#pragma once

#include "oksana/journal.hpp"
#include "oksana/orders.hpp"
#include "oksana/outbox.hpp"

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pbx::oksana {

struct BeginEntry {
    CallStart start{};
};
struct TurnEntry {
    std::string call{};
    std::int64_t n = 0;
    Turn turn{};
};
struct EndEntry {
    std::string call{};
    CallEnd end{};
    std::int64_t lost_turns = 0;
};
struct NoteEntry {
    Message message{};
};
struct SaveEntry {
    Order order{};
    std::vector<Message> notes{};
    std::shared_ptr<std::promise<Result<bool>>> answer{};
    std::shared_ptr<std::atomic<bool>> given_up{};  // by the one who waited
    bool fresh = false;                             // a new row, as of the last try
};
using Entry = std::variant<BeginEntry, TurnEntry, EndEntry, NoteEntry, SaveEntry>;

// Disk full, locked, no permission: the same entries may be written later. Else the entry itself is at fault.
[[nodiscard]] bool may_pass(const Error& error);

class BatchWriter {
  public:
    explicit BatchWriter(std::string file) : file_(std::move(file)) {}

    // Takes what was written (and what can never be written, counted in lost()) out of the batch; the rest is
    // to be tried again, because of the error returned. Answers every save it settles.
    [[nodiscard]] Result<void> write(std::vector<Entry>& batch);
    [[nodiscard]] std::size_t lost() const { return lost_; }

  private:
    [[nodiscard]] Result<void> write_all(std::vector<Entry>& batch);  // all or nothing
    [[nodiscard]] Result<void> write_each(std::vector<Entry>& batch);
    [[nodiscard]] Result<void> put(Entry& entry);
    [[nodiscard]] Result<void> open();

    std::string file_;
    std::optional<store::Database> database_;
    std::atomic<std::size_t> lost_ = 0;
};

}  // namespace pbx::oksana
