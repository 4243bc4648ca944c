// Russian ordinals: only the last word is declined («две тысячи двадцать шестого»); round thousands and
// millions are one word («двадцатипятитысячный»).
#include "core/text.hpp"
#include "dialog/readers/figures.hpp"
#include "dialog/readers/numerals.hpp"

#include <array>
#include <unordered_map>

namespace pbx::dialog::readers {

namespace {
// What an adjective of this kind ends with, by gender and case.
using Endings = std::array<std::array<std::string_view, 6>, 3>;
constexpr Endings hard{{{"ый", "ого", "ому", "ый", "ым", "ом"},
                        {"ая", "ой", "ой", "ую", "ой", "ой"},
                        {"ое", "ого", "ому", "ое", "ым", "ом"}}};
constexpr Endings stressed{{{"ой", "ого", "ому", "ой", "ым", "ом"},
                            {"ая", "ой", "ой", "ую", "ой", "ой"},
                            {"ое", "ого", "ому", "ое", "ым", "ом"}}};
constexpr Endings third{{{"ий", "ьего", "ьему", "ий", "ьим", "ьем"},
                         {"ья", "ьей", "ьей", "ью", "ьей", "ьей"},
                         {"ье", "ьего", "ьему", "ье", "ьим", "ьем"}}};

struct Stem {
    int value;
    std::string_view stem;
    const Endings& endings;
};
const Stem stems[] = {
    {0, "нулев", stressed},
    {1, "перв", hard},
    {2, "втор", stressed},
    {3, "трет", third},
    {4, "четвёрт", hard},
    {5, "пят", hard},
    {6, "шест", stressed},
    {7, "седьм", stressed},
    {8, "восьм", stressed},
    {9, "девят", hard},
    {10, "десят", hard},
    {11, "одиннадцат", hard},
    {12, "двенадцат", hard},
    {13, "тринадцат", hard},
    {14, "четырнадцат", hard},
    {15, "пятнадцат", hard},
    {16, "шестнадцат", hard},
    {17, "семнадцат", hard},
    {18, "восемнадцат", hard},
    {19, "девятнадцат", hard},
    {20, "двадцат", hard},
    {30, "тридцат", hard},
    {40, "сороков", stressed},
    {50, "пятидесят", hard},
    {60, "шестидесят", hard},
    {70, "семидесят", hard},
    {80, "восьмидесят", hard},
    {90, "девяност", hard},
    {100, "сот", hard},
    {200, "двухсот", hard},
    {300, "трёхсот", hard},
    {400, "четырёхсот", hard},
    {500, "пятисот", hard},
    {600, "шестисот", hard},
    {700, "семисот", hard},
    {800, "восьмисот", hard},
    {900, "девятисот", hard},
    {1000, "тысячн", hard},
    {1'000'000, "миллионн", hard},
    {1'000'000'000, "миллиардн", hard},
};

std::string decline(const Stem& stem, Gender gender, Case c) {
    return std::string(stem.stem) +
           std::string(stem.endings[static_cast<std::size_t>(gender)][static_cast<std::size_t>(c)]);
}

const Stem* stem_of(int value) {
    for (const auto& stem : stems)
        if (stem.value == value) return &stem;
    return nullptr;
}

// «двадцати одного» as the front of «двадцатиоднотысячный»: genitives run together, but «сто», «девяносто».
std::string joined_prefix(int count) {
    if (count == 1) return {};
    const std::string words = cardinal_ru(count, Gender::masculine, Case::genitive);
    std::string out;
    for (auto word : pbx::text::words(words)) {
        if (word == "одного") word = "одно";
        if (word == "ста") word = "сто";
        if (word == "девяноста") word = "девяносто";
        out += word;
    }
    return out;
}

// The last part of the value, the one that becomes an ordinal word: 2026 -> 6, 2000 -> 2000, 1900 -> 900, 30
// -> 30.
int ordinal_part(int value) {
    for (int scale : {1'000'000, 1'000})
        if (value % scale == 0) {
            const int count = value / scale % 1'000;
            return count == 0 ? value : count * scale;
        }
    const int below_hundred = value % 100;
    if (below_hundred == 0) return value % 1000;
    return below_hundred < 20 || below_hundred % 10 == 0 ? below_hundred : below_hundred % 10;
}

std::string last_word(int part, Gender gender, Case c) {
    if (const auto* stem = stem_of(part)) return decline(*stem, gender, c);
    for (int scale : {1'000'000'000, 1'000'000, 1'000})
        if (part % scale == 0) return joined_prefix(part / scale) + decline(*stem_of(scale), gender, c);
    return {};
}
}  // namespace

std::string ordinal_ru(int value, Gender gender, Case c) {
    if (value == 0) return last_word(0, gender, c);
    const int part = ordinal_part(value);
    const std::string last = last_word(part, gender, c);
    if (part == value) return last;
    return cardinal_ru(value - part, Gender::masculine, Case::nominative) + " " + last;
}

std::string joined_ru(int value) {
    return value == 1 ? "одно" : joined_prefix(value);
}

std::vector<OrdinalForm> all_ordinals_ru() {
    std::vector<OrdinalForm> out;
    for (const auto& stem : stems)
        for (auto gender : {Gender::masculine, Gender::feminine, Gender::neuter})
            for (int c = 0; c < 6; ++c)
                out.push_back(
                    {decline(stem, gender, static_cast<Case>(c)), stem.value, gender, static_cast<Case>(c)});
    for (int thousands = 2; thousands <= 9; ++thousands)  // years: «двухтысячного»
        for (auto gender : {Gender::masculine, Gender::feminine, Gender::neuter})
            for (int c = 0; c < 6; ++c)
                out.push_back({last_word(thousands * 1000, gender, static_cast<Case>(c)), thousands * 1000,
                               gender, static_cast<Case>(c)});
    return out;
}

}  // namespace pbx::dialog::readers
