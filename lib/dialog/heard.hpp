// Words made ready for comparing: what was heard, and what a pattern waits for. Inside of matching.
#pragma once

#include "dialog/match.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dialog {

// How near a heard word is to a wanted one. The better of two equally long matches wins by their sum.
enum class Nearness : std::uint8_t { none, part, stem, form, same, whole };  // whole: an "exact" answer
[[nodiscard]] constexpr std::size_t weight(Nearness nearness) {
    return static_cast<std::size_t>(nearness);
}

// (Heard is the event: two types of one name in one namespace would share their destructor.)
struct HeardWords {
    std::vector<std::string> words;  // of tokens()
    std::vector<std::string> stems;
    std::vector<bool> negated;  // «не» or "not" stands before the word

    HeardWords(Language language, std::vector<std::string> tokens);
    [[nodiscard]] std::size_t size() const { return words.size(); }
};

// Stems of so few letters say nothing: «дай», «даю» and «да» have one.
[[nodiscard]] bool is_telling_stem(std::string_view stem);

class Wanted {
  public:
    Wanted(Language language, std::string_view written);  // one word of words_as_written()
    [[nodiscard]] Nearness nearness(const HeardWords& heard, std::size_t at) const;
    [[nodiscard]] const std::string& word() const { return word_; }
    [[nodiscard]] const std::vector<std::string>& forms() const { return forms_; }
    [[nodiscard]] const std::string& stem() const { return stem_; }

  private:
    std::string word_, stem_;         // ё = е; the stem is empty when it tells nothing
    std::vector<std::string> forms_;  // other cases
};

[[nodiscard]] std::vector<Wanted> wanted(Language language, std::span<const std::string> written);

// A found piece of an answer.
struct Found {
    std::size_t first = 0, end = 0;  // heard words from first up to end
    std::size_t length = 0;          // words covered
    std::size_t exactness = 0;
};

// The wanted words in order within [from, to) of the answer, other words between them allowed. A word after
// «не» counts only when that «не» is wanted, too.
[[nodiscard]] std::optional<Found> in_order(std::span<const Wanted> wanted, const HeardWords& heard,
                                            std::size_t from, std::size_t to);

}  // namespace pbx::dialog
