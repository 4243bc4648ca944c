// Matching of what was heard against the branches of a question: words in order, endings ignored, "exact",
// /regex/, lists and readers; the longest match wins. Pure.
#pragma once

#include "core/result.hpp"
#include "dialog/reader.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pbx::dialog {

// Lower-case words without punctuation; ё = е, hyphens split words. An apostrophe inside a word stays
// ("o'clock"), and so do . , : between digits ("17:05", "3.50") and + before one.
[[nodiscard]] std::vector<std::string> tokens(std::string_view text);
// The same with ё kept: a voice and an ear pronounce it.
[[nodiscard]] std::vector<std::string> words_as_written(std::string_view text);
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

// One alternative of a `hear` line. Words are in lower case, as written (ё kept; matching takes ё for е).
struct Words {
    std::vector<std::string> words;
};  // in order, other words may stand between and around
struct Exact {
    std::vector<std::string> words;
};  // the whole answer, word for word
struct Regex {
    std::string source;
};  // RE2 syntax, found anywhere in the answer's words joined by blanks; (?P<name>...) fills ${name}
struct Slot {                                // {name:@reader} or {name:@LIST}, words may stand around it
    std::string variable;                    // empty: nothing is filled (`@yes`)
    std::string source;                      // reader or list name, without @
    std::vector<std::string> before, after;  // literal words around it in the alternative
};
using Pattern = std::variant<Words, Exact, Regex, Slot>;

// Parses one alternative («отдел продаж», "exact", /regex/, {who:@staff}, @yes, «адрес {street:@street}»).
[[nodiscard]] Result<Pattern> parse_pattern(std::string_view text);
// The alternatives of a `hear` line: cut at |, but not inside "...", /.../ and {...}. Blanks trimmed.
[[nodiscard]] std::vector<std::string_view> alternatives(std::string_view text);

constexpr std::size_t max_pattern = 1000;     // bytes of one alternative
constexpr std::size_t max_heard_words = 200;  // of one answer; later ones are not looked at

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
    std::size_t length = 0;     // how many heard words it covers: the longest wins,
    std::size_t exactness = 0;  // then the one nearest to what was written, then the first branch
    std::vector<Filled> filled;
};

// Lists made ready once for many questions; a cheap copy, read by any thread.
class Lists {
  public:
    Lists(Language language, const std::vector<List>& lists);
    [[nodiscard]] const std::vector<ListEntry>* entries(const std::string& name) const;  // null: no such list

  private:
    friend class Matcher;
    struct Ready;
    std::shared_ptr<const Ready> ready_;
};

// One question made ready. A cheap copy, read by any thread. Patterns that name no reader and no list, and
// regular expressions parse_pattern() would refuse, never match.
class Matcher {
  public:
    Matcher(Language language, const std::vector<Branch>& branches, Lists lists);
    Matcher(Language language, const std::vector<Branch>& branches, const std::vector<List>& lists);
    [[nodiscard]] std::optional<Match> match(std::string_view heard, const Now& now) const;
    [[nodiscard]] std::size_t size() const;  // branches

  private:
    struct Ready;
    std::shared_ptr<const Ready> ready_;
};

}  // namespace pbx::dialog
