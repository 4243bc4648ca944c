// Readers turn spoken words into values and values into words: @yes @no @number @digits @phone @date @time
// @money @any, in Russian and English. Pure: today's date is given.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dialog {

enum class Language { ru, en };
enum class Reader { yes, no, number, digits, phone, date, time, money, any };

[[nodiscard]] std::optional<Reader> reader_named(std::string_view name);  // "yes", "number", ... without @
[[nodiscard]] std::string_view name_of(Reader reader);

struct Now {  // local time of the call
    std::chrono::year_month_day date;
    int hour = 0, minute = 0;
};

struct Reading {
    // number "21", "-5", "2.5" | digits "0742" | phone "89161234567", "+79161234567" | date "2026-11-22" |
    // time "17:05" | money "350.20" | "yes" | "no" | any: the words
    std::string value;
    std::string
        unit;  // money: "RUB", "USD", "EUR", "GBP", or empty when none was said; value 2 of a variable
    std::string shown;  // as it is said back: "двадцать второе ноября", "five oh five p m"
    std::size_t words = 0;  // how many of the given words it took
};

// The longest reading that starts at the first of `words` (as tokens() gives them); nothing when they are
// none. Numbers go to 999 999 999 999, digits to 32, phones from 3 to 20 digits.
[[nodiscard]] std::optional<Reading> read(Reader reader, Language language,
                                          std::span<const std::string> words, const Now& now);

// Is a reading that starts at `word` only the tail of a longer one when this word stands before it? ("fifty"
// after "three" is not a number of its own.)
[[nodiscard]] bool continues(Reader reader, Language language, std::string_view word_before);

// The rules of this reader in JSGF, its start rule <NAME_LANG>, and all words it uses. @any has none.
struct ReaderGrammar {
    std::string rules;
    std::string start;  // e.g. "<number_ru>"
    std::vector<std::string> words;
};
[[nodiscard]] const ReaderGrammar& grammar_of(Reader reader, Language language);

// Digits in a prompt spoken as words: numbers (gender and case by the noun after them and the preposition
// before), phones in groups, dates 2026-11-22, times 17:05, money "350 руб.", percents, ordinals "5-й" - a
// Synthesizer then never meets a digit. Other text is kept as it is. A date's year is spoken only when
// `this_year` is given and is another one.
[[nodiscard]] std::string spoken(Language language, std::string_view text, std::optional<int> this_year = {});

enum class Gender { masculine, feminine, neuter };
enum class Case { nominative, genitive, dative, accusative, instrumental, prepositional };
// Up to ±999 999 999 999 999; what is longer is spoken digit by digit.
[[nodiscard]] std::string cardinal(Language language, long long value, Gender gender = Gender::masculine,
                                   Case grammatical = Case::nominative);
// 0 and up.
[[nodiscard]] std::string ordinal(Language language, int value, Gender gender = Gender::neuter,
                                  Case grammatical = Case::nominative);

}  // namespace pbx::dialog
