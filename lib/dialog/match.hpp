// Matching of what was heard against the branches of a question: words in order, endings ignored, "exact",
// /regex/, lists and readers; the longest match wins. Pure.
#pragma once

#include "core/result.hpp"
#include "dialog/reader.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pbx::dialog {

// Lower case words without punctuation; ё = е, hyphens split words.
[[nodiscard]] std::vector<std::string> tokens(std::string_view text);
// Snowball stem of one lower-case word («поддержку» and «поддержка» have one stem).
[[nodiscard]] std::string stem(Language language, std::string_view word);

struct ListEntry {
    std::vector<std::string> forms;   // spoken forms
    std::vector<std::string> values;  // value 1, value 2, ...
};
struct List {
    std::string name;
    std::vector<ListEntry> entries;
};

// One alternative of a `hear` line.
struct Words {
    std::vector<std::string> words;
};  // in order, other words may stand between and around
struct Exact {
    std::vector<std::string> words;
};  // the whole answer, word for word
struct Regex {
    std::string source;
};             // RE2-free std syntax is not used: see match.cpp for the engine
struct Slot {  // {name:@reader} or {name:@LIST}, words may stand around it
    std::string variable;
    std::string source;                      // reader or list name, without @
    std::vector<std::string> before, after;  // literal words around it in the alternative
};
using Pattern = std::variant<Words, Exact, Regex, Slot>;

// Parses one alternative («отдел продаж», "exact", /regex/, {who:@staff}, @yes, «адрес {street:@street}»).
[[nodiscard]] Result<Pattern> parse_pattern(std::string_view text);

struct Branch {
    std::vector<Pattern> patterns;
};
struct Filled {
    std::string variable;
    std::vector<std::string> values;  // value 1, value 2, ...
    std::string said;                 // the words as heard
};
struct Match {
    std::size_t branch = 0;
    std::size_t length = 0;  // how many heard words it covers: the longest wins, then the first branch
    std::vector<Filled> filled;
};

class Matcher {
  public:
    Matcher(Language language, std::vector<Branch> branches, std::vector<List> lists);
    [[nodiscard]] std::optional<Match> match(std::string_view heard, const Now& now) const;
    [[nodiscard]] std::size_t size() const { return branches_.size(); }

  private:
    Language language_;
    std::vector<Branch> branches_;
    std::vector<List> lists_;
};

}  // namespace pbx::dialog
