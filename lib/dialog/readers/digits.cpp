// @digits and @phone: numbers said one after another are written one after another («ноль семь сорок два» is
// 0742).
#include "core/text.hpp"
#include "dialog/readers/numerals.hpp"

#include <algorithm>

namespace pbx::dialog::readers {

namespace {
constexpr std::size_t most_digits = 32;
constexpr std::size_t fewest_phone_digits = 3, most_phone_digits = 20;  // 112; E.164's 15 and a way out

struct Run {
    std::string digits;
    std::size_t words = 0;
};

// «единица», «двойки», «пятёрок»: the names of the digits.
std::optional<char> digit_noun_ru(std::string_view word) {
    constexpr std::string_view stems[] = {"нул",   "единиц", "двой",  "трой",    "четвер",
                                          "пятер", "шестер", "семер", "восьмер", "девят"};
    for (std::size_t i = 0; i < std::size(stems); ++i) {
        if (!word.starts_with(stems[i])) continue;
        const auto ending = word.substr(stems[i].size());
        if (i == 0   ? is_one_of(ending, {"я", "ей", "и"})
            : i == 1 ? is_one_of(ending, {"а", "ы", "у", "", "е"})
                     : is_one_of(ending, {"ка", "ки", "ку", "ок", "ек", "ке"}))
            return static_cast<char>('0' + i);
    }
    return std::nullopt;
}

bool is_figures(std::string_view word) {
    return !word.empty() && word.find_first_not_of("0123456789.,:") == std::string_view::npos;
}

Run figures(std::string_view word) {
    Run run{std::string(word), 1};
    std::erase_if(run.digits, [](char c) { return c < '0' || c > '9'; });
    return run;
}

// «два нуля», «три семёрки»: a count and what is repeated.
std::optional<Run> repeated_ru(Tokens words) {
    if (words.size() < 2) return std::nullopt;
    const auto count = numeral_ru(words[0]);
    const auto digit = digit_noun_ru(words[1]);
    if (!count || !digit || count->value < 2 || count->value > 9) return std::nullopt;
    return Run{std::string(static_cast<std::size_t>(count->value), *digit), 2};
}

std::optional<char> digit_en(std::string_view word) {
    if (is_one_of(word, {"oh", "o"})) return '0';
    const auto found = numeral_en(word);
    if (found && found->value <= 9) return static_cast<char>('0' + found->value);
    if (word.size() == 1 && all_digits(word)) return word[0];
    return std::nullopt;
}

// "double four", "triple oh"
std::optional<Run> repeated_en(Tokens words) {
    if (words.size() < 2) return std::nullopt;
    const std::size_t count = words[0] == "double" ? 2 : is_one_of(words[0], {"triple", "treble"}) ? 3 : 0;
    const auto digit = digit_en(words[1]);
    if (count == 0 || !digit) return std::nullopt;
    return Run{std::string(count, *digit), 2};
}

std::optional<Run> one_part(Language language, Tokens words) {
    if (words.empty()) return std::nullopt;
    if (is_figures(words[0])) return figures(words[0]);
    if (auto run = language == Language::ru ? repeated_ru(words) : repeated_en(words)) return run;
    if (language == Language::ru) {
        if (const auto digit = digit_noun_ru(words[0])) return Run{std::string(1, *digit), 1};
    } else if (is_one_of(words[0], {"oh", "o"})) {
        return Run{"0", 1};
    }
    const auto cardinal = take_cardinal(language, words);
    if (!cardinal) return std::nullopt;
    return Run{std::to_string(cardinal->value), cardinal->words};
}

std::optional<Run> take_digits(Language language, Tokens words) {
    Run all;
    while (auto part = one_part(language, words.subspan(all.words))) {
        all.digits += part->digits;
        all.words += part->words;
        if (all.digits.size() > most_digits) return std::nullopt;
    }
    if (all.words == 0) return std::nullopt;
    return all;
}

// Lays words out in groups of digits; a group is said as zeros and one number.
class Layout {
  public:
    Layout(Tokens words, std::span<const std::size_t> sizes) : words_(words), sizes_(sizes) {}

    // All the words, exactly these groups.
    std::optional<Run> find() {
        if (!fill(0, 0, sizes_[0])) return std::nullopt;
        return Run{digits_, words_.size()};
    }

  private:
    bool fill(std::size_t at, std::size_t group, std::size_t left) {
        if (left == 0 && group + 1 == sizes_.size()) return at == words_.size();
        if (left == 0) return fill(at, group + 1, sizes_[group + 1]);
        for (std::size_t take = std::min<std::size_t>(3, words_.size() - at); take > 0; --take) {
            const auto number = take_cardinal(Language::ru, words_.subspan(at, take));
            if (!number || number->words != take) continue;
            const std::string written = std::to_string(number->value);
            if (written.size() != left && number->value != 0) continue;
            digits_ += written;
            if (fill(at + take, group, left - written.size())) return true;
            digits_.resize(digits_.size() - written.size());
        }
        return false;
    }

    Tokens words_;
    std::span<const std::size_t> sizes_;
    std::string digits_;
};

// «восемь четыреста девяносто пять семьсот двадцать тридцать» is 8 495 700 20 30: run together, 700 and 20
// would be 720 and two digits would be missing. Such a number is looked for by its groups.
std::optional<Run> russian_groups(Tokens words, const Run& run) {
    constexpr std::size_t with_eight[] = {1, 3, 3, 2, 2}, without[] = {3, 3, 2, 2};
    const auto said = words.first(run.words);
    if (run.digits.size() == 9 && is_one_of(run.digits.substr(0, 1), {"7", "8"}))
        return Layout(said, with_eight).find();
    if (run.digits.size() == 8 && is_one_of(run.digits.substr(0, 1), {"9", "4", "8"}))
        return Layout(said, without).find();
    return std::nullopt;
}
}  // namespace

std::optional<Reading> read_digits(Language language, Tokens words) {
    const auto run = take_digits(language, words);
    if (!run) return std::nullopt;
    return Reading{
        .value = run->digits, .unit = {}, .shown = spoken_digits(language, run->digits), .words = run->words};
}

std::optional<Reading> read_phone(Language language, Tokens words) {
    if (words.empty()) return std::nullopt;
    std::vector<std::string> own(words.begin(), words.end());
    const bool sign = own[0].starts_with("+");
    const bool said = is_one_of(own[0], {"плюс", "plus"});
    if (sign) own[0].erase(0, 1);
    const Tokens rest = Tokens(own).subspan(said ? 1 : 0);
    auto run = take_digits(language, rest);
    if (!run) return std::nullopt;
    if (language == Language::ru)
        if (auto grouped = russian_groups(rest, *run)) run = grouped;
    if (run->digits.size() < fewest_phone_digits || run->digits.size() > most_phone_digits)
        return std::nullopt;
    const std::string plus = language == Language::ru ? "плюс " : "plus ";
    return Reading{.value = (sign || said ? "+" : "") + run->digits,
                   .unit = {},
                   .shown = (sign || said ? plus : "") + spoken_digits(language, run->digits),
                   .words = run->words + (said ? 1 : 0)};
}

}  // namespace pbx::dialog::readers
