// How far a long list is, told on a terminal: a line that is written over until the list is done, and a last
// word. Nothing before half a second has passed, nothing with --quiet or where stderr is no terminal.
#pragma once

#include "cmd/command.hpp"
#include "numbering/bulk_run.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace pbx::cmd {

class ListProgress {
  public:
    // `rows_elsewhere`: the result is not on the same terminal, where its rows are progress enough.
    ListProgress(const Frame& frame, bool rows_elsewhere);

    // For BulkSettings; empty when nothing is to be told. Not after this is gone.
    [[nodiscard]] std::function<void(const numbering::BulkProgress&)> teller();
    void clear();
    void last_word(const std::string& text, std::chrono::nanoseconds took);

  private:
    std::ostream& err_;
    bool tells_;
    bool told_ = false;
};

// "1,234,567"
[[nodiscard]] std::string grouped(std::uint64_t number);
// "1,234 numbers in 1.2 s (1,028/s)"
[[nodiscard]] std::string pace(std::uint64_t rows, std::chrono::nanoseconds took);

}  // namespace pbx::cmd
