// English dates: "tomorrow", "next friday", "the twenty first of november", "november twenty first", "in
// three days".
#include "core/text.hpp"
#include "dialog/readers/cursor.hpp"
#include "dialog/readers/dates.hpp"

namespace pbx::dialog::readers {

namespace {
using std::chrono::weekday;

std::optional<DateTaken> near_day(Cursor at, Date today) {
    if (at.take_one_of({"today", "tonight"})) return DateTaken{today, at.taken()};
    if (at.take_one_of({"tomorrow"})) return DateTaken{plus_days(today, 1), at.taken()};
    if (at.take_one_of({"yesterday"})) return DateTaken{plus_days(today, -1), at.taken()};
    at.take_one_of({"the"});
    if (at.take_all({"day", "after", "tomorrow"})) return DateTaken{plus_days(today, 2), at.taken()};
    return std::nullopt;
}

std::optional<weekday> weekday_en(std::string_view word) {
    constexpr std::string_view names[] = {"sunday",   "monday", "tuesday", "wednesday",
                                          "thursday", "friday", "saturday"};
    for (unsigned i = 0; i < 7; ++i)
        if (word == names[i]) return weekday(i);
    return std::nullopt;
}

Which which_en(Cursor& at) {
    if (at.take_one_of({"this"})) return Which::this_one;
    if (at.take_one_of({"next"})) return Which::next;
    at.take_one_of({"coming"});
    return Which::coming;
}

// "first", "twenty first", "21st"
int take_ordinal_day(Cursor& at) {
    const auto tens = numeral_en(at.word());
    const auto unit = ordinal_word_en(at.word(1));
    if (tens && tens->kind == Numeral::Kind::ten && unit && *unit >= 1 && *unit <= 9 &&
        tens->value + *unit <= 31) {
        at.take(2);
        return static_cast<int>(tens->value) + *unit;
    }
    const auto day = ordinal_word_en(at.word());
    if (!day || *day < 1 || *day > 31) return 0;
    at.take();
    return *day;
}

int take_cardinal_day(Cursor& at) {
    const auto day = take_cardinal(Language::en, at.rest());
    if (!day || day->value < 1 || day->value > 31) return 0;
    at.take(day->words);
    return static_cast<int>(day->value);
}

// "twenty twenty six", "nineteen oh five"
std::optional<Taken> year_in_halves(Tokens words) {
    Cursor at(words);
    const auto first = take_cardinal(Language::en, at.rest());
    if (!first || first->value < 19 || first->value > 20) return std::nullopt;
    at.take(first->words);
    const bool oh = at.take_one_of({"oh", "o"});
    const auto second = take_cardinal(Language::en, at.rest());
    if (!second || (oh ? second->value < 1 || second->value > 9 : second->value < 10 || second->value > 99))
        return std::nullopt;
    at.take(second->words);
    return Taken{first->value * 100 + second->value, at.taken()};
}

std::optional<int> take_year(Cursor& at) {
    auto year = year_in_halves(at.rest());
    if (!year) year = take_cardinal(Language::en, at.rest());
    if (!year || year->value < 1900 || year->value > 2999) return std::nullopt;
    at.take(year->words);
    return static_cast<int>(year->value);
}

std::optional<DateTaken> dated(Cursor at, int month, int day, Date today) {
    const auto year = take_year(at);
    const auto date = year ? date_of(*year, month, day) : coming_day(today, month, day);
    if (!date) return std::nullopt;
    return DateTaken{*date, at.taken()};
}

std::optional<DateTaken> month_first(Cursor at, Date today) {
    const int month = month_en(at.word());
    if (month == 0) return std::nullopt;
    at.take();
    at.take_one_of({"the"});
    int day = take_ordinal_day(at);
    if (day == 0) day = take_cardinal_day(at);
    if (day == 0) return std::nullopt;
    return dated(at, month, day, today);
}

std::optional<DateTaken> day_first(Cursor at, Date today) {
    const bool the = at.take_one_of({"the"});
    const bool figure = !at.word().empty() && at.word()[0] >= '0' && at.word()[0] <= '9';
    int day = take_ordinal_day(at);
    const bool alone = day != 0 && (the || figure);
    if (day == 0) day = take_cardinal_day(at);
    if (day == 0) return std::nullopt;
    Cursor further = at;
    further.take_one_of({"of"});
    if (const int month = month_en(further.word())) {
        further.take();
        return dated(further, month, day, today);
    }
    const auto date = alone ? coming_day(today, day) : std::nullopt;
    if (!date) return std::nullopt;
    return DateTaken{*date, at.taken()};
}

std::optional<DateTaken> after_while(Cursor at, Date today) {
    if (at.take_all({"next", "week"})) return DateTaken{plus_days(today, 7), at.taken()};
    if (at.take_all({"next", "month"})) return DateTaken{plus_months(today, 1), at.taken()};
    if (!at.take_one_of({"in"})) return std::nullopt;
    const bool one = at.take_one_of({"a", "one"});
    const auto count = one ? Taken{1, 0} : take_cardinal(Language::en, at.rest()).value_or(Taken{});
    constexpr long long most = 1000;
    if (count.value < 1 || count.value > most) return std::nullopt;
    at.take(count.words);
    const int n = static_cast<int>(count.value);
    if (at.take_one_of({"day", "days"})) return DateTaken{plus_days(today, n), at.taken()};
    if (at.take_one_of({"week", "weeks"})) return DateTaken{plus_days(today, 7 * n), at.taken()};
    if (at.take_one_of({"month", "months"})) return DateTaken{plus_months(today, n), at.taken()};
    if (at.take_one_of({"year", "years"})) return DateTaken{plus_months(today, 12 * n), at.taken()};
    return std::nullopt;
}
}  // namespace

int month_en(std::string_view word) {
    constexpr std::string_view names[] = {"january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december"};
    for (int i = 0; i < 12; ++i)
        if (word == names[i]) return i + 1;
    return 0;
}

std::optional<DateTaken> take_date_en(Tokens words, Date today) {
    Cursor at(words);
    if (auto date = after_while(at, today)) return date;
    at.take_one_of({"on", "for", "by", "from", "until"});
    if (auto date = figure_date(at.rest(), today)) return DateTaken{date->date, at.taken() + date->words};
    if (auto date = near_day(at, today)) return date;
    if (auto date = month_first(at, today)) return date;
    if (auto date = day_first(at, today)) return date;
    const Which which = which_en(at);
    if (const auto day = weekday_en(at.word()))
        return DateTaken{day_of_week(today, *day, which), at.taken() + 1};
    return std::nullopt;
}

}  // namespace pbx::dialog::readers
