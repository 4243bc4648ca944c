// Number words of both languages, both ways: the ground of every reader that counts. Not for use outside of
// the dialog room.
#pragma once

#include "dialog/reader.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dialog::readers {

using Tokens = std::span<const std::string>;  // of tokens(): lower case, ё = е

constexpr long long largest_read = 999'999'999'999;
constexpr long long largest_spoken = 999'999'999'999'999;

// What a number word is: "пять" {unit, 5}, "двадцать" {ten, 20}, "сто" {hundred, 100}, "тысяч" {scale, 1000}.
struct Numeral {
    enum class Kind : std::uint8_t { zero, unit, teen, ten, hundred, scale } kind;
    long long value;
};
[[nodiscard]] std::optional<Numeral> numeral_ru(std::string_view word);  // any case and gender
[[nodiscard]] std::optional<Numeral> numeral_en(std::string_view word);
[[nodiscard]] std::optional<Numeral> numeral(Language language, std::string_view word);

// The value of an ordinal word: "двадцатого" 20, "третье" 3, "first" 1, "thousandth" 1000. `form` is what a
// reader of dates has to know.
struct OrdinalWord {
    int value;
    bool genitive_or_neuter;  // «пятого», «пятое»: a day; «пятую», «пятый» is none
};
[[nodiscard]] std::optional<OrdinalWord> ordinal_word_ru(std::string_view word);
[[nodiscard]] std::optional<int> ordinal_word_en(std::string_view word);  // also "21st"

// A part of an answer and how many tokens it took.
struct Taken {
    long long value = 0;
    std::size_t words = 0;
};
// The longest cardinal at the front: words, or figures as some ears write them ("21", "21 000", "1,500").
[[nodiscard]] std::optional<Taken> take_cardinal(Language language, Tokens words);

// A number that may have a fraction and a sign.
struct Quantity {
    bool negative = false;
    long long whole = 0;
    std::string fraction;  // decimal digits, "" for none
    std::size_t words = 0;
};
[[nodiscard]] std::optional<Quantity> take_quantity(Language language, Tokens words);

// Is the word part of some number: a numeral, a figure, «полтора», "half"?
[[nodiscard]] bool is_number_word(Language language, std::string_view word);

[[nodiscard]] std::string fold_yo(std::string_view word);  // ё = е
[[nodiscard]] bool all_digits(std::string_view word);
// Looks for the word and says whether it is one of these; a table at the call site stays readable.
[[nodiscard]] bool is_one_of(std::string_view word, std::initializer_list<std::string_view> these);

// Digits one after another as they are said: "916" -> «девятьсот шестнадцать», "05" -> «ноль пять».
[[nodiscard]] std::string spoken_group(Language language, std::string_view digits);
[[nodiscard]] std::string spoken_groups(Language language, std::span<const std::string_view> groups);
// Any run of digits, in the groups of a telephone number where it looks like one.
[[nodiscard]] std::string spoken_digits(Language language, std::string_view digits);
// 3.5 -> «три целых пять десятых», "three point five".
[[nodiscard]] std::string spoken_quantity(Language language, const Quantity& quantity,
                                          Gender gender = Gender::masculine,
                                          Case grammatical = Case::nominative);

// «рубль, рубля, рублей»: which form stands after this number (Russian).
enum class Plural : std::uint8_t { one, few, many };
[[nodiscard]] Plural plural_ru(long long value);

[[nodiscard]] std::string cardinal_ru(long long value, Gender gender, Case grammatical);
[[nodiscard]] std::string cardinal_en(long long value);
[[nodiscard]] std::string ordinal_ru(int value, Gender gender, Case grammatical);
[[nodiscard]] std::string ordinal_en(int value);

// Every form of the number words themselves, for the table of numeral_ru().
struct Form {
    std::string word;  // ё kept
    Numeral numeral;
};
[[nodiscard]] std::vector<Form> all_forms_ru();
struct OrdinalForm {
    std::string word;  // ё kept
    int value;
    Gender gender;
    Case grammatical;
};
[[nodiscard]] std::vector<OrdinalForm> all_ordinals_ru();

// One reader each; see read().
[[nodiscard]] std::optional<Reading> read_yes(Language language, Tokens words);
[[nodiscard]] std::optional<Reading> read_no(Language language, Tokens words);
[[nodiscard]] std::optional<Reading> read_number(Language language, Tokens words);
[[nodiscard]] std::optional<Reading> read_digits(Language language, Tokens words);
[[nodiscard]] std::optional<Reading> read_phone(Language language, Tokens words);
[[nodiscard]] std::optional<Reading> read_date(Language language, Tokens words, const Now& now);
[[nodiscard]] std::optional<Reading> read_time(Language language, Tokens words, const Now& now);
[[nodiscard]] std::optional<Reading> read_money(Language language, Tokens words);

// «не», "not", "don't": the word after it is not meant.
[[nodiscard]] bool is_negation(Language language, std::string_view word);

}  // namespace pbx::dialog::readers
