// Where a long run's rows are written: in large pieces to a file, and to a pipe or a terminal only what it
// takes at once, so that a slow reader does not keep us from taking answers.
#pragma once

#include "core/result.hpp"
#include "dns/due_list.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace pbx::numbering {

inline constexpr std::chrono::seconds sync_period{5};

class Outlet {
  public:
    // `durable`: what is written is on disk after sync_period, and after finish().
    Outlet(int fd, bool durable);

    // Takes `text` when there is enough of it, or `now`: it waits no longer.
    [[nodiscard]] Result<void> write(std::string& text, bool at_once, dns::Moment now);
    [[nodiscard]] Result<void> finish();

    [[nodiscard]] bool is_empty() const { return at_ == text_.size() && !waiting_since_; }
    [[nodiscard]] bool is_blocked() const { return at_ < text_.size(); }
    [[nodiscard]] bool reader_left() const { return reader_left_; }
    [[nodiscard]] int descriptor() const { return fd_; }
    [[nodiscard]] std::optional<dns::Moment> next_moment() const;

  private:
    [[nodiscard]] bool takes_more() const;
    [[nodiscard]] Result<void> put();

    int fd_;
    bool durable_, may_block_;
    std::string text_;  // being written
    std::size_t at_ = 0;
    bool reader_left_ = false;
    std::optional<dns::Moment> waiting_since_;  // text that the caller has
    dns::Moment synced_{};
    bool dirty_ = false;
};

}  // namespace pbx::numbering
