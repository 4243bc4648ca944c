// The items of one origin as they are known here, the newest of each name, in the order they came. Who is
// given them and whether they are true is the hub's business.
#pragma once

#include "devstate/frame.hpp"
#include "devstate/tally.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace pbx::devstate {

enum class Taken : std::uint8_t {
    stale,    // something as new is known already
    same,     // newer, with the value it had
    changed,  // newer, another value
    full,     // over the limit of names: it isn't kept
};

// Of its own epoch a table may have so many names that are gone; its owner then starts a new epoch.
constexpr std::size_t most_gone = 4096;

class Replica {
  public:
    // So many of the present epoch that aren't gone; twice as many and some more in all, so that a table that
    // has other names in each epoch fits before the one before it is swept.
    explicit Replica(std::size_t most_names) : most_(most_names) {}

    struct Entry {
        std::uint64_t epoch = 0, seq = 0, stamp = 0;
        std::uint32_t id = 0;  // never used again in this table
        State state = State::unknown;
        bool gone = false;
        std::string presence{};
    };
    using Row = std::pair<const std::string, Entry>;

    [[nodiscard]] static Item item_of(const Row& row);

    // Epochs only rise; with a new one nothing is known to be complete.
    void raise(std::uint64_t epoch);
    [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
    // Or they fall, once: what is known is then of an older one, and goes unless the new table names it.
    void restart(std::uint64_t epoch);

    // `stamp` counts the changes of all tables of this relay. `row` is where it is now, unless stale or full.
    Taken take(const Item& item, std::uint64_t epoch, std::uint64_t seq, std::uint64_t stamp,
               const Row** row = nullptr);

    // Everything of the origin up to this seq is here; nothing: not known.
    [[nodiscard]] std::optional<std::uint64_t> complete() const { return complete_; }
    void complete_to(std::uint64_t seq);
    void doubt() { complete_.reset(); }

    // What a whole table sent to us has named so far, by id.
    using Seen = std::vector<bool>;
    void mark(Seen& seen, const Row& row) const;
    [[nodiscard]] const Row* find(const Item& item) const;
    struct Younger {                           // than a whole table
        std::optional<std::uint64_t> seq{};    // items above
        std::optional<std::uint64_t> after{};  // items that came here after this stamp
    };
    // A whole table has ended: what it didn't name and isn't younger is gone. Names of an older epoch are
    // dropped, those of this one stay as gone, for whoever is still to be told.
    void sweep(const Seen& seen, const Younger& younger, std::uint64_t& stamp,
               const std::function<void(const Row&)>& gone);

    // One past the last stamp given so far -> the next row to give.
    [[nodiscard]] const Row* after(std::uint64_t stamp) const;
    [[nodiscard]] std::size_t size() const { return rows_.size() - gone_; }  // without those gone
    [[nodiscard]] std::size_t gone() const { return gone_; }
    void for_each(const std::function<void(const Row&)>& each) const;  // without those gone
    [[nodiscard]] Tally tally() const;                                 // looks at every row
    // Own table only: a new epoch, nothing remembered of what is gone.
    void renew(std::uint64_t epoch);

    unsigned hop = 1;  // links the newest item came over

  private:
    void move_to_end(Row& row, std::uint64_t stamp);
    void drop_gone(bool only_old);

    std::unordered_map<std::string, Entry> rows_;  // 'L' or 'P' and the name
    std::map<std::uint64_t, Row*> order_;
    std::uint64_t epoch_ = 0;
    std::optional<std::uint64_t> complete_;
    std::uint32_t next_id_ = 0;
    std::size_t most_ = 0;
    std::size_t gone_ = 0;
    std::size_t current_ = 0;  // of this epoch and not gone
};

}  // namespace pbx::devstate
