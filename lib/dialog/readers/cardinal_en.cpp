// English cardinals and ordinals.
#include "core/text.hpp"
#include "dialog/readers/numerals.hpp"

#include <array>
#include <unordered_map>

namespace pbx::dialog::readers {

namespace {
constexpr std::array<std::string_view, 20> small{"zero",    "one",     "two",       "three",    "four",
                                                 "five",    "six",     "seven",     "eight",    "nine",
                                                 "ten",     "eleven",  "twelve",    "thirteen", "fourteen",
                                                 "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"};
constexpr std::array<std::string_view, 20> small_ordinals{
    "zeroth",     "first",     "second",    "third",       "fourth",     "fifth",     "sixth",
    "seventh",    "eighth",    "ninth",     "tenth",       "eleventh",   "twelfth",   "thirteenth",
    "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"};
constexpr std::array<std::string_view, 8> tens{"twenty", "thirty",  "forty",  "fifty",
                                               "sixty",  "seventy", "eighty", "ninety"};
constexpr std::array<std::string_view, 8> tens_ordinals{"twentieth", "thirtieth",  "fortieth",  "fiftieth",
                                                        "sixtieth",  "seventieth", "eightieth", "ninetieth"};

struct Scale {
    long long value;
    std::string_view word;
};
constexpr std::array<Scale, 4> scales{{{1'000'000'000'000, "trillion"},
                                       {1'000'000'000, "billion"},
                                       {1'000'000, "million"},
                                       {1'000, "thousand"}}};

std::string_view small_word(long long n) {
    return small[static_cast<std::size_t>(n)];
}

void put_below_thousand(std::vector<std::string>& out, long long n) {
    if (n >= 100) {
        out.emplace_back(small_word(n / 100));
        out.emplace_back("hundred");
    }
    n %= 100;
    if (n >= 20) out.emplace_back(tens[static_cast<std::size_t>(n / 10 - 2)]);
    if (n >= 20) n %= 10;
    if (n > 0) out.emplace_back(small_word(n));
}

using Table = std::unordered_map<std::string_view, Numeral>;

Table make_table() {
    using Kind = Numeral::Kind;
    Table table{{"hundred", {Kind::hundred, 100}}, {"hundreds", {Kind::hundred, 100}}};
    for (std::size_t i = 0; i < small.size(); ++i)
        table[small[i]] = {i == 0 ? Kind::zero : i < 10 ? Kind::unit : Kind::teen, static_cast<long long>(i)};
    for (std::size_t i = 0; i < tens.size(); ++i)
        table[tens[i]] = {Kind::ten, (static_cast<long long>(i) + 2) * 10};
    for (const auto& scale : scales)
        table[scale.word] = {Kind::scale, scale.value};
    table["thousands"] = {Kind::scale, 1'000};
    table["millions"] = {Kind::scale, 1'000'000};
    table["fourty"] = {Kind::ten, 40};
    table["nought"] = {Kind::zero, 0};
    return table;
}

std::string ordinal_of_word(std::string_view word) {
    for (std::size_t i = 0; i < small.size(); ++i)
        if (small[i] == word) return std::string(small_ordinals[i]);
    for (std::size_t i = 0; i < tens.size(); ++i)
        if (tens[i] == word) return std::string(tens_ordinals[i]);
    return std::string(word) + "th";  // hundredth, thousandth, millionth
}

std::optional<int> figure_ordinal(std::string_view word) {
    if (word.size() < 3) return std::nullopt;
    const auto ending = word.substr(word.size() - 2);
    if (!is_one_of(ending, {"st", "nd", "rd", "th"}) || !all_digits(word.substr(0, word.size() - 2)))
        return std::nullopt;
    const auto value = pbx::text::to_integer(word.substr(0, word.size() - 2));
    if (!value || *value > 9999) return std::nullopt;
    return static_cast<int>(*value);
}
}  // namespace

std::optional<Numeral> numeral_en(std::string_view word) {
    static const Table table = make_table();
    const auto found = table.find(word);
    if (found == table.end()) return std::nullopt;
    return found->second;
}

std::string cardinal_en(long long value) {
    if (value == 0) return "zero";
    std::vector<std::string> out;
    if (value < 0) out.emplace_back("minus");
    value = value < 0 ? -value : value;
    for (const auto& scale : scales) {
        const long long count = value / scale.value;
        value %= scale.value;
        if (count == 0) continue;
        put_below_thousand(out, count);
        out.emplace_back(scale.word);
    }
    put_below_thousand(out, value);
    return pbx::text::join(out, " ");
}

std::string ordinal_en(int value) {
    std::string words = cardinal_en(value);
    const auto last = words.rfind(' ') + 1;  // npos + 1 is 0: the only word
    return words.substr(0, last) + ordinal_of_word(std::string_view(words).substr(last));
}

std::optional<int> ordinal_word_en(std::string_view word) {
    static const auto table = [] {
        std::unordered_map<std::string_view, int> out{{"hundredth", 100}, {"thousandth", 1000}};
        for (std::size_t i = 0; i < small_ordinals.size(); ++i)
            out[small_ordinals[i]] = static_cast<int>(i);
        for (std::size_t i = 0; i < tens_ordinals.size(); ++i)
            out[tens_ordinals[i]] = static_cast<int>(i + 2) * 10;
        return out;
    }();
    const auto found = table.find(word);
    if (found != table.end()) return found->second;
    return figure_ordinal(word);
}

}  // namespace pbx::dialog::readers
