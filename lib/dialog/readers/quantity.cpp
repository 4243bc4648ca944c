// Numbers with a sign and a fraction: «минус пять», «полтора», «два с половиной миллиона», "three point
// five".
#include "core/text.hpp"
#include "dialog/readers/numerals.hpp"

namespace pbx::dialog::readers {

namespace {
std::optional<Numeral> scale_at(Language language, Tokens words, std::size_t at) {
    if (at >= words.size()) return std::nullopt;
    const auto found = numeral(language, words[at]);
    if (!found || found->kind != Numeral::Kind::scale) return std::nullopt;
    return found;
}

bool stands(Tokens words, std::size_t at, std::initializer_list<std::string_view> these) {
    return at < words.size() && is_one_of(words[at], these);
}

// n and a half, times the scale that may follow: «два с половиной миллиона».
Quantity with_half(Language language, long long whole, Tokens words, std::size_t taken) {
    const auto scale = scale_at(language, words, taken);
    if (!scale || whole > largest_read / scale->value - 1) return {false, whole, "5", taken};
    return {false, whole * scale->value + scale->value / 2, {}, taken + 1};
}

std::optional<Quantity> half_words_ru(Tokens words) {
    if (stands(words, 0, {"полтора", "полторы", "полутора"})) return with_half(Language::ru, 1, words, 1);
    if (stands(words, 0, {"полтораста", "полутораста"})) return Quantity{false, 150, {}, 1};
    if (stands(words, 0, {"полтысячи"})) return Quantity{false, 500, {}, 1};
    if (stands(words, 0, {"полмиллиона"})) return Quantity{false, 500'000, {}, 1};
    if (!stands(words, 0, {"пол", "половина", "половину"})) return std::nullopt;
    const auto scale = scale_at(Language::ru, words, 1);
    if (!scale) return std::nullopt;
    return Quantity{false, scale->value / 2, {}, 2};
}

std::optional<Quantity> half_words_en(Tokens words) {
    if (!stands(words, 0, {"half"}) || !stands(words, 1, {"a"})) return std::nullopt;
    if (stands(words, 2, {"hundred"})) return Quantity{false, 50, {}, 3};
    const auto scale = scale_at(Language::en, words, 2);
    if (!scale) return std::nullopt;
    return Quantity{false, scale->value / 2, {}, 3};
}

// "3.5"; in Russian also "3,5".
std::optional<Quantity> figure_fraction(Language language, Tokens words) {
    if (words.empty()) return std::nullopt;
    const std::string& word = words[0];
    const auto mark = word.find_first_of(language == Language::ru ? ".," : ".");
    constexpr std::size_t most = 12;
    if (mark == std::string::npos || mark > most || word.size() - mark > most) return std::nullopt;
    const std::string fraction = word.substr(mark + 1);
    const std::vector<std::string> front{word.substr(0, mark)};  // "1,500" of "1,500.50"
    const auto whole = take_cardinal(language, front);
    if (!whole || !all_digits(fraction)) return std::nullopt;
    return Quantity{false, whole->value, fraction, 1};
}

// «пять десятых», «сорок две сотых» after «две целых»
void add_fraction_ru(Quantity& q, Tokens words, std::size_t at) {
    if (stands(words, at, {"и"})) ++at;
    const auto part = take_cardinal(Language::ru, words.subspan(at));
    if (!part) return;
    at += part->words;
    std::size_t digits = 0;
    if (stands(words, at, {"десятая", "десятых", "десятые", "десятую"})) digits = 1;
    if (stands(words, at, {"сотая", "сотых", "сотые", "сотую"})) digits = 2;
    if (stands(words, at, {"тысячная", "тысячных", "тысячные", "тысячную"})) digits = 3;
    std::string written = std::to_string(part->value);
    if (digits == 0 || written.size() > digits) return;
    q.fraction = std::string(digits - written.size(), '0') + written;
    q.words = at + 1;
}

// Digits said after "point" or «точка»: "one four", «четырнадцать».
void add_digits(Language language, Quantity& q, Tokens words, std::size_t at) {
    constexpr std::size_t most = 12;
    std::string digits;
    while (at < words.size()) {
        const bool oh = language == Language::en && is_one_of(words[at], {"oh", "o"});
        const auto part = oh ? Taken{0, 1} : take_cardinal(language, words.subspan(at)).value_or(Taken{});
        if (part.words == 0 || part.value > 999) break;
        digits += std::to_string(part.value);
        at += part.words;
    }
    if (digits.empty() || digits.size() > most) return;
    q.fraction = digits;
    q.words = at;
}

Quantity with_fraction(Language language, Quantity q, Tokens words) {
    const std::size_t at = q.words;
    if (language == Language::ru) {
        if (stands(words, at, {"с"}) && stands(words, at + 1, {"половиной"}))
            return with_half(language, q.whole, words, at + 2);
        if (stands(words, at, {"целых", "целая", "целую", "целые"})) add_fraction_ru(q, words, at + 1);
        if (stands(words, at, {"точка", "запятая"})) add_digits(language, q, words, at + 1);
        return q;
    }
    if (stands(words, at, {"and"}) && stands(words, at + 1, {"a"}) && stands(words, at + 2, {"half"}))
        return with_half(language, q.whole, words, at + 3);
    if (stands(words, at, {"point"})) add_digits(language, q, words, at + 1);
    return q;
}

std::optional<Quantity> unsigned_quantity(Language language, Tokens words) {
    if (auto half = language == Language::ru ? half_words_ru(words) : half_words_en(words)) return half;
    if (auto figure = figure_fraction(language, words)) {
        const auto scale = scale_at(language, words, 1);  // "1,5 миллиона"
        if (!scale || figure->fraction != "5") return figure;
        return with_half(language, figure->whole, words, 1);
    }
    const auto cardinal = take_cardinal(language, words);
    if (!cardinal) return std::nullopt;
    return with_fraction(language, {false, cardinal->value, {}, cardinal->words}, words);
}

std::string fraction_name_ru(std::size_t digits, bool one) {
    constexpr std::string_view many[] = {"десятых", "сотых", "тысячных"};
    constexpr std::string_view single[] = {"десятая", "сотая", "тысячная"};
    return std::string(one ? single[digits - 1] : many[digits - 1]);
}

std::string fraction_ru(const Quantity& q) {
    const auto part = pbx::text::to_integer(q.fraction).value_or(0);
    const std::string whole = cardinal_ru(q.whole, Gender::feminine, Case::nominative) +
                              (plural_ru(q.whole) == Plural::one ? " целая " : " целых ");
    return whole + cardinal_ru(part, Gender::feminine, Case::nominative) + " " +
           fraction_name_ru(q.fraction.size(), plural_ru(part) == Plural::one);
}
}  // namespace

std::optional<Quantity> take_quantity(Language language, Tokens words) {
    const bool negative =
        language == Language::ru ? stands(words, 0, {"минус"}) : stands(words, 0, {"minus", "negative"});
    auto found = unsigned_quantity(language, words.subspan(negative ? 1 : 0));
    if (!found) return std::nullopt;
    found->negative = negative && (found->whole != 0 || !found->fraction.empty());
    found->words += negative ? 1 : 0;
    return found;
}

std::string spoken_quantity(Language language, const Quantity& q, Gender gender, Case c) {
    const std::string sign = !q.negative ? "" : language == Language::ru ? "минус " : "minus ";
    if (q.fraction.find_first_not_of('0') == std::string::npos)
        return sign + cardinal(language, q.whole, gender, c);
    if (language == Language::ru && q.fraction.size() <= 3) return sign + fraction_ru(q);
    std::string out = sign + cardinal(language, q.whole) + (language == Language::ru ? " точка" : " point");
    for (char digit : q.fraction)
        out += " " + cardinal(language, digit - '0');
    return out;
}

bool is_number_word(Language language, std::string_view word) {
    if (numeral(language, word) || (word.find_first_of("0123456789") == 0)) return true;
    return language == Language::ru && is_one_of(word, {"полтора", "полторы", "полтораста"});
}

}  // namespace pbx::dialog::readers
