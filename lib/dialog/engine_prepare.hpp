// Questions made ready to be asked in one language: matcher, grammars and the arrows by their branch. Kept,
// so that a repeated question costs nothing. Not for others to include.
#pragma once

#include "dialog/dialog.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pbx::dialog {

struct Prepared {
    std::vector<const Arrow*> arrows;  // of each branch: the question's, then the interrupts'
    std::size_t own = 0;               // how many are the question's
    Matcher matcher;
    speech::Grammar grammar;  // what the ear may hear
    std::string keys;

    [[nodiscard]] bool is_interrupt(const Match& match) const { return match.branch >= own; }
};

// "yes" and "no" to "did you say …?".
struct PreparedConfirmation {
    Matcher yes_no;           // branch 0 yes, 1 no
    speech::Grammar grammar;  // with the question's own branches: a caller may correct at once
};

class PreparedQuestions {
  public:
    explicit PreparedQuestions(const Dialog& dialog) : dialog_(dialog) {}
    // Without a question: the interrupts alone.
    [[nodiscard]] const Prepared& question(const Question* question, Language language);
    [[nodiscard]] const PreparedConfirmation& confirmation(const Question* question, Language language);

  private:
    using Which = std::pair<const Question*, Language>;
    [[nodiscard]] const Lists& lists(Language language);

    const Dialog& dialog_;
    std::array<std::optional<Lists>, languages> lists_;
    std::map<Which, Prepared> questions_;
    std::map<Which, PreparedConfirmation> confirmations_;
};

}  // namespace pbx::dialog
