// The closed grammar of a question: everything its branches, the interrupts and the readers can be answered
// with, for an ear that must be told beforehand; and which branches claim the same words. Pure.
#pragma once

#include "dialog/match.hpp"
#include "speech/grammar.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace pbx::dialog {

// A list with more forms than this is given as written, without case forms: more would slow and confuse the
// ear.
constexpr std::size_t max_inflected_forms = 300;
constexpr std::size_t max_phrases = 5000;  // of the flat list

// Costs about as much as the lists are long: build it once a question, not once a turn. Branches may be
// preceded and followed by a few polite words («соедините с», "please"); interrupts not.
[[nodiscard]] speech::Grammar build_grammar(Language language, std::span<const Branch> branches,
                                            std::span<const Branch> interrupts, const Lists& lists);

// Two branches claim the same words: an answer both match equally well, so that only their order decides.
struct Overlap {
    std::string words;                  // the answer, "поддержка"
    std::size_t first = 0, second = 0;  // the alternatives in their branches
};
struct Clash {
    std::size_t first = 0, second = 0;  // branches, first < second
    Overlap overlap;
};
// At most one for each two branches. Answers that differ in an ending only are the same words; what is
// "exact", or longer, or a word beside a reader of numbers, wins knowingly and is no clash.
[[nodiscard]] std::vector<Clash> clashes(Language language, std::span<const Branch> branches,
                                         const Lists& lists);
[[nodiscard]] std::optional<Overlap> overlap(Language language, const Branch& a, const Branch& b,
                                             std::span<const List> lists);
// The same for two entries of one list: `first` and `second` are the entries.
[[nodiscard]] std::optional<Overlap> overlap(Language language, const List& list);

}  // namespace pbx::dialog
