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
    std::string value;  // number 21 | digits/phone "79161234567" | date 2026-11-22 | time 17:05 | money
                        // 350.50 | yes/no
    std::string shown;  // as it is said back: "двадцать первое ноября", "five past five p m"
    std::size_t words = 0;  // how many of the given words it took
};

// The longest reading that starts at the first of `words` (lower case, no punctuation); nothing when they are
// none.
[[nodiscard]] std::optional<Reading> read(Reader reader, Language language,
                                          std::span<const std::string> words, const Now& now);

// The rules of this reader in JSGF, its public name <NAME_LANG>, and all words it uses.
struct ReaderGrammar {
    std::string rules;
    std::string start;  // e.g. "<number_ru>"
    std::vector<std::string> words;
};
[[nodiscard]] const ReaderGrammar& grammar_of(Reader reader, Language language);

// Digits in a prompt spoken as words: numbers (with gender by the noun after them), phones in groups, dates
// 2026-11-22, times 17:05, money "350 руб." - a Synthesizer then never meets a digit. Other text is kept as
// it is.
[[nodiscard]] std::string spoken(Language language, std::string_view text);

enum class Gender { masculine, feminine, neuter };
enum class Case { nominative, genitive, dative, accusative, instrumental, prepositional };
[[nodiscard]] std::string cardinal(Language language, long long value, Gender gender = Gender::masculine,
                                   Case grammatical = Case::nominative);
[[nodiscard]] std::string ordinal(Language language, int value, Gender gender = Gender::neuter,
                                  Case grammatical = Case::nominative);

}  // namespace pbx::dialog
