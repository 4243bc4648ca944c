// Russian times of day: «в пять», «пять часов вечера», «полпятого», «без четверти семь», «семнадцать
// тридцать», «через час».
#include "dialog/readers/cursor.hpp"
#include "dialog/readers/dates.hpp"

namespace pbx::dialog::readers {

namespace {
enum class Part { unsaid, morning, day, evening, night };

Part take_part(Cursor& at) {
    if (at.take_one_of({"утра", "утром"})) return Part::morning;
    if (at.take_one_of({"дня", "днем", "пополудни"})) return Part::day;
    if (at.take_one_of({"вечера", "вечером"})) return Part::evening;
    if (at.take_one_of({"ночи", "ночью"})) return Part::night;
    return Part::unsaid;
}

// «пять вечера» is 17, «двенадцать ночи» 0, «десять ночи» 22; hours above 12 are as said.
int hour_in(Part part, int hour) {
    if (hour > 12) return hour;
    switch (part) {
        case Part::morning:
        case Part::unsaid:
            return hour;
        case Part::day:
            return hour >= 1 && hour <= 6 ? hour + 12 : hour;
        case Part::evening:
            return hour == 12 ? 0 : hour + 12;
        case Part::night:
            return hour == 12 ? 0 : hour >= 8 ? hour + 12 : hour;
    }
    return hour;
}

// The part of the day before the time («вечером в семь») or after it; without one the hour is meant_by().
Clock finished(Cursor at, Clock clock, bool as_written, Part before, const Now& now) {
    Part part = take_part(at);
    at.take_one_of({"ровно"});
    if (part == Part::unsaid) part = before;
    clock.words = at.taken();
    if (part != Part::unsaid) {
        clock.hour = hour_in(part, clock.hour) % 24;
        return clock;
    }
    return as_written ? clock : meant_by(clock, now);
}

// An hour as a cardinal, or «час»; `zero` tells «ноль пять» apart, which is the night's.
struct Hour {
    int value;
    bool as_written;
};
std::optional<Hour> take_hour(Cursor& at) {
    if (at.take_one_of({"час", "часу"})) return Hour{1, false};
    const auto said = take_cardinal(Language::ru, at.rest());
    if (!said || said->value > 24) return std::nullopt;
    const bool leading_zero = at.word().starts_with("0");
    at.take(said->words);
    if (said->value == 0 && said->words == 1)  // «ноль пять тридцать»
        if (const auto unit = numeral_ru(at.word());
            unit && unit->kind == Numeral::Kind::unit && numeral_ru(at.word(1))) {
            at.take();
            return Hour{static_cast<int>(unit->value), true};
        }
    return Hour{static_cast<int>(said->value % 24), leading_zero || said->value == 0 || said->value > 12};
}

// Minutes after the hour: «ноль пять», «тридцать», «пять минут»; -1 for none, and nothing is taken then.
int take_minutes(Cursor& at, bool after_hours) {
    Cursor tried = at;
    const bool zero = tried.take_one_of({"ноль", "нуль"});
    const auto said = take_cardinal(Language::ru, tried.rest());
    if (said && said->value <= 59) tried.take(said->words);
    const bool named = said && tried.take_one_of({"минут", "минуты", "минута", "минуту"});
    const bool two_digits = said && (zero ? said->value <= 9 : said->value >= 10);
    const bool zeros = said && said->value == 0 && all_digits(at.word());  // "00"
    if (!said || said->value > 59 || !(two_digits || named || zeros || (after_hours && zero))) return -1;
    at = tried;
    return static_cast<int>(said->value);
}

// «полпятого», «пол пятого», «половина пятого»: half an hour before that hour.
std::optional<Clock> half(Cursor& at) {
    std::optional<OrdinalWord> hour;
    constexpr std::string_view pol = "пол";
    if (at.word().starts_with(pol) && at.word() != pol && !at.word().starts_with("полов")) {
        hour = ordinal_word_ru(at.word().substr(pol.size()));
        if (hour) at.take();
    } else if (is_one_of(at.word(), {"пол", "половина", "половину", "половине"})) {
        hour = ordinal_word_ru(at.word(1));
        if (hour) at.take(2);
    }
    if (!hour || hour->value < 1 || hour->value > 12) return std::nullopt;
    return Clock{hour->value == 1 ? 12 : hour->value - 1, 30, 0};
}

// «без пяти семь», «без двадцати пяти минут час». The longest count of minutes that leaves an hour.
std::optional<Clock> before_hour(Cursor& at) {
    if (at.word() != "без") return std::nullopt;
    for (std::size_t count = 2; count > 0; --count) {
        Cursor tried = at;
        tried.take();
        const bool quarter = count == 1 && tried.word() == "четверти";
        const auto front = tried.rest().first(std::min(count, tried.rest().size()));
        const auto minutes = quarter ? Taken{15, 1} : take_cardinal(Language::ru, front).value_or(Taken{});
        if (minutes.words != count || minutes.value < 1 || minutes.value > 30) continue;
        tried.take(count);
        tried.take_one_of({"минут", "минуты"});
        const auto hour = take_hour(tried);
        if (!hour) continue;
        tried.take_one_of({"часов", "часа"});
        at = tried;
        return Clock{hour->value == 1 ? 12 : (hour->value + 23) % 24, 60 - static_cast<int>(minutes.value),
                     0};
    }
    return std::nullopt;
}

// «пять минут шестого», «четверть восьмого».
std::optional<Clock> past_hour(Cursor& at) {
    Cursor tried = at;
    const bool quarter = tried.take_one_of({"четверть"});
    const auto minutes = quarter ? Taken{15, 0} : take_cardinal(Language::ru, tried.rest()).value_or(Taken{});
    if (minutes.value < 1 || minutes.value > 29) return std::nullopt;
    tried.take(minutes.words);
    tried.take_one_of({"минут", "минуты", "минута"});
    const auto hour = ordinal_word_ru(tried.word());
    if (!hour || hour->value < 1 || hour->value > 12 || !tried.word().ends_with("го")) return std::nullopt;
    tried.take();
    at = tried;
    return Clock{hour->value == 1 ? 12 : hour->value - 1, static_cast<int>(minutes.value), 0};
}

std::optional<Clock> at_once(Cursor at, const Now& now) {
    at.take_one_of({"прямо"});
    if (at.take_one_of({"сейчас", "немедленно"})) return from_now(now, 0, at.taken());
    if (!at.take_one_of({"через"})) return std::nullopt;
    if (at.take_one_of({"полчаса"})) return from_now(now, 30, at.taken());
    if (at.take_all({"четверть", "часа"})) return from_now(now, 15, at.taken());
    const auto count = take_quantity(Language::ru, at.rest());
    constexpr long long most = 100'000;
    if (count && (count->negative || count->whole > most)) return std::nullopt;
    const long long whole = count ? count->whole : 1;
    const bool half = count && count->fraction == "5";
    if (count) at.take(count->words);
    if (at.take_one_of({"минуту", "минуты", "минут"})) return from_now(now, whole, at.taken());
    if (!at.take_one_of({"час", "часа", "часов"})) return std::nullopt;
    const auto more = take_cardinal(Language::ru, at.rest());
    if (!more || more->value > 59 || !is_one_of(at.word(more->words), {"минуту", "минуты", "минут"}))
        return from_now(now, whole * 60 + (half ? 30 : 0), at.taken());
    at.take(more->words + 1);
    return from_now(now, whole * 60 + more->value, at.taken());
}

std::optional<Clock> by_the_clock(Cursor at, Part before, const Now& now) {
    if (at.take_one_of({"полдень", "полудню"})) return Clock{12, 0, at.taken()};
    if (at.take_one_of({"полночь", "полуночи", "полночи"})) return Clock{0, 0, at.taken()};
    if (const auto figure = figure_time(at.word())) {
        at.take();
        return finished(at, figure->clock, figure->as_written, before, now);
    }
    for (auto* way : {half, before_hour, past_hour})
        if (const auto clock = way(at)) return finished(at, *clock, clock->hour > 12, before, now);
    const auto hour = take_hour(at);
    if (!hour) return std::nullopt;
    const bool named = at.take_one_of({"час", "часа", "часов", "часам"});
    const int minutes = take_minutes(at, named);
    return finished(at, {hour->value, std::max(minutes, 0), 0}, hour->as_written, before, now);
}
}  // namespace

std::optional<Clock> take_time_ru(Tokens words, const Now& now) {
    Cursor at(words);
    if (auto clock = at_once(at, now)) return clock;
    const Part before = take_part(at);
    at.take_one_of({"ровно"});
    at.take_one_of({"в", "во", "к", "на", "около", "часов"});
    at.take_one_of({"ровно"});
    auto clock = by_the_clock(at, before, now);
    if (clock && clock->words < words.size() && is_number_word(Language::ru, words[clock->words]))
        return std::nullopt;
    return clock;
}

}  // namespace pbx::dialog::readers
