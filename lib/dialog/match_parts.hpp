// What lists and patterns become for matching, and what a pattern makes of an answer. Inside of matching.
#pragma once

#include "dialog/heard.hpp"
#include "dialog/match.hpp"
#include "dialog/regex.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace pbx::dialog {

// One spoken form of one list entry.
struct ListForm {
    std::size_t entry;
    std::vector<Wanted> words;
};
struct ReadyList {
    std::vector<ListEntry> entries;
    std::vector<ListForm> forms;
    // every word or stem a form can begin with -> the forms, so that a list of thousands costs a look-up a
    // word
    std::unordered_map<std::string, std::vector<std::size_t>> starts;
};
[[nodiscard]] ReadyList ready_list(Language language, const List& list);

// The words as written, and as said where they have figures: "line 2", "line two".
[[nodiscard]] std::vector<std::vector<std::string>> ways_to_say(Language language,
                                                                const std::vector<std::string>& words);

struct ReadyWords {
    std::vector<Wanted> words;
};
struct ReadyExact {
    std::vector<std::string> words;  // ё = е
};
struct ReadyRegex {
    std::shared_ptr<const CompiledRegex> regex;
};
struct ReadySlot {
    std::string variable;
    std::optional<Reader> reader;
    const ReadyList* list = nullptr;  // when it is no reader
    std::vector<Wanted> before, after;
};
using ReadyPattern = std::variant<ReadyWords, ReadyExact, ReadyRegex, ReadySlot>;

// What stands in a slot when its words begin at some place.
struct Fill {
    std::size_t words = 0;   // heard words taken
    std::size_t length = 0;  // those that count: @any takes all and claims none
    std::size_t exactness = 0;
    std::vector<std::string> values;
};
// The longest form of the list whose first word stands at `at`.
[[nodiscard]] std::optional<Fill> fill_from_list(const ReadyList& list, const HeardWords& heard,
                                                 std::size_t at, std::size_t to);

// What a pattern made of the answer.
struct Candidate {
    std::size_t branch = 0, length = 0, exactness = 0;
    std::vector<Filled> filled = {};
    std::optional<Reader> reader = {};

    [[nodiscard]] bool better_than(const Candidate& other) const;
};
[[nodiscard]] std::optional<Candidate> try_pattern(const ReadyPattern& pattern, Language language,
                                                   const HeardWords& heard, const Now& now);

}  // namespace pbx::dialog
