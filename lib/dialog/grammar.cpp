#include "dialog/grammar.hpp"

#include "core/text.hpp"
#include "dialog/inflect.hpp"
#include "dialog/jsgf.hpp"

#include <algorithm>
#include <map>

namespace pbx::dialog {

namespace {
using Strings = std::vector<std::string>;

constexpr std::string_view polite_ru =
    "<lead> = пожалуйста | я хочу | хочу | мне | мне нужен | мне нужна | мне нужно | соедините [меня] с | "
    "соедините [меня] | "
    "переведите на | дайте | можно | давайте | позовите | с;\n"
    "<tail> = пожалуйста;\n";
constexpr std::string_view polite_en =
    "<lead> = please | i want | i need | i'd like | i would like | can i have | connect me to | connect me "
    "with | "
    "put me through to | give me | i want to speak to | can i speak to | the;\n"
    "<tail> = please;\n";

std::string either(const Strings& ways) {
    return ways.size() == 1 ? ways.front() : "(" + pbx::text::join(ways, " | ") + ")";
}

bool ends_with_any(std::string_view word, std::initializer_list<std::string_view> endings) {
    return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return word.ends_with(ending); });
}

bool is_adjective(std::string_view word) {
    return ends_with_any(word, {"ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие"});
}

bool is_name(std::string_view word) {
    return ends_with_any(
        word, {"ич", "вна", "чна", "ов", "ова", "ев", "ева", "ёв", "ёва", "ин", "ина", "ский", "ская", "ко"});
}

class Builder {
  public:
    Builder(Language language, const Lists& lists) : language_(language), lists_(lists) {}

    void add_interrupt(const Pattern& pattern) { add(pattern, bare_, bare_); }
    void add_answer(const Pattern& pattern) { add(pattern, things_, bare_); }

    speech::Grammar finish() {
        speech::Grammar out;
        out.language = language_ == Language::ru ? "ru" : "en";
        out.dictation = dictation_;
        out.phrases = std::move(phrases_);
        if (things_.empty() && bare_.empty()) return out;
        std::string body = "public <answer> = ";
        body += things_.empty() ? "" : "[<lead>] <thing> [<tail>]";
        body += things_.empty() || bare_.empty() ? "" : " | ";
        body += bare_.empty() ? ";\n" : pbx::text::join(bare_, " | ") + ";\n";
        if (!things_.empty()) {
            body += "<thing> = " + pbx::text::join(things_, " | ") + ";\n";
            body += language_ == Language::ru ? polite_ru : polite_en;
        }
        for (const auto& [name, line] : rules_)
            body += line + "\n";
        out.jsgf = "#JSGF V1.0 UTF-8 " + out.language + ";\ngrammar question;\n" + body;
        std::set<std::string> words;
        for (auto line : pbx::text::split(body, '\n'))
            collect_words(line, words);
        out.words.assign(words.begin(), words.end());
        return out;
    }

  private:
    void add(const Pattern& pattern, Strings& with_words, Strings& alone) {
        if (const auto* words = std::get_if<Words>(&pattern)) {
            if (auto phrase = said(words->words); !phrase.empty()) put(with_words, std::move(phrase));
        } else if (const auto* exact = std::get_if<Exact>(&pattern)) {
            put(alone, plain(exact->words));
        } else if (const auto* slot = std::get_if<Slot>(&pattern)) {
            add_slot(*slot, with_words, alone);
        }  // a regular expression cannot be listed, `oksana check` says so
    }

    void add_slot(const Slot& slot, Strings& with_words, Strings& alone) {
        const auto reader = reader_named(slot.source);
        if (reader == Reader::any) {
            dictation_ = true;
            return;
        }
        const std::string inside = reader ? reader_rule(*reader) : list_rule(slot.source);
        if (inside.empty()) return;
        std::string phrase = said(slot.before);
        phrase += (phrase.empty() ? "" : " ") + inside;
        if (!slot.after.empty()) phrase += " " + said(slot.after);
        put(reader && slot.before.empty() ? alone : with_words, std::move(phrase));
    }

    std::string reader_rule(Reader reader) {
        const auto& grammar = grammar_of(reader, language_);
        for (auto& rule : jsgf_rules(grammar.rules))
            rules_.emplace(rule.name, rule.line);
        return grammar.start;
    }

    std::string list_rule(const std::string& name) {
        const auto* entries = lists_.entries(name);
        if (!entries) return {};
        const auto [known, fresh] =
            list_rules_.emplace(name, "<list_" + std::to_string(list_rules_.size()) + ">");
        if (!fresh) return known->second;
        std::size_t forms = 0;
        for (const auto& entry : *entries)
            forms += entry.forms.size();
        Strings ways;
        for (const auto& entry : *entries)
            for (const auto& form : entry.forms) {
                const auto words = words_as_written(form);
                auto way = forms <= max_inflected_forms ? said(words) : plain(words);
                if (!way.empty()) ways.push_back(std::move(way));
            }
        if (ways.empty()) return known->second = {};
        rules_[known->second] = known->second + " = " + pbx::text::join(ways, " | ") + ";";
        return known->second;
    }

    static void put(Strings& ways, std::string phrase) {
        if (!phrase.empty() && std::find(ways.begin(), ways.end(), phrase) == ways.end())
            ways.push_back(std::move(phrase));
    }

    // The words as the ear hears them: figures as words.
    Strings speakable(const Strings& words) const {
        const auto joined = pbx::text::join(words, " ");
        return joined.find_first_of("0123456789") == joined.npos
                   ? words
                   : words_as_written(spoken(language_, joined));
    }

    std::string plain(const Strings& words) {
        std::string phrase = pbx::text::join(speakable(words), " ");
        remember(phrase);
        return phrase;
    }

    // With their case forms: the adjectives and the first noun, and names after it; what follows a noun is a
    // genitive that stays («отдела продаж»).
    std::string said(const Strings& written) {
        const auto words = speakable(written);
        remember(pbx::text::join(words, " "));
        std::string out;
        bool open = language_ == Language::ru;
        for (const auto& word : words) {
            Strings ways{word};
            if (open || (language_ == Language::ru && is_name(word)))
                for (auto& form : case_forms_ru(word))
                    put(ways, std::move(form));
            if (ways.size() > 1 && !is_adjective(word)) open = false;
            if (words.size() == 1)
                for (std::size_t i = 1; i < ways.size(); ++i)
                    remember(ways[i]);
            out += (out.empty() ? "" : " ") + either(ways);
        }
        return out;
    }

    void remember(const std::string& phrase) {
        if (!phrase.empty() && phrases_.size() < max_phrases && seen_.insert(phrase).second)
            phrases_.push_back(phrase);
    }

    Language language_;
    const Lists& lists_;
    Strings things_, bare_;                          // alternatives with and without polite words around
    std::map<std::string, std::string> rules_;       // of readers and lists, by name
    std::map<std::string, std::string> list_rules_;  // by the list's name
    Strings phrases_;
    std::set<std::string> seen_;
    bool dictation_ = false;
};

}  // namespace

speech::Grammar build_grammar(Language language, std::span<const Branch> branches,
                              std::span<const Branch> interrupts, const Lists& lists) {
    Builder builder(language, lists);
    for (const auto& branch : branches)
        for (const auto& pattern : branch.patterns)
            builder.add_answer(pattern);
    for (const auto& branch : interrupts)
        for (const auto& pattern : branch.patterns)
            builder.add_interrupt(pattern);
    return builder.finish();
}

}  // namespace pbx::dialog
