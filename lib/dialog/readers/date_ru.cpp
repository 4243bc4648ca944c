// Russian dates: «завтра», «в следующую среду», «двадцать первого ноября две тысячи двадцать шестого года»,
// «через три дня».
#include "core/text.hpp"
#include "dialog/readers/cursor.hpp"
#include "dialog/readers/dates.hpp"

namespace pbx::dialog::readers {

namespace {
using std::chrono::weekday;

constexpr int latest_short_year = 10;  // «двадцать шестого года»: up to ten years ahead is this century

std::optional<int> near_day(std::string_view word) {
    if (word == "сегодня") return 0;
    if (word == "завтра") return 1;
    if (word == "послезавтра") return 2;
    if (word == "вчера") return -1;
    if (word == "позавчера") return -2;
    return std::nullopt;
}

std::optional<weekday> weekday_ru(std::string_view word) {
    constexpr std::string_view stems[] = {"воскресень", "понедельник", "вторник", "сред",
                                          "четверг",    "пятниц",      "суббот"};
    for (unsigned i = 0; i < 7; ++i)
        if (word.starts_with(stems[i]) &&
            is_one_of(word.substr(stems[i].size()),
                      {"", "а", "у", "ы", "е", "я", "ю", "ой", "ей", "ом", "ем"}) &&
            word != "сред")
            return weekday(i);
    return std::nullopt;
}

Which which_ru(Cursor& at) {
    if (at.take_one_of({"этот", "эту", "это", "этой", "этом"})) return Which::this_one;
    if (at.take_one_of({"следующий", "следующую", "следующее", "следующей", "следующем"})) return Which::next;
    at.take_one_of({"ближайший", "ближайшую", "ближайшее"});
    return Which::coming;
}

// An ordinal of one or several words: «двадцать первого», «две тысячи двадцать шестого».
struct OrdinalTaken {
    int value;
    std::size_t words;
    bool genitive;
};
std::optional<OrdinalTaken> take_ordinal(Tokens words, std::size_t most_words) {
    for (std::size_t front = std::min(most_words, words.size()); front-- > 0;) {
        const auto last = ordinal_word_ru(words[front]);
        if (!last || !last->genitive_or_neuter) continue;
        const auto cardinal =
            front == 0 ? Taken{} : take_cardinal(Language::ru, words.first(front)).value_or(Taken{});
        if (cardinal.words != front || cardinal.value > 9999) continue;
        const long long room = last->value < 10 ? 10 : last->value < 100 ? 100 : 1000;
        const bool teen = last->value < 10 && cardinal.value % 100 == 10;
        if (cardinal.value % room != 0 || teen || (front > 0 && last->value >= 1000)) continue;
        return OrdinalTaken{static_cast<int>(cardinal.value) + last->value, front + 1,
                            words[front].ends_with("го")};
    }
    return std::nullopt;
}

int century(int short_year, Date today) {
    const int now = static_cast<int>(today.year());
    return short_year + (short_year <= now % 100 + latest_short_year ? now / 100 : now / 100 - 1) * 100;
}

// «две тысячи двадцать шестого года», «2026», «следующего года»; the cursor moves only when there is a year.
std::optional<int> take_year(Cursor& at, Date today) {
    const int now = static_cast<int>(today.year());
    if (at.take_all({"следующего", "года"})) return now + 1;
    if (at.take_all({"этого", "года"})) return now;
    std::optional<int> value;
    std::size_t words = 1;
    if (const auto said = take_ordinal(at.rest(), 6)) {
        value = said->value;
        words = said->words;
    } else if (all_digits(at.word()) && (at.word().size() == 4 || at.word().size() == 2)) {
        value = static_cast<int>(*pbx::text::to_integer(at.word()));
    }
    const bool named = value && is_one_of(at.word(words), {"года", "год", "г"});
    if (!value || (*value < 1000 && !(named && *value < 100)) || *value > 2999) return std::nullopt;
    at.take(words + (named ? 1 : 0));
    return *value < 100 ? century(*value, today) : *value;
}

struct Day {
    int value;
    bool ordinal;
};
std::optional<Day> take_day(Cursor& at) {
    if (const auto said = take_ordinal(at.rest(), 2); said && said->value >= 1 && said->value <= 31) {
        at.take(said->words);
        return Day{said->value, true};
    }
    const auto cardinal = take_cardinal(Language::ru, at.rest());
    if (!cardinal || cardinal->value < 1 || cardinal->value > 31) return std::nullopt;
    at.take(cardinal->words);
    const bool figure_ordinal = at.take_one_of({"го", "е", "ого", "ое"});
    return Day{static_cast<int>(cardinal->value), figure_ordinal};
}

// «ноября», or the month's number: «двадцать первое одиннадцатого».
int take_month(Cursor& at, bool day_is_ordinal) {
    if (const int month = month_ru(at.word())) {
        at.take();
        return month;
    }
    const auto number = ordinal_word_ru(at.word());
    const bool is_month =
        day_is_ordinal && number && number->value >= 1 && number->value <= 12 && at.word().ends_with("го");
    if (!is_month || at.word(1) == "числа") return 0;
    at.take();
    return number->value;
}

std::optional<DateTaken> day_and_month(Cursor at, Date today) {
    const auto day = take_day(at);
    if (!day) return std::nullopt;
    const int month = take_month(at, day->ordinal);
    if (month == 0) {
        const bool named = at.take_one_of({"числа", "число"});
        const auto date = day->ordinal || named ? coming_day(today, day->value) : std::nullopt;
        if (!date) return std::nullopt;
        return DateTaken{*date, at.taken()};
    }
    const auto year = take_year(at, today);
    const auto date = year ? date_of(*year, month, day->value) : coming_day(today, month, day->value);
    if (!date) return std::nullopt;
    return DateTaken{*date, at.taken()};
}

// «через три дня», «через неделю». A bare «через день» is two things to two people and is not read.
std::optional<DateTaken> after_while(Cursor at, Date today) {
    if (!at.take_one_of({"через"})) return std::nullopt;
    const auto count = take_cardinal(Language::ru, at.rest());
    if (count) at.take(count->words);
    const long long n = count ? count->value : 1;
    constexpr long long most = 1000;
    if (n > most) return std::nullopt;
    const int times = static_cast<int>(n);
    if (count && at.take_one_of({"день", "дня", "дней"}))
        return DateTaken{plus_days(today, times), at.taken()};
    if (at.take_one_of({"неделю", "недели", "недель"}))
        return DateTaken{plus_days(today, 7 * times), at.taken()};
    if (at.take_one_of({"месяц", "месяца", "месяцев"}))
        return DateTaken{plus_months(today, times), at.taken()};
    if (!count && at.take_one_of({"полгода"})) return DateTaken{plus_months(today, 6), at.taken()};
    if (at.take_one_of({"год", "года", "лет"})) return DateTaken{plus_months(today, 12 * times), at.taken()};
    return std::nullopt;
}
}  // namespace

int month_ru(std::string_view word) {
    constexpr std::string_view stems[] = {"январ", "феврал", "март",    "апрел",  "ма",    "июн",
                                          "июл",   "август", "сентябр", "октябр", "ноябр", "декабр"};
    for (int i = 0; i < 12; ++i)
        if (word.starts_with(stems[i]) &&
            is_one_of(word.substr(stems[i].size()), {"я", "а", "ь", "", "й", "е", "ю"}) && word != "ма" &&
            word != "маю")
            return i + 1;
    return 0;
}

std::optional<DateTaken> take_date_ru(Tokens words, Date today) {
    Cursor at(words);
    if (auto date = after_while(at, today)) return date;
    at.take_one_of({"в", "во", "на", "с", "со", "к", "до"});
    if (auto date = figure_date(at.rest(), today)) return DateTaken{date->date, at.taken() + date->words};
    if (auto date = day_and_month(at, today)) return date;
    if (const auto days = near_day(at.word())) return DateTaken{plus_days(today, *days), at.taken() + 1};
    const Which which = which_ru(at);
    if (const auto day = weekday_ru(at.word()))
        return DateTaken{day_of_week(today, *day, which), at.taken() + 1};
    return std::nullopt;
}

}  // namespace pbx::dialog::readers
