// Do two branches claim the same words? Words are compared word by word; where a slot takes part, each
// alternative is turned into sample answers and the other one is asked.
#include "core/text.hpp"
#include "dialog/grammar.hpp"
#include "dialog/heard.hpp"

#include <algorithm>
#include <unordered_map>

namespace pbx::dialog {

namespace {
const Now any_day{std::chrono::year{2026} / std::chrono::January / 1, 12, 0};

// Answers for all readers: two that take the same one cannot be told apart.
constexpr std::string_view samples_ru[] = {"двадцать пять", "сто двадцать три", "пять", "завтра",
                                           "пятое",         "пять рублей",      "да",   "нет"};
constexpr std::string_view samples_en[] = {"twenty five", "one two three", "five", "tomorrow",
                                           "the fifth",   "five dollars",  "yes",  "no"};

using Samples = std::vector<std::string>;

std::string around(const Slot& slot, std::string_view inside) {
    std::string answer = pbx::text::join(slot.before, " ");
    answer += (answer.empty() ? "" : " ") + std::string(inside);
    if (!slot.after.empty()) answer += " " + pbx::text::join(slot.after, " ");
    return answer;
}

Samples samples_of(Language language, const Slot& slot, const Lists& lists) {
    Samples out;
    if (reader_named(slot.source))
        for (auto sample : language == Language::ru ? std::span(samples_ru) : std::span(samples_en))
            out.push_back(around(slot, sample));
    else if (const auto* entries = lists.entries(slot.source))
        for (const auto& entry : *entries)
            for (const auto& form : entry.forms)
                out.push_back(around(slot, form));
    return out;
}

// One alternative made ready.
struct Alternative {
    const Pattern* pattern;
    std::vector<Wanted> words;  // of Words
    HeardWords answer;          // the same as an answer
    std::optional<Matcher> matcher;

    [[nodiscard]] const Slot* slot() const { return std::get_if<Slot>(pattern); }
    [[nodiscard]] bool is_exact() const { return std::holds_alternative<Exact>(*pattern); }
};

const std::vector<std::string>& words_of(const Pattern& pattern) {
    static const std::vector<std::string> none;
    if (const auto* words = std::get_if<Words>(&pattern)) return words->words;
    if (const auto* exact = std::get_if<Exact>(&pattern)) return exact->words;
    return none;
}

class Comparison {
  public:
    Comparison(Language language, const Lists& lists) : language_(language), lists_(lists) {}

    std::vector<Alternative> ready(const Branch& branch) const {
        std::vector<Alternative> out;
        for (const auto& pattern : branch.patterns) {
            const auto& words = words_of(pattern);
            Alternative made{&pattern, {}, HeardWords(language_, tokens(pbx::text::join(words, " "))), {}};
            if (std::holds_alternative<Words>(pattern)) made.words = wanted(language_, words);
            out.push_back(std::move(made));
        }
        return out;
    }

    std::optional<Overlap> between(std::vector<Alternative>& a, std::vector<Alternative>& b) const {
        for (std::size_t i = 0; i < a.size(); ++i)
            for (std::size_t j = 0; j < b.size(); ++j)
                if (auto words = same(a[i], b[j]); !words.empty()) return Overlap{std::move(words), i, j};
        return std::nullopt;
    }

  private:
    // The answer both claim, or nothing.
    std::string same(Alternative& a, Alternative& b) const {
        if (const auto* regex = std::get_if<Regex>(a.pattern)) {
            const auto* other = std::get_if<Regex>(b.pattern);
            return other && other->source == regex->source ? "/" + regex->source + "/" : std::string{};
        }
        if (std::holds_alternative<Regex>(*b.pattern)) return {};
        if (a.slot() || b.slot()) return a.slot() ? asked(a, b) : asked(b, a);
        if (a.is_exact() != b.is_exact()) return {};
        const bool alike = a.is_exact() ? a.answer.words == b.answer.words : claims(a, b) || claims(b, a);
        return alike ? pbx::text::join(words_of(*a.pattern), " ") : std::string{};
    }

    static bool claims(const Alternative& a, const Alternative& b) {
        return a.words.size() == b.answer.size() && in_order(a.words, b.answer, 0, b.answer.size());
    }

    // `a` is a slot.
    std::string asked(Alternative& a, Alternative& b) const {
        if (!b.slot()) {
            const auto reader = reader_named(a.slot()->source);
            const bool numbers = reader && *reader != Reader::yes && *reader != Reader::no;
            if (numbers || b.is_exact()) return {};
        }
        Samples samples = b.slot() ? samples_of(language_, *b.slot(), lists_)
                                   : Samples{pbx::text::join(words_of(*b.pattern), " ")};
        for (auto& sample : samples_of(language_, *a.slot(), lists_))
            samples.push_back(std::move(sample));
        for (auto& sample : samples) {
            const auto one = match(a, sample), two = match(b, sample);
            if (one && two && one->length == two->length && one->length > 0) return std::move(sample);
        }
        return {};
    }

    std::optional<Match> match(Alternative& alternative, std::string_view answer) const {
        if (!alternative.matcher)
            alternative.matcher.emplace(language_, std::vector{Branch{{*alternative.pattern}}}, lists_);
        return alternative.matcher->match(answer, any_day);
    }

    Language language_;
    const Lists& lists_;
};
}  // namespace

std::vector<Clash> clashes(Language language, std::span<const Branch> branches, const Lists& lists) {
    const Comparison comparison(language, lists);
    std::vector<std::vector<Alternative>> ready;
    for (const auto& branch : branches)
        ready.push_back(comparison.ready(branch));
    std::vector<Clash> out;
    for (std::size_t second = 1; second < ready.size(); ++second)
        for (std::size_t first = 0; first < second; ++first)
            if (auto found = comparison.between(ready[first], ready[second]))
                out.push_back({first, second, std::move(*found)});
    return out;
}

std::optional<Overlap> overlap(Language language, const Branch& a, const Branch& b,
                               std::span<const List> lists) {
    const std::vector<Branch> both{a, b};
    auto found = clashes(language, both, Lists(language, {lists.begin(), lists.end()}));
    if (found.empty()) return std::nullopt;
    return std::move(found.front().overlap);
}

std::optional<Overlap> overlap(Language language, const List& list) {
    std::unordered_map<std::string, std::size_t> seen;  // stems of a form -> its entry
    for (std::size_t entry = 0; entry < list.entries.size(); ++entry)
        for (const auto& form : list.entries[entry].forms) {
            std::string key;
            for (const auto& word : wanted(language, words_as_written(form)))
                key += (word.stem().empty() ? word.word() : word.stem()) + " ";
            const auto [at, fresh] = seen.emplace(std::move(key), entry);
            if (!fresh && at->second != entry) return Overlap{form, at->second, entry};
        }
    return std::nullopt;
}

}  // namespace pbx::dialog
