// What the ear of this dialog can't hear: words outside its letters in a closed grammar, regular expressions
// there, dictation without an ear that takes it.
#include "core/text.hpp"
#include "dialog/check_parts.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

namespace pbx::dialog::checking {

namespace {
bool is_letter(Language language, char32_t c) {
    if (c == U'\'' || c == U'-') return true;
    if (language == Language::en) return c >= U'a' && c <= U'z';
    return (c >= U'а' && c <= U'я') || c == U'ё';
}

// How a number is written for an ear.
std::string in_words(Language language, std::string_view word) {
    const auto number = text::to_integer(word);
    return number && *number >= 0 && *number < 1'000'000 ? cardinal(language, *number) : std::string();
}

class EarCheck {
  public:
    EarCheck(const Dialog& dialog, Ear ear, Findings& findings)
        : dialog_(dialog), ear_(ear), findings_(findings) {}

    void hears(const std::vector<Hear>& hears) {
        for (const auto& hear : hears)
            for (const auto language : {Language::ru, Language::en})
                if (hear.in[index_of(language)] && dialog_.speaks[index_of(language)])
                    for (std::size_t at = 0; at < hear.branch.patterns.size(); ++at)
                        pattern(language, hear.branch.patterns[at], hear.places[at]);
    }

    void lists() {
        if (ear_ != Ear::closed) return;
        for (const auto& named : dialog_.lists)
            for (std::size_t at = 0; at < named.list.entries.size(); ++at)
                for (const auto& form : named.list.entries[at].forms)
                    words(named.language.value_or(dialog_.language), words_as_written(form),
                          named.places[at]);
    }

  private:
    void pattern(Language language, const Pattern& pattern, Place place) {
        const auto* slot = std::get_if<Slot>(&pattern);
        if (slot != nullptr && slot->source == "any" && ear_ != Ear::open)
            findings_.add(Fault::needs_dictation, place, "@any needs an ear that takes dictation",
                          "name one in [dialog], e.g. ear = vosk, or use record or a list of words");
        if (ear_ != Ear::closed) return;
        if (slot != nullptr) {
            words(language, slot->before, place);
            words(language, slot->after, place);
        } else if (const auto* plain = std::get_if<Words>(&pattern)) {
            words(language, plain->words, place);
        } else if (const auto* exact = std::get_if<Exact>(&pattern)) {
            words(language, exact->words, place);
        } else {
            findings_.add(Fault::unhearable, place,
                          "a regular expression can't stand in the grammar of this ear",
                          "write the words themselves, with | between them");
        }
    }

    void words(Language language, const std::vector<std::string>& words, Place place) {
        for (const auto& word : words) {
            const auto letters = text::decode_utf8(text::lower(word));
            if (std::all_of(letters.begin(), letters.end(),
                            [&](char32_t c) { return is_letter(language, c); }))
                continue;
            const auto spelt = in_words(language, word);
            findings_.add(Fault::unhearable, place,
                          fmt::format("{} can't stand in the grammar of this ear", quoted(word)),
                          spelt.empty() ? fmt::format("write it as it is said, in {} letters",
                                                      language == Language::ru ? "Russian" : "Latin")
                                        : fmt::format("write {}", spelt));
        }
    }

    const Dialog& dialog_;
    Ear ear_;
    Findings& findings_;
};
}  // namespace

void check_ear(const Dialog& dialog, Ear ear, Findings& findings) {
    EarCheck check(dialog, ear, findings);
    for (const auto& step : dialog.steps)
        if (const auto* question = step.question()) check.hears(question->hears);
    check.hears(dialog.interrupts);
    check.lists();
}

}  // namespace pbx::dialog::checking
