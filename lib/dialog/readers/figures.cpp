#include "dialog/readers/figures.hpp"

#include "core/text.hpp"
#include "dialog/readers/dates.hpp"

#include <algorithm>

namespace pbx::dialog::readers {

namespace {
constexpr std::string_view blanks[] = {" ", "\u00A0", "\u202F"};

bool is_digit(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
}

std::size_t digits_at(std::string_view text, std::size_t at) {
    std::size_t n = 0;
    while (is_digit(text, at + n))
        ++n;
    return n;
}

std::size_t blank_at(std::string_view text, std::size_t at) {
    for (auto blank : blanks)
        if (text.substr(std::min(at, text.size())).starts_with(blank)) return blank.size();
    return 0;
}

// Bytes of the separator between groups of three at `at`; 0 for none.
std::size_t group_mark(Language language, std::string_view text, std::size_t at) {
    std::size_t mark = blank_at(text, at);
    if (language == Language::en && at < text.size() && text[at] == ',') mark = 1;
    return mark > 0 && digits_at(text, at + mark) == 3 ? mark : 0;
}

long long value_of(const Written& number) {
    return pbx::text::to_integer(number.digits).value_or(0);
}

// Whole numbers so long are read digit by digit.
bool too_long(const Written& number) {
    constexpr std::size_t most = 15;  // digits of largest_spoken
    return number.digits.size() > most;
}

std::string sign(Language language, bool negative) {
    return !negative ? "" : language == Language::ru ? "минус " : "minus ";
}

std::optional<int> number_at(std::string_view text, std::size_t at, std::size_t digits) {
    if (digits_at(text, at) != digits) return std::nullopt;
    return static_cast<int>(*pbx::text::to_integer(text.substr(at, digits)));
}

// A date in words, with its year when it is another one.
Said said_date(Language language, const Figure& figure, Date date, std::size_t bytes) {
    const bool with_year = figure.this_year && *figure.this_year != static_cast<int>(date.year());
    Case c = case_after(language, figure.before);
    if (c != Case::genitive && c != Case::dative) c = Case::nominative;
    return {spoken_date(language, date, with_year, c), bytes};
}

// The currency written after a number: "руб.", "₽", "USD"; with a fraction also «рублей». And
// the bytes up to its end.
struct Named {
    const Currency* currency = nullptr;
    std::size_t end = 0;
};
Named currency_after(std::string_view text, std::size_t at, bool fraction) {
    const std::size_t blank = blank_at(text, at);
    const auto rest = text.substr(at + blank);
    for (std::string_view mark : {"₽", "$", "€", "£"})
        if (rest.starts_with(mark)) return {currency_named(mark), at + blank + mark.size()};
    const std::string word = next_word(rest);
    const bool abbreviation = is_one_of(word, {"руб", "р", "rub", "usd", "eur", "gbp"});
    const auto* currency = abbreviation || fraction ? currency_named(word) : nullptr;
    if (!currency) return {};
    std::size_t end = at + blank + word.size();
    // the full stop of «руб.» goes, that of the sentence stays
    const bool stop =
        is_one_of(word, {"руб", "р"}) && text.substr(end).starts_with(".") && end + 1 < text.size();
    return {currency, end + (stop ? 1 : 0)};
}

// «на 5 этаже» is the fifth: nouns that stand in the singular after any number are numbered, not counted.
std::optional<Case> numbered(std::string_view noun) {
    if (is_one_of(noun, {"этаж", "подъезд", "класс", "корпус", "курс", "ряд"})) return Case::nominative;
    if (is_one_of(noun, {"этаже", "подъезде", "классе", "корпусе", "курсе", "ряду"}))
        return Case::prepositional;
    return std::nullopt;
}

std::string percent_word(Language language, const Written& number, Case c) {
    if (language == Language::en) return "percent";
    if (!number.fraction.empty()) return "процента";
    const bool direct = c == Case::nominative || c == Case::accusative;
    const Plural plural = plural_ru(value_of(number));
    if (plural == Plural::one) return direct ? "процент" : "процента";
    return plural == Plural::few && direct ? "процента" : "процентов";
}
}  // namespace

std::optional<Written> written_number(Language language, std::string_view text) {
    Written out;
    for (std::string_view minus : {"-", "−"})
        if (text.starts_with(minus)) out.negative = true, out.bytes = minus.size();
    if (text.starts_with('+')) out.bytes = 1;
    const std::size_t first = digits_at(text, out.bytes);
    if (first == 0) return std::nullopt;
    out.digits = text.substr(out.bytes, first);
    out.bytes += first;
    while (first <= 3 && out.digits[0] != '0') {
        const std::size_t mark = group_mark(language, text, out.bytes);
        if (mark == 0) break;
        out.digits += text.substr(out.bytes + mark, 3);
        out.bytes += mark + 3;
    }
    const bool point = out.bytes < text.size() &&
                       (text[out.bytes] == '.' || (language == Language::ru && text[out.bytes] == ','));
    const std::size_t fraction = point ? digits_at(text, out.bytes + 1) : 0;
    if (fraction > 0) out.fraction = text.substr(out.bytes + 1, fraction);
    out.bytes += fraction > 0 ? fraction + 1 : 0;
    return out;
}

std::optional<Said> say_date(Language language, const Figure& figure) {
    const auto text = figure.rest;
    if (const auto y = number_at(text, 0, 4), m = number_at(text, 5, 2), d = number_at(text, 8, 2);
        y && m && d && text[4] == '-' && text[7] == '-')
        if (const auto date = date_of(*y, *m, *d)) return said_date(language, figure, *date, 10);
    const std::size_t day = digits_at(text, 0);
    if (day < 1 || day > 2 || text.size() < day + 8 || text[day] != '.' || text[day + 3] != '.')
        return std::nullopt;
    const auto d = number_at(text, 0, day), m = number_at(text, day + 1, 2), y = number_at(text, day + 4, 4);
    const auto date = d && m && y ? date_of(*y, *m, *d) : std::nullopt;
    if (!date) return std::nullopt;
    return said_date(language, figure, *date, day + 8);
}

std::optional<Said> say_time(Language language, const Figure& figure) {
    const auto text = figure.rest;
    const std::size_t hours = digits_at(text, 0);
    if (hours < 1 || hours > 2 || text.size() < hours + 3 || text[hours] != ':') return std::nullopt;
    const auto hour = number_at(text, 0, hours), minute = number_at(text, hours + 1, 2);
    if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
    std::size_t bytes = hours + 3;
    if (text.substr(bytes).starts_with(":") && digits_at(text, bytes + 1) == 2)
        bytes += 3;  // seconds are not said
    int of_day = *hour;
    if (language == Language::en) {
        const std::size_t blank = blank_at(text, bytes);
        const std::string part = next_word(text.substr(bytes + blank));
        if (is_one_of(part, {"am", "pm"}) && of_day <= 12) {
            of_day = of_day % 12 + (part == "pm" ? 12 : 0);
            bytes += blank + 2;
        }
    }
    Case c = case_after(language, figure.before);
    if (c != Case::genitive && c != Case::dative) c = Case::nominative;
    return Said{spoken_time(language, of_day, *minute, c), bytes};
}

std::optional<Said> say_money(Language language, const Figure& figure) {
    auto text = figure.rest;
    const Currency* currency = nullptr;
    std::size_t front = 0;
    for (std::string_view mark : {"$", "€", "£"})
        if (text.starts_with(mark)) currency = currency_named(mark), front = mark.size();
    const auto number = written_number(language, text.substr(front));
    if (!number || too_long(*number) || number->fraction.size() > 2) return std::nullopt;
    std::size_t end = front + number->bytes;
    if (!currency) {
        const Named named = currency_after(text, end, !number->fraction.empty());
        currency = named.currency;
        end = named.end;
    }
    if (!currency) return std::nullopt;
    const std::string cents = (number->fraction + "00").substr(0, 2);
    const int parts = static_cast<int>(*pbx::text::to_integer(cents));
    const std::string words =
        spoken_money(language, value_of(*number), parts, currency, case_after(language, figure.before));
    return Said{sign(language, number->negative) + words, end};
}

std::optional<Said> say_percent(Language language, const Figure& figure) {
    const auto number = written_number(language, figure.rest);
    if (!number || too_long(*number)) return std::nullopt;
    const std::size_t end = number->bytes + blank_at(figure.rest, number->bytes);
    if (end >= figure.rest.size() || figure.rest[end] != '%') return std::nullopt;
    Case c = case_after(language, figure.before);
    if (c != Case::genitive) c = Case::nominative;
    const Quantity quantity{number->negative, value_of(*number), number->fraction, 0};
    return Said{
        spoken_quantity(language, quantity, Gender::masculine, c) + " " + percent_word(language, *number, c),
        end + 1};
}

std::optional<Said> say_digits(Language language, const Figure& figure) {
    constexpr std::size_t shortest_long = 7;  // from here on it is a name, not a number, unless it is round
    const std::size_t digits = digits_at(figure.rest, 0);
    const auto run = figure.rest.substr(0, digits);
    const auto number = written_number(language, figure.rest);
    if (!number || digits == 0) return std::nullopt;
    const bool zeros = digits > 1 && run[0] == '0';
    const bool name = digits >= shortest_long && !run.ends_with("000") && number->fraction.empty();
    if (!zeros && !name && !too_long(*number)) return std::nullopt;
    return Said{spoken_digits(language, run), digits};
}

Said say_number(Language language, const Figure& figure) {
    const auto number = written_number(language, figure.rest);
    if (!number || too_long(*number)) {
        const std::size_t skip = std::min(figure.rest.find_first_of("0123456789"), figure.rest.size());
        const std::size_t digits = digits_at(figure.rest, skip);
        const bool minus = figure.rest.starts_with("-") || figure.rest.starts_with("−");
        return {sign(language, minus) + spoken_digits(language, figure.rest.substr(skip, digits)),
                skip + digits};
    }
    const std::string plus = !figure.rest.starts_with('+') ? ""
                             : language == Language::ru    ? "плюс "
                                                           : "plus ";
    const Quantity quantity{number->negative, value_of(*number), number->fraction, 0};
    if (!number->fraction.empty()) return {plus + spoken_quantity(language, quantity), number->bytes};
    const auto after = figure.rest.substr(number->bytes);
    const int small = static_cast<int>(std::min<long long>(quantity.whole, 1'000'000));
    if (language == Language::en) {
        const bool day =
            small >= 1 && small <= 31 && (month_en(last_word(figure.before)) || month_en(next_word(after)));
        return {
            plus + sign(language, number->negative) + (day ? ordinal_en(small) : cardinal_en(quantity.whole)),
            number->bytes};
    }
    const auto [gender, grammatical] = agreement_ru(quantity.whole, figure.before, after);
    if (month_ru(next_word(after)) && small >= 1 &&
        small <= 31) {  // «22 ноября»: when it happens, so a genitive
        const std::string previous = last_word(figure.before);
        const Case c = grammatical != Case::nominative     ? grammatical
                       : is_one_of(previous, {"на", "по"}) ? Case::accusative
                                                           : Case::genitive;
        return {ordinal_ru(small, Gender::neuter, c), number->bytes};
    }
    if (const auto c = numbered(next_word(after)); c && small <= 1000)
        return {ordinal_ru(small, Gender::masculine, *c), number->bytes};
    const std::string year = next_word(after);
    if (small >= 1000 && small <= 2999 && is_one_of(year, {"год", "года", "году", "г"})) {
        const Case c = year == "году"  ? Case::prepositional
                       : year == "год" ? Case::nominative
                                       : Case::genitive;
        return {ordinal_ru(small, Gender::masculine, c), number->bytes};
    }
    return {plus + sign(language, number->negative) + cardinal_ru(quantity.whole, gender, grammatical),
            number->bytes};
}

}  // namespace pbx::dialog::readers
