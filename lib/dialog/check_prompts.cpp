// Prompts: too long to listen to, a wording or a sound file missing, words in them that would interrupt them.
#include "core/text.hpp"
#include "dialog/check_parts.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace pbx::dialog::checking {

namespace {
constexpr std::size_t letters_of_a_variable = 10;  // a surname, a number of three digits in words

std::size_t letters(Language language, const Text& said) {
    std::size_t count = 0;
    for (const auto& part : said.parts) {
        if (!part.variable.empty())
            count += letters_of_a_variable;
        else if (part.literal.find_first_of("0123456789") != std::string::npos)
            count += text::columns(spoken(language, part.literal));
        else
            count += text::columns(part.literal);
    }
    return count;
}

class Prompts {
  public:
    Prompts(const Dialog& dialog, const CheckOptions& options, Findings& findings)
        : dialog_(dialog), options_(options), findings_(findings) {}

    void step(const Step& step) {
        std::array<std::size_t, languages> together{};
        for (const auto& line : step.lines) {
            if (const auto* say = std::get_if<line::Say>(&line.what)) {
                const bool file_is_enough = say->file && say->text.empty();
                if (!file_is_enough) translations(say->text, "say");
                if (say->file) sound(*say);
                add(say->text, together, true);
            } else if (std::holds_alternative<line::Record>(line.what)) {
                together = {};
            }
        }
        if (const auto* question = step.question()) asked(*question);
    }

  private:
    void asked(const Question& question) {
        const auto one = [&](const Wording& wording, std::string_view key) {
            translations(wording, key);
            std::array<std::size_t, languages> alone{};
            add(wording, alone, false);
        };
        for (const auto& wording : question.otherwise)
            one(wording, "else");
        for (const auto& wording : question.silence)
            one(wording, "silence");
        if (question.confirm) one(*question.confirm, "confirm");
    }

    // What she says without a pause for the caller, in each language.
    void add(const Wording& wording, std::array<std::size_t, languages>& together, bool several) {
        constexpr auto most = characters_a_second * longest_prompt_s;
        for (const auto language : {Language::ru, Language::en}) {
            const auto& said = wording.of(language);
            if (!said) continue;
            auto& sum = together[index_of(language)];
            const auto before = sum;
            sum += letters(language, *said);
            if (sum <= most || before > most) continue;
            findings_.add(Fault::long_prompt, said->place,
                          fmt::format("a prompt of {} s{}, over {} s ({} characters a second)",
                                      (sum + characters_a_second - 1) / characters_a_second,
                                      several && before > 0 ? " with the lines above it" : "",
                                      longest_prompt_s, characters_a_second),
                          "shorten it, or ask in between");
        }
    }

    void translations(const Wording& wording, std::string_view key) {
        for (const auto language : {Language::ru, Language::en})
            if (dialog_.speaks[index_of(language)] && !wording.of(language))
                findings_.add(Fault::missing_translation, wording.place,
                              fmt::format("this {} has no wording in \"{}\"", key, name_of(language)),
                              language == dialog_.language
                                  ? fmt::format("write {} = …", key)
                                  : fmt::format("write {}.{} = …", key, name_of(language)));
    }

    void sound(const line::Say& say) {
        if (!options_.sound_exists || !say.file->is_literal()) return;
        const auto name = say.file->source();
        for (const auto language : {Language::ru, Language::en})
            if (dialog_.speaks[index_of(language)] && !say.text.of(language) &&
                !options_.sound_exists(name, language))
                findings_.add(Fault::missing_sound, say.file->place,
                              fmt::format("no sound file {} for \"{}\"", quoted(name), name_of(language)),
                              "record it, or write a say line below it to be spoken instead");
    }

    const Dialog& dialog_;
    const CheckOptions& options_;
    Findings& findings_;
};

// Her own voice comes back on a bad line: an interrupt word in a prompt would end that very prompt.
class Echo {
  public:
    Echo(const Dialog& dialog, Language language, Findings& findings)
        : dialog_(dialog),
          language_(language),
          findings_(findings),
          matcher_(language, branches(), Lists(language, {})) {}

    void step(const Step& step) {
        const auto barge = step.barge_in();
        if (barge == Barge::no || barge == Barge::keys) return;
        for (const auto& line : step.lines)
            if (const auto* say = std::get_if<line::Say>(&line.what)) wording(say->text);
        if (const auto* question = step.question()) {
            for (const auto& one : question->otherwise)
                wording(one);
            for (const auto& one : question->silence)
                wording(one);
            if (question->confirm) wording(*question->confirm);
        }
    }

  private:
    std::vector<Branch> branches() {
        std::vector<Branch> found;
        for (const auto& interrupt : dialog_.interrupts) {
            if (!interrupt.in[index_of(language_)]) continue;
            for (std::size_t at = 0; at < interrupt.branch.patterns.size(); ++at) {
                found.push_back({{interrupt.branch.patterns[at]}});
                sources_.push_back(interrupt.sources[at]);
                begins_with(interrupt.branch.patterns[at]);
            }
        }
        return found;
    }
    // Matching costs far more than looking whether the first letters of an interrupt stand in the text at
    // all.
    void begins_with(const Pattern& pattern) {
        const auto* words = std::get_if<Words>(&pattern);
        const auto* exact = std::get_if<Exact>(&pattern);
        any_word_ = any_word_ || (words == nullptr && exact == nullptr);
        for (const auto& word : words != nullptr ? words->words : exact != nullptr ? exact->words : none_)
            beginning(text::decode_utf8(word));
    }
    void beginning(std::u32string word) {
        constexpr std::size_t telling = 3;  // letters that the forms of a word have in common
        word.resize(std::min({word.size(), telling, word.find_first_of(U"её")}));  // е may be written ё
        any_word_ = any_word_ || word.size() < 2;
        if (any_word_) return;
        // without its first byte: all Cyrillic letters share two of those, and looking for one finds every
        // letter
        beginnings_.insert(text::encode_utf8(word).substr(1));
        for (auto& letter : word) {  // Word, WOrd and WORD; the last and the first are those that are written
            // Latin and Cyrillic capitals stand 32 before their letters
            if ((letter >= U'a' && letter <= U'z') || (letter >= U'а' && letter <= U'я')) letter -= 32;
            beginnings_.insert(text::encode_utf8(word).substr(1));
        }
    }

    void wording(const Wording& wording) {
        const auto& said = wording.of(language_);
        if (!said || (beginnings_.empty() && !any_word_)) return;
        std::string text;
        for (const auto& part : said->parts)
            text += part.variable.empty() ? part.literal : " ";
        if (!any_word_ &&
            std::none_of(beginnings_.begin(), beginnings_.end(),
                         [&](const std::string& letters) { return text.find(letters) != std::string::npos; }))
            return;
        static const Now now{std::chrono::year{2026} / 1 / 5, 12, 0};
        const auto match = matcher_.match(text, now);
        if (match)
            findings_.add(
                Fault::own_interrupt, said->place,
                fmt::format("the prompt has the interrupt word {} in it", quoted(sources_[match->branch])),
                "say it in other words: its echo on the line would cut the prompt off");
    }

    const Dialog& dialog_;
    Language language_;
    Findings& findings_;
    std::vector<std::string> sources_;
    std::set<std::string> beginnings_;
    bool any_word_ = false;
    const std::vector<std::string> none_;
    Matcher matcher_;
};
}  // namespace

void check_prompts(const Dialog& dialog, const CheckOptions& options, Findings& findings) {
    Prompts prompts(dialog, options, findings);
    for (const auto& step : dialog.steps)
        prompts.step(step);
}

void check_echo(const Dialog& dialog, Findings& findings) {
    for (const auto language : {Language::ru, Language::en}) {
        if (!dialog.speaks[index_of(language)]) continue;
        Echo echo(dialog, language, findings);
        for (const auto& step : dialog.steps)
            echo.step(step);
    }
}

}  // namespace pbx::dialog::checking
