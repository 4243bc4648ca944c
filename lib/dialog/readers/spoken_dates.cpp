// Dates and times of day in words.
#include "core/text.hpp"
#include "dialog/readers/dates.hpp"

namespace pbx::dialog::readers {

namespace {
constexpr std::string_view months_ru[] = {"января", "февраля", "марта",    "апреля",  "мая",    "июня",
                                          "июля",   "августа", "сентября", "октября", "ноября", "декабря"};
constexpr std::string_view months_en[] = {"january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december"};

std::string year_en(int year) {
    const int front = year / 100, back = year % 100;
    if (year < 1000 || year > 2999 || (year >= 2000 && year <= 2009) || front % 10 == 0) {
        if (year >= 2010 && year <= 2099) return cardinal_en(front) + " " + cardinal_en(back);
        return cardinal_en(year);
    }
    if (back == 0) return cardinal_en(front) + " hundred";
    return cardinal_en(front) + (back < 10 ? " oh " : " ") + cardinal_en(back);
}

std::string time_ru(int hour, int minute, Case c) {
    constexpr std::string_view nominative[] = {"час", "часа", "часов"};
    constexpr std::string_view dative[] = {"часу", "часам", "часам"};
    constexpr std::string_view genitive[] = {"часа", "часов", "часов"};
    const auto& hours = c == Case::dative ? dative : c == Case::genitive ? genitive : nominative;
    const std::string said = cardinal_ru(hour, Gender::masculine, c);
    if (minute == 0) return said + " " + std::string(hours[static_cast<std::size_t>(plural_ru(hour))]);
    const std::string minutes = cardinal_ru(minute, Gender::masculine, c);
    return said + (minute < 10 ? " " + cardinal_ru(0, Gender::masculine, c) : "") + " " + minutes;
}

std::string time_en(int hour, int minute) {
    if (minute == 0 && hour % 12 == 0) return hour == 0 ? "midnight" : "noon";
    std::string out = cardinal_en(hour % 12 == 0 ? 12 : hour % 12);
    if (minute != 0) out += (minute < 10 ? " oh " : " ") + cardinal_en(minute);
    return out + (hour < 12 ? " a m" : " p m");
}
}  // namespace

std::string spoken_year(Language language, int year, Case c) {
    if (language == Language::en) return year_en(year);
    const std::string_view word = c == Case::prepositional                         ? "году"
                                  : c == Case::nominative || c == Case::accusative ? "год"
                                                                                   : "года";
    return ordinal_ru(year, Gender::masculine, c) + " " + std::string(word);
}

std::string spoken_date(Language language, Date date, bool with_year, Case c) {
    const auto month = static_cast<unsigned>(date.month()) - 1;
    const int day = static_cast<int>(static_cast<unsigned>(date.day()));
    std::string out = language == Language::ru
                          ? ordinal_ru(day, Gender::neuter, c) + " " + std::string(months_ru[month])
                          : std::string(months_en[month]) + " " + ordinal_en(day);
    if (with_year) out += " " + spoken_year(language, static_cast<int>(date.year()));
    return out;
}

std::string spoken_time(Language language, int hour, int minute, Case c) {
    return language == Language::ru ? time_ru(hour, minute, c) : time_en(hour, minute);
}

}  // namespace pbx::dialog::readers
