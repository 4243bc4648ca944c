// Days of the calendar as people mean them, and dates, times and money as they are said. Inside of the
// readers.
#pragma once

#include "dialog/readers/numerals.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace pbx::dialog::readers {

using Date = std::chrono::year_month_day;

[[nodiscard]] Date plus_days(Date date, int days);
[[nodiscard]] Date plus_months(Date date, int months);  // the 31st becomes the last day of a shorter month
// "friday": the next one, 1 to 7 days away; "this friday": 0 to 6; "next friday": that of the next week (from
// Monday).
enum class Which : std::uint8_t { coming, this_one, next };
[[nodiscard]] Date day_of_week(Date today, std::chrono::weekday day, Which which);
// "the fifth": the next such day from today on.
[[nodiscard]] std::optional<Date> coming_day(Date today, int day);
// "the fifth of march": this year's, or the next year's when it is past. A day that never is gives nothing.
[[nodiscard]] std::optional<Date> coming_day(Date today, int month, int day);
[[nodiscard]] std::optional<Date> date_of(int year, int month, int day);

struct DateTaken {
    Date date;
    std::size_t words;
};
// ISO dates and 22.11.2026 as an ear or a terminal may write them.
[[nodiscard]] std::optional<DateTaken> figure_date(Tokens words, Date today);
[[nodiscard]] std::optional<DateTaken> take_date_ru(Tokens words, Date today);
[[nodiscard]] std::optional<DateTaken> take_date_en(Tokens words, Date today);
[[nodiscard]] int month_ru(std::string_view word);  // «ноября», «ноябрь»: 11; 0 for none
[[nodiscard]] int month_en(std::string_view word);

struct Clock {
    int hour = 0, minute = 0;
    std::size_t words = 0;
};
[[nodiscard]] std::optional<Clock> take_time_ru(Tokens words, const Now& now);
[[nodiscard]] std::optional<Clock> take_time_en(Tokens words, const Now& now);

// An hour from 1 to 12 whose half of the day was not said: 1-6 are afternoon, 10-12 as said, and of 7-9 in
// the morning and 7-9 in the evening the one that comes next.
[[nodiscard]] Clock meant_by(Clock said, const Now& now);
// An answer by the clock from now: «через два часа».
[[nodiscard]] Clock from_now(const Now& now, long long minutes, std::size_t words);
// "17:05", "5:30" and the like; the bool: the hour is meant as written (05:30, 17:30).
struct FigureTime {
    Clock clock;
    bool as_written = false;
};
[[nodiscard]] std::optional<FigureTime> figure_time(std::string_view word);

[[nodiscard]] std::string spoken_date(Language language, Date date, bool with_year,
                                      Case grammatical = Case::nominative);
[[nodiscard]] std::string spoken_year(Language language, int year, Case grammatical = Case::genitive);
[[nodiscard]] std::string spoken_time(Language language, int hour, int minute,
                                      Case grammatical = Case::nominative);

struct Currency {
    std::string_view code;  // ISO 4217
    Gender gender;
    std::string_view forms_ru[3];  // рубль, рубля, рублей
    Gender part_gender;
    std::string_view part_forms_ru[3];  // копейка, копейки, копеек
    std::string_view forms_en[2], part_forms_en[2];
};
[[nodiscard]] const Currency* currency_by_code(std::string_view code);
// "руб", «рублей», "dollars", "₽", "$": null for none.
[[nodiscard]] const Currency* currency_named(std::string_view word);
[[nodiscard]] const Currency* currency_of_part(std::string_view word);  // «копеек», "cents"
// A null currency: the bare amount. Cases but the nominative and accusative are spoken as genitive.
[[nodiscard]] std::string spoken_money(Language language, long long whole, int parts,
                                       const Currency* currency, Case grammatical = Case::nominative);

}  // namespace pbx::dialog::readers
