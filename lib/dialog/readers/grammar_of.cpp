#include "dialog/jsgf.hpp"
#include "dialog/reader.hpp"
#include "dialog/readers/grammars.hpp"

#include <array>

namespace pbx::dialog {

namespace {
constexpr std::size_t how_many = static_cast<std::size_t>(Reader::any) + 1;

ReaderGrammar make(Reader reader, Language language) {
    ReaderGrammar out;
    if (reader == Reader::any) return out;
    const bool ru = language == Language::ru;
    out.start = "<" + std::string(name_of(reader)) + (ru ? "_ru>" : "_en>");
    std::set<std::string> words;
    for (const auto& rule :
         rules_needed(out.start, jsgf_rules(ru ? readers::all_rules_ru() : readers::all_rules_en()))) {
        out.rules += rule.line + "\n";
        collect_words(rule.line, words);
    }
    out.words.assign(words.begin(), words.end());
    return out;
}

std::array<ReaderGrammar, how_many> make_all(Language language) {
    std::array<ReaderGrammar, how_many> out;
    for (std::size_t i = 0; i < how_many; ++i)
        out[i] = make(static_cast<Reader>(i), language);
    return out;
}
}  // namespace

const ReaderGrammar& grammar_of(Reader reader, Language language) {
    static const auto ru = make_all(Language::ru);
    static const auto en = make_all(Language::en);
    return (language == Language::ru ? ru : en)[static_cast<std::size_t>(reader)];
}

}  // namespace pbx::dialog
