// Russian cardinals: a table of all cases, and the numbers put together from it.
#include "core/text.hpp"
#include "dialog/readers/numerals.hpp"

#include <array>

namespace pbx::dialog::readers {

namespace {
using Cases = std::array<std::string_view, 6>;  // in the order of enum Case

constexpr Cases zero{"ноль", "нуля", "нулю", "ноль", "нулём", "нуле"};
constexpr std::array<Cases, 3> one{{
    {"один", "одного", "одному", "один", "одним", "одном"},
    {"одна", "одной", "одной", "одну", "одной", "одной"},
    {"одно", "одного", "одному", "одно", "одним", "одном"},
}};
constexpr std::array<Cases, 3> two{{
    {"два", "двух", "двум", "два", "двумя", "двух"},
    {"две", "двух", "двум", "две", "двумя", "двух"},
    {"два", "двух", "двум", "два", "двумя", "двух"},
}};
constexpr std::array<Cases, 17> from_three{{
    {"три", "трёх", "трём", "три", "тремя", "трёх"},
    {"четыре", "четырёх", "четырём", "четыре", "четырьмя", "четырёх"},
    {"пять", "пяти", "пяти", "пять", "пятью", "пяти"},
    {"шесть", "шести", "шести", "шесть", "шестью", "шести"},
    {"семь", "семи", "семи", "семь", "семью", "семи"},
    {"восемь", "восьми", "восьми", "восемь", "восемью", "восьми"},
    {"девять", "девяти", "девяти", "девять", "девятью", "девяти"},
    {"десять", "десяти", "десяти", "десять", "десятью", "десяти"},
    {"одиннадцать", "одиннадцати", "одиннадцати", "одиннадцать", "одиннадцатью", "одиннадцати"},
    {"двенадцать", "двенадцати", "двенадцати", "двенадцать", "двенадцатью", "двенадцати"},
    {"тринадцать", "тринадцати", "тринадцати", "тринадцать", "тринадцатью", "тринадцати"},
    {"четырнадцать", "четырнадцати", "четырнадцати", "четырнадцать", "четырнадцатью", "четырнадцати"},
    {"пятнадцать", "пятнадцати", "пятнадцати", "пятнадцать", "пятнадцатью", "пятнадцати"},
    {"шестнадцать", "шестнадцати", "шестнадцати", "шестнадцать", "шестнадцатью", "шестнадцати"},
    {"семнадцать", "семнадцати", "семнадцати", "семнадцать", "семнадцатью", "семнадцати"},
    {"восемнадцать", "восемнадцати", "восемнадцати", "восемнадцать", "восемнадцатью", "восемнадцати"},
    {"девятнадцать", "девятнадцати", "девятнадцати", "девятнадцать", "девятнадцатью", "девятнадцати"},
}};
constexpr std::array<Cases, 8> tens{{
    {"двадцать", "двадцати", "двадцати", "двадцать", "двадцатью", "двадцати"},
    {"тридцать", "тридцати", "тридцати", "тридцать", "тридцатью", "тридцати"},
    {"сорок", "сорока", "сорока", "сорок", "сорока", "сорока"},
    {"пятьдесят", "пятидесяти", "пятидесяти", "пятьдесят", "пятьюдесятью", "пятидесяти"},
    {"шестьдесят", "шестидесяти", "шестидесяти", "шестьдесят", "шестьюдесятью", "шестидесяти"},
    {"семьдесят", "семидесяти", "семидесяти", "семьдесят", "семьюдесятью", "семидесяти"},
    {"восемьдесят", "восьмидесяти", "восьмидесяти", "восемьдесят", "восемьюдесятью", "восьмидесяти"},
    {"девяносто", "девяноста", "девяноста", "девяносто", "девяноста", "девяноста"},
}};
constexpr std::array<Cases, 9> hundreds{{
    {"сто", "ста", "ста", "сто", "ста", "ста"},
    {"двести", "двухсот", "двумстам", "двести", "двумястами", "двухстах"},
    {"триста", "трёхсот", "трёмстам", "триста", "тремястами", "трёхстах"},
    {"четыреста", "четырёхсот", "четырёмстам", "четыреста", "четырьмястами", "четырёхстах"},
    {"пятьсот", "пятисот", "пятистам", "пятьсот", "пятьюстами", "пятистах"},
    {"шестьсот", "шестисот", "шестистам", "шестьсот", "шестьюстами", "шестистах"},
    {"семьсот", "семисот", "семистам", "семьсот", "семьюстами", "семистах"},
    {"восемьсот", "восьмисот", "восьмистам", "восемьсот", "восемьюстами", "восьмистах"},
    {"девятьсот", "девятисот", "девятистам", "девятьсот", "девятьюстами", "девятистах"},
}};

struct Scale {
    long long value;
    Gender gender;
    Cases singular, plural;
};
constexpr std::array<Scale, 4> scales{{
    {1'000'000'000'000,
     Gender::masculine,
     {"триллион", "триллиона", "триллиону", "триллион", "триллионом", "триллионе"},
     {"триллионы", "триллионов", "триллионам", "триллионы", "триллионами", "триллионах"}},
    {1'000'000'000,
     Gender::masculine,
     {"миллиард", "миллиарда", "миллиарду", "миллиард", "миллиардом", "миллиарде"},
     {"миллиарды", "миллиардов", "миллиардам", "миллиарды", "миллиардами", "миллиардах"}},
    {1'000'000,
     Gender::masculine,
     {"миллион", "миллиона", "миллиону", "миллион", "миллионом", "миллионе"},
     {"миллионы", "миллионов", "миллионам", "миллионы", "миллионами", "миллионах"}},
    {1'000,
     Gender::feminine,
     {"тысяча", "тысячи", "тысяче", "тысячу", "тысячей", "тысяче"},
     {"тысячи", "тысяч", "тысячам", "тысячи", "тысячами", "тысячах"}},
}};

std::size_t index(Case c) {
    return static_cast<std::size_t>(c);
}
std::size_t index(Gender g) {
    return static_cast<std::size_t>(g);
}
std::size_t place(long long digit) {
    return static_cast<std::size_t>(digit);
}

// After 1 the scale's own case, after 2-4 genitive singular, else genitive plural: in nominative and
// accusative. In the other cases the scale takes the case itself.
std::string_view scale_word(const Scale& scale, long long count, Case c) {
    const bool direct = c == Case::nominative || c == Case::accusative;
    switch (plural_ru(count)) {
        case Plural::one:
            return scale.singular[index(c)];
        case Plural::few:
            return direct ? scale.singular[index(Case::genitive)] : scale.plural[index(c)];
        case Plural::many:
            return direct ? scale.plural[index(Case::genitive)] : scale.plural[index(c)];
    }
    return {};
}

void put_below_thousand(std::vector<std::string>& out, long long n, Gender gender, Case c) {
    auto put = [&](const Cases& cases) { out.emplace_back(cases[index(c)]); };
    if (n >= 100) put(hundreds[place(n / 100 - 1)]);
    n %= 100;
    if (n >= 20) put(tens[place(n / 10 - 2)]);
    if (n >= 20) n %= 10;
    if (n == 1) put(one[index(gender)]);
    if (n == 2) put(two[index(gender)]);
    if (n >= 3) put(from_three[place(n - 3)]);
}

void put_forms(std::vector<Form>& out, const Cases& cases, Numeral numeral) {
    for (auto word : cases)
        out.push_back({std::string(word), numeral});
}
}  // namespace

Plural plural_ru(long long value) {
    const long long last_two = (value < 0 ? -value : value) % 100;
    const long long last = last_two % 10;
    if (last_two >= 11 && last_two <= 14) return Plural::many;
    if (last == 1) return Plural::one;
    return last >= 2 && last <= 4 ? Plural::few : Plural::many;
}

std::string cardinal_ru(long long value, Gender gender, Case c) {
    if (value == 0) return std::string(zero[index(c)]);
    std::vector<std::string> out;
    if (value < 0) out.emplace_back("минус");
    value = value < 0 ? -value : value;
    for (const auto& scale : scales) {
        const long long count = value / scale.value;
        value %= scale.value;
        if (count == 0) continue;
        // «тысяча двести», «миллион», but «два миллиона одна тысяча»
        const bool bare = count == 1 && out.empty();
        if (!bare) put_below_thousand(out, count, scale.gender, c);
        out.emplace_back(scale_word(scale, count, c));
    }
    put_below_thousand(out, value, gender, c);
    return pbx::text::join(out, " ");
}

std::vector<Form> all_forms_ru() {
    using Kind = Numeral::Kind;
    std::vector<Form> out;
    put_forms(out, zero, {Kind::zero, 0});
    for (const auto& cases : one)
        put_forms(out, cases, {Kind::unit, 1});
    for (const auto& cases : two)
        put_forms(out, cases, {Kind::unit, 2});
    for (std::size_t i = 0; i < from_three.size(); ++i)
        put_forms(out, from_three[i], {i < 7 ? Kind::unit : Kind::teen, static_cast<long long>(i) + 3});
    for (std::size_t i = 0; i < tens.size(); ++i)
        put_forms(out, tens[i], {Kind::ten, (static_cast<long long>(i) + 2) * 10});
    for (std::size_t i = 0; i < hundreds.size(); ++i)
        put_forms(out, hundreds[i], {Kind::hundred, (static_cast<long long>(i) + 1) * 100});
    for (const auto& scale : scales) {
        put_forms(out, scale.singular, {Kind::scale, scale.value});
        put_forms(out, scale.plural, {Kind::scale, scale.value});
    }
    return out;
}

}  // namespace pbx::dialog::readers
