// Telephone numbers and ordinals as written in a prompt, and the words around a figure.
#include "core/text.hpp"
#include "dialog/readers/figures.hpp"

#include <algorithm>

namespace pbx::dialog::readers {

namespace {
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_continuation(char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// Groups of digits parted by a blank, a hyphen or brackets.
struct Groups {
    std::vector<std::string_view> parts;
    std::vector<std::size_t> ends;  // bytes up to the end of each
    bool marked = false;            // a hyphen or a bracket was there
};

Groups groups_of(std::string_view text) {
    constexpr std::size_t most = 8;
    Groups out;
    std::size_t at = 0;
    while (at < text.size() && out.parts.size() < most) {
        std::size_t mark = 0;
        while (at + mark < text.size() && mark < 3 &&
               std::string_view(" -()").find(text[at + mark]) != std::string_view::npos)
            ++mark;
        if (out.parts.empty() ? mark > 0 : mark == 0) break;
        std::size_t end = at + mark;
        while (end < text.size() && is_digit(text[end]))
            ++end;
        if (end == at + mark) break;
        out.marked = out.marked || text.substr(at, mark).find_first_of("-()") != std::string_view::npos;
        out.parts.push_back(text.substr(at + mark, end - at - mark));
        out.ends.push_back(end);
        at = end;
    }
    return out;
}

bool is_phone(const Groups& groups, std::size_t count, bool plus) {
    std::size_t digits = 0;
    for (std::size_t i = 0; i < count; ++i)
        digits += groups.parts[i].size();
    const std::size_t last = groups.parts[count - 1].size();
    if (plus) return digits >= 10 && digits <= 15;
    const bool split = count >= 3 && (groups.marked || last == 2 || last == 4);
    if (digits == 11)
        return split && std::string_view("781").find(groups.parts[0][0]) != std::string_view::npos;
    if (digits == 10) return split;
    if (!groups.marked) return false;
    if (digits == 7) return groups.parts[0].size() == 3 && (count == 2 || (count == 3 && last == 2));
    return digits == 6 && count == 3 && groups.parts[0].size() == 2 && last == 2;
}

struct Ending {
    std::string_view ending;
    Gender gender;
    Case grammatical;
};
constexpr Ending endings_ru[] = {
    {"й", Gender::masculine, Case::nominative},     {"ый", Gender::masculine, Case::nominative},
    {"ий", Gender::masculine, Case::nominative},    {"ой", Gender::feminine, Case::genitive},
    {"я", Gender::feminine, Case::nominative},      {"ая", Gender::feminine, Case::nominative},
    {"е", Gender::neuter, Case::nominative},        {"ое", Gender::neuter, Case::nominative},
    {"го", Gender::masculine, Case::genitive},      {"ого", Gender::masculine, Case::genitive},
    {"му", Gender::masculine, Case::dative},        {"ому", Gender::masculine, Case::dative},
    {"ым", Gender::masculine, Case::instrumental},  {"м", Gender::masculine, Case::prepositional},
    {"ом", Gender::masculine, Case::prepositional}, {"ю", Gender::feminine, Case::accusative},
    {"ую", Gender::feminine, Case::accusative},
};

std::optional<Said> ordinal_ru_at(std::string_view text, std::size_t digits, int value) {
    if (digits >= text.size() || text[digits] != '-') return std::nullopt;
    const std::string word = next_word(text.substr(digits + 1));
    if (word.empty() || is_digit(word[0]) || (word[0] >= 'a' && word[0] <= 'z')) return std::nullopt;
    const std::size_t bytes = digits + 1 + word.size();
    for (const auto& ending : endings_ru)
        if (word == ending.ending) return Said{ordinal_ru(value, ending.gender, ending.grammatical), bytes};
    if (is_one_of(word, {"ти", "и", "х"}))
        return Said{cardinal_ru(value, Gender::masculine, Case::genitive), bytes};
    constexpr std::size_t shortest_word = 4;  // letters: «2-комнатная»
    if (pbx::text::columns(word) < shortest_word) return std::nullopt;
    return Said{joined_ru(value), digits + 1, true};
}
}  // namespace

bool is_letter_at(std::string_view text, std::size_t at) {
    while (at > 0 && is_continuation(text[at]))
        --at;
    const auto c = static_cast<unsigned char>(text[at]);
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= 0xC3 && c <= 0xD4);  // Latin with marks, Cyrillic
}

std::string last_word(std::string_view text) {
    if (text.ends_with(' ')) {
        text.remove_suffix(1);
    } else if (text.ends_with("\u00A0")) {
        text.remove_suffix(2);
    }
    std::size_t start = text.size();
    while (start > 0 && is_letter_at(text, start - 1))
        --start;
    return pbx::text::lower(text.substr(start));
}

std::string next_word(std::string_view text, std::size_t n) {
    for (;; --n) {
        if (text.starts_with(' '))
            text.remove_prefix(1);
        else if (text.starts_with("\u00A0"))
            text.remove_prefix(2);
        std::size_t end = 0;
        while (end < text.size() && is_letter_at(text, end))
            ++end;
        if (n == 0) return pbx::text::lower(text.substr(0, end));
        if (end == 0) return {};
        text.remove_prefix(end);
    }
}

std::optional<Said> say_phone(Language language, const Figure& figure) {
    const bool plus = figure.rest.starts_with('+');
    const Groups groups = groups_of(figure.rest.substr(plus ? 1 : 0));
    for (std::size_t count = groups.parts.size(); count > 0; --count) {
        if (!is_phone(groups, count, plus)) continue;
        const auto parts = std::span(groups.parts).first(count);
        const std::string sign = !plus ? "" : language == Language::ru ? "плюс " : "plus ";
        const bool short_groups =
            std::all_of(parts.begin(), parts.end(), [](auto part) { return part.size() <= 4; });
        std::string digits;
        for (auto part : parts)
            digits += part;
        const std::string words =
            short_groups ? spoken_groups(language, parts) : spoken_digits(language, digits);
        return Said{sign + words, groups.ends[count - 1] + (plus ? 1 : 0)};
    }
    return std::nullopt;
}

std::optional<Said> say_ordinal(Language language, const Figure& figure) {
    constexpr std::size_t most_digits = 6;
    const auto text = figure.rest;
    const auto digits =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
    if (digits == 0 || digits > most_digits || text[0] == '0') return std::nullopt;
    const int value = static_cast<int>(*pbx::text::to_integer(text.substr(0, digits)));
    if (language == Language::ru) return ordinal_ru_at(text, digits, value);
    if (!is_one_of(next_word(text.substr(digits)), {"st", "nd", "rd", "th"}) || text[digits] == ' ')
        return std::nullopt;
    return Said{ordinal_en(value), digits + 2};
}

}  // namespace pbx::dialog::readers
