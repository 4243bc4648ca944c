#include "oksana/journal_batch.hpp"

#include "core/log.hpp"

#include <algorithm>
#include <utility>

namespace pbx::oksana {

namespace {
template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

// A commit costs 16 µs without fsync and 0.4 ms with it (ext4 on a virtual disk): turns are worth the first,
// they survive kill -9; what was promised to a caller, and the end of a call with all its turns, is worth the
// second.
store::Durability durability_of(const std::vector<Entry>& batch) {
    const bool turns_only = std::all_of(batch.begin(), batch.end(), [](const Entry& entry) {
        return std::holds_alternative<TurnEntry>(entry) || std::holds_alternative<BeginEntry>(entry);
    });
    return turns_only ? store::Durability::system : store::Durability::disk;
}

void settle(Entry& entry, const Result<void>& written) {
    auto* save = std::get_if<SaveEntry>(&entry);
    if (save == nullptr) return;
    if (written) {
        save->answer->set_value(save->fresh);
    } else {
        save->answer->set_value(tl::unexpected(written.error()));
    }
}

// A save that someone waits for is answered at once, unless only a lock is in the way; then it keeps its
// place.
bool is_over(Entry& entry, const Error& error) {
    auto* save = std::get_if<SaveEntry>(&entry);
    if (save == nullptr) return false;
    if (error.code == Code::try_again && !*save->given_up) return false;
    settle(entry, tl::unexpected(error));
    return true;
}
}  // namespace

bool may_pass(const Error& error) {
    return error.code != Code::data && error.code != Code::bug;
}

Result<void> BatchWriter::open() {
    if (database_) return {};
    auto opened = open_database(file_);
    if (!opened) return tl::unexpected(opened.error());
    database_.emplace(std::move(*opened));
    return {};
}

Result<void> BatchWriter::put(Entry& entry) {
    return std::visit(
        Overloaded{
            [&](BeginEntry& begin) { return begin_call(*database_, begin.start); },
            [&](TurnEntry& turn) { return add_turn(*database_, turn.call, turn.n, turn.turn); },
            [&](EndEntry& end) { return end_call(*database_, end.call, end.end, end.lost_turns); },
            [&](NoteEntry& note) -> Result<void> {
                auto queued = enqueue(*database_, note.message);
                if (!queued) return tl::unexpected(queued.error());
                return {};
            },
            [&](SaveEntry& save) -> Result<void> {
                auto saved = save_order(*database_, save.order);
                if (!saved) return tl::unexpected(saved.error());
                save.fresh = *saved;
                for (const auto& note : save.notes)
                    if (auto queued = enqueue(*database_, note); !queued)
                        return tl::unexpected(queued.error());
                return {};
            },
        },
        entry);
}

Result<void> BatchWriter::write_all(std::vector<Entry>& batch) {
    if (auto kept = database_->keep(durability_of(batch)); !kept) return kept;
    auto transaction = database_->begin();
    if (!transaction) return tl::unexpected(transaction.error());
    for (auto& entry : batch)
        if (auto done = put(entry); !done) return done;
    if (auto done = transaction->commit(); !done) return done;
    for (auto& entry : batch)
        settle(entry, {});
    batch.clear();
    return {};
}

// One of them can never be written: each gets a transaction of its own, so that only that one is lost.
Result<void> BatchWriter::write_each(std::vector<Entry>& batch) {
    std::vector<Entry> one;
    for (std::size_t at = 0; at < batch.size(); ++at) {
        one.clear();
        one.push_back(std::move(batch[at]));
        auto done = write_all(one);
        if (done) continue;
        if (may_pass(done.error())) {
            batch[at] = std::move(one.front());
            batch.erase(batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(at));
            return done;
        }
        settle(one.front(), done);
        if (std::holds_alternative<SaveEntry>(one.front())) continue;  // its caller knows
        ++lost_;
        log::error("journal: entry lost: {}", done.error().text());
    }
    batch.clear();
    return {};
}

Result<void> BatchWriter::write(std::vector<Entry>& batch) {
    std::erase_if(batch, [](Entry& entry) {
        auto* save = std::get_if<SaveEntry>(&entry);
        return save != nullptr && *save->given_up;
    });
    if (batch.empty()) return {};
    auto done = open();
    if (done) {
        done = write_all(batch);
        if (!done && !may_pass(done.error())) done = write_each(batch);
    }
    if (!done) std::erase_if(batch, [&](Entry& entry) { return is_over(entry, done.error()); });
    return done;
}

}  // namespace pbx::oksana
