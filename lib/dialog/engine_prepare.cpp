#include "dialog/engine_prepare.hpp"

#include "dialog/grammar.hpp"

#include <span>
#include <string_view>
#include <utility>

namespace pbx::dialog {

namespace {
Branch reading(std::string_view reader) {
    Slot slot;
    slot.source = std::string(reader);
    return Branch{{slot}};
}

std::string keys_of(const Question& question) {
    std::string keys;
    const auto add = [&](std::string_view more) {
        for (const char key : more)
            if (keys.find(key) == std::string::npos) keys += key;
    };
    for (const auto& one : question.keys)
        add(one.exact.empty() ? (one.fewest == one.most ? "0123456789" : "0123456789#") : one.exact);
    return keys;
}

// The branches heard in `language`, with their arrows.
struct Branches {
    std::vector<Branch> branches;
    std::vector<const Arrow*> arrows;
    std::size_t own = 0;

    Branches(const Dialog& dialog, const Question* question, Language language) {
        if (question != nullptr) add(question->hears, language);
        own = branches.size();
        add(dialog.interrupts, language);
    }
    [[nodiscard]] speech::Grammar grammar(Language language, const Lists& lists) const {
        const std::span every(branches);
        return build_grammar(language, every.first(own), every.subspan(own), lists);
    }
    void add(const std::vector<Hear>& hears, Language language) {
        for (const auto& hear : hears)
            if (hear.in[index_of(language)]) {
                branches.push_back(hear.branch);
                arrows.push_back(&hear.arrow);
            }
    }
};
}  // namespace

const Lists& PreparedQuestions::lists(Language language) {
    auto& ready = lists_[index_of(language)];
    if (!ready) ready.emplace(language, dialog_.lists_in(language));
    return *ready;
}

const Prepared& PreparedQuestions::question(const Question* question, Language language) {
    const auto found = questions_.find({question, language});
    if (found != questions_.end()) return found->second;
    Branches all(dialog_, question, language);
    Prepared ready{std::move(all.arrows), all.own, Matcher(language, all.branches, lists(language)),
                   all.grammar(language, lists(language)),
                   question == nullptr ? std::string() : keys_of(*question)};
    return questions_.emplace(Which{question, language}, std::move(ready)).first->second;
}

const PreparedConfirmation& PreparedQuestions::confirmation(const Question* question, Language language) {
    const auto found = confirmations_.find({question, language});
    if (found != confirmations_.end()) return found->second;
    const std::vector<Branch> yes_no{reading("yes"), reading("no")};
    Branches all(dialog_, question, language);
    all.branches.insert(all.branches.begin(), yes_no.begin(), yes_no.end());
    all.own += yes_no.size();
    PreparedConfirmation ready{Matcher(language, yes_no, lists(language)),
                               all.grammar(language, lists(language))};
    return confirmations_.emplace(Which{question, language}, std::move(ready)).first->second;
}

}  // namespace pbx::dialog
