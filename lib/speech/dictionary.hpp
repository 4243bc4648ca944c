// A pronouncing dictionary in CMU form: lines "word PH ONE S", further ways as "word(2) ...". Words are
// looked up in the file as it lies on disk (mapped, searched by halves), so a process that needs twenty words
// reads a few pages of it.
#pragma once

#include "core/result.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::speech {

// Every way to say `word` in `text`, in its order: phones with single blanks. `sorted` = lines are in byte
// order of their first field; otherwise every line is looked at.
[[nodiscard]] std::vector<std::string> pronunciations_in(std::string_view text, std::string_view word,
                                                         bool sorted);
[[nodiscard]] bool is_sorted_dictionary(std::string_view text);

class Dictionary {
  public:
    static constexpr std::size_t max_size = 64 * 1024 * 1024;  // bytes
    static constexpr int max_ways = 16;                        // of one word

    [[nodiscard]] static Result<Dictionary> open(const std::string& file);
    [[nodiscard]] std::vector<std::string> find(std::string_view word) const {
        return pronunciations_in(text_, word, sorted_);
    }

  private:
    std::shared_ptr<const void> mapping_;
    std::string_view text_;
    bool sorted_ = false;
};

}  // namespace pbx::speech
