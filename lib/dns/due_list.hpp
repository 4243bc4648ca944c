// Moments at which slots want attention, the nearest first. Waits of one length come in order by themselves,
// so setting one looks at few others, and dropping one at none.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace pbx::dns {

using Moment = std::chrono::steady_clock::time_point;
using Slot = std::uint16_t;
inline constexpr Slot no_slot = UINT16_MAX;

class DueList {
  public:
    explicit DueList(std::size_t slots) : links_(slots) {}

    void set(Slot slot, Moment due) {
        drop(slot);
        auto before = last_;
        while (before != no_slot && links_[before].due > due)
            before = links_[before].previous;
        auto& link = links_[slot];
        link = {.due = due,
                .previous = before,
                .next = before == no_slot ? first_ : links_[before].next,
                .in = true};
        (before == no_slot ? first_ : links_[before].next) = slot;
        (link.next == no_slot ? last_ : links_[link.next].previous) = slot;
    }

    void drop(Slot slot) {
        auto& link = links_[slot];
        if (!link.in) return;
        (link.previous == no_slot ? first_ : links_[link.previous].next) = link.next;
        (link.next == no_slot ? last_ : links_[link.next].previous) = link.previous;
        link.in = false;
    }

    [[nodiscard]] std::optional<Moment> next() const {
        if (first_ == no_slot) return std::nullopt;
        return links_[first_].due;
    }

    // The first whose moment has come, taken out.
    [[nodiscard]] std::optional<Slot> take_due(Moment now) {
        if (first_ == no_slot || links_[first_].due > now) return std::nullopt;
        const auto slot = first_;
        drop(slot);
        return slot;
    }

  private:
    struct Link {
        Moment due{};
        Slot previous = no_slot, next = no_slot;
        bool in = false;
    };
    std::vector<Link> links_;
    Slot first_ = no_slot, last_ = no_slot;
};

}  // namespace pbx::dns
