#include "dialog/reader.hpp"

#include "core/text.hpp"
#include "dialog/readers/numerals.hpp"

#include <algorithm>
#include <array>

namespace pbx::dialog {

namespace {
struct Name {
    Reader reader;
    std::string_view name;
};
constexpr std::array<Name, 9> names{{{Reader::yes, "yes"},
                                     {Reader::no, "no"},
                                     {Reader::number, "number"},
                                     {Reader::digits, "digits"},
                                     {Reader::phone, "phone"},
                                     {Reader::date, "date"},
                                     {Reader::time, "time"},
                                     {Reader::money, "money"},
                                     {Reader::any, "any"}}};

std::optional<Reading> read_any(std::span<const std::string> words) {
    if (words.empty()) return std::nullopt;
    const std::string all = pbx::text::join(words, " ");
    return Reading{.value = all, .unit = {}, .shown = all, .words = words.size()};
}
}  // namespace

std::optional<Reader> reader_named(std::string_view name) {
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const Name& n) { return n.name == name; });
    if (found == names.end()) return std::nullopt;
    return found->reader;
}

std::string_view name_of(Reader reader) {
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const Name& n) { return n.reader == reader; });
    return found == names.end() ? std::string_view{} : found->name;
}

std::optional<Reading> read(Reader reader, Language language, std::span<const std::string> words,
                            const Now& now) {
    switch (reader) {
        case Reader::yes:
            return readers::read_yes(language, words);
        case Reader::no:
            return readers::read_no(language, words);
        case Reader::number:
            return readers::read_number(language, words);
        case Reader::digits:
            return readers::read_digits(language, words);
        case Reader::phone:
            return readers::read_phone(language, words);
        case Reader::date:
            return readers::read_date(language, words, now);
        case Reader::time:
            return readers::read_time(language, words, now);
        case Reader::money:
            return readers::read_money(language, words);
        case Reader::any:
            return read_any(words);
    }
    return std::nullopt;
}

bool continues(Reader reader, Language language, std::string_view word_before) {
    const bool counts = reader == Reader::number || reader == Reader::money || reader == Reader::digits ||
                        reader == Reader::phone;
    return counts && readers::is_number_word(language, word_before);
}

std::string cardinal(Language language, long long value, Gender gender, Case grammatical) {
    if (value > readers::largest_spoken || value < -readers::largest_spoken) {
        const std::string digits = std::to_string(value);
        std::string out;
        for (char c : digits)
            out += (out.empty() ? "" : " ") + (c == '-'
                                                   ? std::string(language == Language::ru ? "минус" : "minus")
                                                   : cardinal(language, c - '0'));
        return out;
    }
    return language == Language::ru ? readers::cardinal_ru(value, gender, grammatical)
                                    : readers::cardinal_en(value);
}

std::string ordinal(Language language, int value, Gender gender, Case grammatical) {
    const int known = std::max(value, 0);
    return language == Language::ru ? readers::ordinal_ru(known, gender, grammatical)
                                    : readers::ordinal_en(known);
}

}  // namespace pbx::dialog
