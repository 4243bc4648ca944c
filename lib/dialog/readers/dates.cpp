#include "dialog/readers/dates.hpp"

#include "core/text.hpp"

#include <array>

namespace pbx::dialog::readers {

namespace {
using namespace std::chrono;

std::optional<int> figures(std::string_view word, std::size_t most) {
    if (!all_digits(word) || word.size() > most) return std::nullopt;
    return static_cast<int>(*pbx::text::to_integer(word));
}

// "22.11.2026", "22.11"
std::optional<Date> dotted(std::string_view word, Date today) {
    const auto parts = pbx::text::split(word, '.');
    if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
    const auto day = figures(parts[0], 2), month = figures(parts[1], 2);
    if (!day || !month || parts[1].size() != 2) return std::nullopt;
    if (parts.size() == 2) return coming_day(today, *month, *day);
    const auto year = figures(parts[2], 4);
    return year && parts[2].size() == 4 ? date_of(*year, *month, *day) : std::nullopt;
}

std::string two(unsigned n) {
    return (n < 10 ? "0" : "") + std::to_string(n);
}
}  // namespace

Date plus_days(Date date, int n) {
    return sys_days(date) + days(n);
}

Date plus_months(Date date, int n) {
    const Date moved = date + months(n);
    return moved.ok() ? moved : Date(moved.year() / moved.month() / last);
}

Date day_of_week(Date today, weekday day, Which which) {
    const auto now = sys_days(today);
    const auto monday = now - (weekday(now) - Monday);
    switch (which) {
        case Which::next:
            return monday + days(7) + (day - Monday);
        case Which::this_one:
            return now + (day - weekday(now));
        case Which::coming:
            break;
    }
    const auto ahead = day - weekday(now);
    return now + (ahead.count() == 0 ? days(7) : ahead);
}

std::optional<Date> coming_day(Date today, int day) {
    Date first = today.year() / today.month() / 1;
    for (int i = 0; i < 12; ++i) {
        const Date date = first.year() / first.month() / day;
        if (date.ok() && date >= today) return date;
        first = first + months(1);
    }
    return std::nullopt;
}

std::optional<Date> coming_day(Date today, int month, int day) {
    constexpr int years_to_a_leap_day = 8;  // 2096 to 2104
    for (int i = 0; i <= years_to_a_leap_day; ++i) {
        const auto date = date_of(static_cast<int>(today.year()) + i, month, day);
        if (date && *date >= today) return date;
    }
    return std::nullopt;
}

std::optional<Date> date_of(int y, int m, int d) {
    if (y < 1 || y > 9999 || m < 1 || m > 12 || d < 1 || d > 31) return std::nullopt;
    const Date date = year(y) / m / d;
    if (!date.ok()) return std::nullopt;
    return date;
}

std::optional<DateTaken> figure_date(Tokens words, Date today) {
    if (words.empty()) return std::nullopt;
    if (const auto date = dotted(words[0], today)) return DateTaken{*date, 1};
    if (words.size() < 3 || words[0].size() != 4) return std::nullopt;
    const auto y = figures(words[0], 4), m = figures(words[1], 2), d = figures(words[2], 2);
    const auto date = y && m && d ? date_of(*y, *m, *d) : std::nullopt;
    if (!date) return std::nullopt;
    return DateTaken{*date, 3};
}

Clock meant_by(Clock said, const Now& now) {
    const bool next_is_evening = now.hour * 60 + now.minute >= said.hour * 60 + said.minute;
    if (said.hour >= 1 && said.hour <= 6) said.hour += 12;
    if (said.hour >= 7 && said.hour <= 9 && next_is_evening &&
        now.hour * 60 + now.minute < (said.hour + 12) * 60 + said.minute)
        said.hour += 12;
    return said;
}

Clock from_now(const Now& now, long long minutes, std::size_t words) {
    constexpr long long day = 24 * 60;
    const long long at = (now.hour * 60 + now.minute + minutes % day) % day;
    return {static_cast<int>(at / 60), static_cast<int>(at % 60), words};
}

std::optional<FigureTime> figure_time(std::string_view word) {
    const auto mark = word.find_first_of(":.");
    if (mark == std::string_view::npos || mark > 2 || word.size() != mark + 3) return std::nullopt;
    const auto hour = figures(word.substr(0, mark), 2), minute = figures(word.substr(mark + 1), 2);
    if (!hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
    return FigureTime{{*hour, *minute, 1}, *hour > 12 || *hour == 0 || word[0] == '0'};
}

std::optional<Reading> read_date(Language language, Tokens words, const Now& now) {
    const auto taken =
        language == Language::ru ? take_date_ru(words, now.date) : take_date_en(words, now.date);
    if (!taken) return std::nullopt;
    const auto& date = taken->date;
    const std::string year = std::to_string(static_cast<int>(date.year()));
    return Reading{.value = std::string(4 - year.size(), '0') + year + "-" +
                            two(static_cast<unsigned>(date.month())) + "-" +
                            two(static_cast<unsigned>(date.day())),
                   .unit = {},
                   .shown = spoken_date(language, date, date.year() != now.date.year()),
                   .words = taken->words};
}

std::optional<Reading> read_time(Language language, Tokens words, const Now& now) {
    const auto taken = language == Language::ru ? take_time_ru(words, now) : take_time_en(words, now);
    if (!taken) return std::nullopt;
    return Reading{
        .value = two(static_cast<unsigned>(taken->hour)) + ":" + two(static_cast<unsigned>(taken->minute)),
        .unit = {},
        .shown = spoken_time(language, taken->hour, taken->minute),
        .words = taken->words};
}

}  // namespace pbx::dialog::readers
