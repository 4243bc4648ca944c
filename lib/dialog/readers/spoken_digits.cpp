// Long runs of digits said in groups, as telephone numbers are.
#include "core/text.hpp"
#include "dialog/readers/numerals.hpp"

namespace pbx::dialog::readers {

namespace {
using Sizes = std::vector<std::size_t>;

// How people group a number of this length; a longer one goes by threes.
Sizes sizes_ru(std::string_view digits) {
    const std::size_t n = digits.size();
    if (n == 11 && (digits[0] == '7' || digits[0] == '8')) return {1, 3, 3, 2, 2};
    if (n == 10) return {3, 3, 2, 2};
    if (n == 7) return {3, 2, 2};
    if (n == 6) return {2, 2, 2};
    if (n == 5) return {3, 2};
    if (n == 4) return {2, 2};
    if (n <= 3) return {n};
    Sizes out(n / 3, 3);
    if (n % 3 == 2) out.push_back(2);
    if (n % 3 == 1) out.back() = 2, out.push_back(2);
    return out;
}

Sizes sizes_en(std::string_view digits) {
    const std::size_t n = digits.size();
    if (n <= 4) return {n};
    if (n == 11 && digits[0] == '1') return {1, 3, 3, 4};
    Sizes out(n / 3, 3);
    if (n % 3 == 1) out.back() = 4;
    if (n % 3 == 2) out.push_back(2);
    return out;
}

std::string one_by_one(Language language, std::string_view digits) {
    std::string out;
    for (char digit : digits) {
        if (!out.empty()) out += ' ';
        out += cardinal(language, digit - '0');
    }
    return out;
}

// «семьсот, двадцать» would be heard as 720: does `next` begin with what the end of `group` has room for?
bool runs_into(Language language, std::string_view group, std::string_view next) {
    using Kind = Numeral::Kind;
    const auto last = numeral(language, fold_yo(group.substr(group.rfind(' ') + 1)));
    const auto first = numeral(language, fold_yo(next.substr(0, next.find(' '))));
    if (!last || !first || first->kind == Kind::zero) return false;
    return (last->kind == Kind::hundred && first->value < 100) ||
           (last->kind == Kind::ten && first->kind == Kind::unit);
}
}  // namespace

std::string spoken_group(Language language, std::string_view digits) {
    if (language == Language::en) return one_by_one(language, digits);
    const auto zeros = std::min(digits.find_first_not_of('0'), digits.size());
    std::string out = one_by_one(language, digits.substr(0, zeros));
    if (zeros == digits.size()) return out;
    const auto value = pbx::text::to_integer(digits.substr(zeros));
    return out + (out.empty() ? "" : " ") + cardinal(language, value.value_or(0));
}

std::string spoken_groups(Language language, std::span<const std::string_view> groups) {
    std::vector<std::string> out(groups.size());
    for (std::size_t i = groups.size(); i-- > 0;) {
        out[i] = spoken_group(language, groups[i]);
        if (i + 1 < groups.size() && runs_into(language, out[i], out[i + 1]))
            out[i] = one_by_one(language, groups[i]);
    }
    return pbx::text::join(out, ", ");
}

std::string spoken_digits(Language language, std::string_view digits) {
    std::vector<std::string_view> groups;
    for (std::size_t size : language == Language::ru ? sizes_ru(digits) : sizes_en(digits)) {
        groups.push_back(digits.substr(0, size));
        digits.remove_prefix(size);
    }
    return spoken_groups(language, groups);
}

}  // namespace pbx::dialog::readers
