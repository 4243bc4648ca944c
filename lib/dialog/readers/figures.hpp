// The forms figures take in a prompt, each as words. Inside of spoken().
#pragma once

#include "dialog/readers/numerals.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace pbx::dialog::readers {

// A place in the text where a figure, or a sign that belongs to one, begins.
struct Figure {
    std::string_view before;  // the text up to it
    std::string_view rest;    // from its first byte
    std::optional<int> this_year;
};
struct Said {
    std::string words;
    std::size_t bytes;   // of the text they stand for
    bool joins = false;  // the letters that follow go on the last word: «двух» + «комнатная»
};
using SayFigure = std::optional<Said> (*)(Language, const Figure&);

// In the order they are tried.
[[nodiscard]] std::optional<Said> say_date(Language language,
                                           const Figure& figure);  // 2026-11-22, 22.11.2026
[[nodiscard]] std::optional<Said> say_time(Language language, const Figure& figure);   // 17:05
[[nodiscard]] std::optional<Said> say_phone(Language language, const Figure& figure);  // +7 (916) 123-45-67
[[nodiscard]] std::optional<Said> say_money(Language language, const Figure& figure);  // 350.20 руб., $5
[[nodiscard]] std::optional<Said> say_percent(Language language, const Figure& figure);
[[nodiscard]] std::optional<Said> say_ordinal(Language language,
                                              const Figure& figure);  // 5-й, 21st, 2-комнатная
[[nodiscard]] std::optional<Said> say_digits(Language language, const Figure& figure);  // 0742, 1234567
[[nodiscard]] Said say_number(Language language, const Figure& figure);                 // everything else

// A number as written: sign, groups of three, a fraction.
struct Written {
    bool negative = false;
    std::string digits;    // of the whole part
    std::string fraction;  // "" for none
    std::size_t bytes = 0;
};
[[nodiscard]] std::optional<Written> written_number(Language language, std::string_view text);

[[nodiscard]] bool is_letter_at(std::string_view text, std::size_t at);
// The word that ends the text, in lower case; empty when punctuation stands after it.
[[nodiscard]] std::string last_word(std::string_view text);
// The n-th (0, 1) word of the text when only single blanks part it from the text's begin.
[[nodiscard]] std::string next_word(std::string_view text, std::size_t n = 0);

// The case a preposition before the figure asks for («до», «к», «между»); nominative without one.
[[nodiscard]] Case case_after(Language language, std::string_view before);
struct Agreement {
    Gender gender = Gender::masculine;
    Case grammatical = Case::nominative;
};
// What the figure agrees with: the noun after it, the preposition before it (Russian).
[[nodiscard]] Agreement agreement_ru(long long value, std::string_view before, std::string_view after);
// «двух», «пяти», «одно» as the front of a word: «двухкомнатная».
[[nodiscard]] std::string joined_ru(int value);

}  // namespace pbx::dialog::readers
