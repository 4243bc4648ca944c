// @number: a quantity that no other number word follows ("three fifty" is two numbers, and nobody can say
// which is meant).
#include "dialog/readers/numerals.hpp"

namespace pbx::dialog::readers {

std::optional<Reading> read_number(Language language, Tokens words) {
    auto q = take_quantity(language, words);
    if (!q) return std::nullopt;
    if (q->words < words.size() && is_number_word(language, words[q->words])) return std::nullopt;
    while (!q->fraction.empty() && q->fraction.back() == '0')
        q->fraction.pop_back();
    std::string value = (q->negative ? "-" : "") + std::to_string(q->whole);
    if (!q->fraction.empty()) value += "." + q->fraction;
    return Reading{.value = value, .unit = {}, .shown = spoken_quantity(language, *q), .words = q->words};
}

}  // namespace pbx::dialog::readers
