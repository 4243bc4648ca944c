// English times of day: "five", "half past five", "quarter to seven", "five thirty p m", "seventeen thirty",
// "in an hour".
#include "dialog/readers/cursor.hpp"
#include "dialog/readers/dates.hpp"

namespace pbx::dialog::readers {

namespace {
enum class Part { unsaid, am, pm, evening, night };

Part take_part(Cursor& at) {
    if (at.take_all({"a", "m"}) || at.take_one_of({"am"})) return Part::am;
    if (at.take_all({"p", "m"}) || at.take_one_of({"pm"})) return Part::pm;
    if (at.take_all({"in", "the", "morning"}) || at.take_all({"this", "morning"})) return Part::am;
    if (at.take_all({"in", "the", "afternoon"}) || at.take_all({"this", "afternoon"})) return Part::pm;
    if (at.take_all({"in", "the", "evening"}) || at.take_all({"this", "evening"})) return Part::evening;
    if (at.take_all({"at", "night"}) || at.take_one_of({"tonight"})) return Part::night;
    return Part::unsaid;
}

int hour_in(Part part, int hour) {
    if (hour > 12) return hour;
    switch (part) {
        case Part::unsaid:
            return hour;
        case Part::am:
            return hour % 12;
        case Part::pm:
            return hour % 12 + 12;
        case Part::evening:
            return hour == 12 ? 0 : hour + 12;
        case Part::night:
            return hour == 12 ? 0 : hour >= 6 ? hour + 12 : hour;
    }
    return hour;
}

Clock finished(Cursor at, Clock clock, bool as_written, const Now& now) {
    const Part part = take_part(at);
    clock.words = at.taken();
    if (part != Part::unsaid) {
        clock.hour = hour_in(part, clock.hour) % 24;
        return clock;
    }
    return as_written ? clock : meant_by(clock, now);
}

struct Hour {
    int value;
    bool as_written;
};
std::optional<Hour> take_hour(Cursor& at) {
    const bool zero =
        at.take_one_of({"oh", "o"}) || (at.word() == "zero" && numeral_en(at.word(1)) && (at.take(), true));
    const bool leading_zero = at.word().starts_with("0");
    const auto tens = numeral_en(at.word());
    // "twenty one thirty" is 21:30, "twelve hundred" is 12:00: the hour is at most a ten and a unit
    const auto unit = numeral_en(at.word(1));
    const bool two =
        tens && tens->value == 20 && unit && unit->kind == Numeral::Kind::unit && unit->value <= 3;
    const auto said =
        take_cardinal(Language::en, at.rest().first(std::min<std::size_t>(two ? 2 : 1, at.rest().size())));
    if (!said || said->value > 24 || (zero && said->value > 9)) return std::nullopt;
    at.take(said->words);
    return Hour{static_cast<int>(said->value % 24),
                zero || leading_zero || said->value == 0 || said->value > 12};
}

// "oh five", "thirty", "forty five", "hundred"; -1 for none.
int take_minutes(Cursor& at) {
    if (at.take_one_of({"hundred"})) {
        at.take_one_of({"hours"});
        return 0;
    }
    Cursor tried = at;
    const bool oh = tried.take_one_of({"oh", "o", "zero"});
    if (oh && tried.take_one_of({"oh", "o", "zero"})) return at = tried, 0;
    const auto said = take_cardinal(Language::en, tried.rest());
    const bool figures = all_digits(tried.word()) && tried.word().size() == 2;
    if (!said || said->value > 59 || (oh ? said->value > 9 : said->value < 10 && !figures)) return -1;
    tried.take(said->words);
    at = tried;
    return static_cast<int>(said->value);
}

// "half past five", "quarter to seven", "twenty five past three"
std::optional<Clock> past_or_to(Cursor& at) {
    Cursor tried = at;
    tried.take_one_of({"a"});
    long long minutes = 0;
    if (tried.take_one_of({"half"})) {
        minutes = 30;
    } else if (tried.take_one_of({"quarter"})) {
        minutes = 15;
    } else if (const auto said = take_cardinal(Language::en, tried.rest());
               said && said->value >= 1 && said->value <= 29) {
        minutes = said->value;
        tried.take(said->words);
        tried.take_one_of({"minutes", "minute"});
    }
    if (minutes == 0) return std::nullopt;
    const bool past = tried.take_one_of({"past", "after"});
    const bool to = !past && minutes != 30 && tried.take_one_of({"to", "before", "of", "till"});
    const auto hour = past || to ? take_hour(tried) : std::nullopt;
    if (!hour) return std::nullopt;
    tried.take_one_of({"o'clock"});
    at = tried;
    if (past) return Clock{hour->value, static_cast<int>(minutes), 0};
    return Clock{hour->value == 1 ? 12 : (hour->value + 23) % 24, 60 - static_cast<int>(minutes), 0};
}

std::optional<Clock> at_once(Cursor at, const Now& now) {
    at.take_one_of({"right"});
    if (at.take_one_of({"now", "immediately"})) return from_now(now, 0, at.taken());
    if (!at.take_one_of({"in"})) return std::nullopt;
    if (at.take_all({"half", "an", "hour"})) return from_now(now, 30, at.taken());
    if (at.take_all({"a", "quarter", "of", "an", "hour"})) return from_now(now, 15, at.taken());
    if (at.take_all({"an", "hour", "and", "a", "half"})) return from_now(now, 90, at.taken());
    if (at.take_all({"an", "hour"})) return from_now(now, 60, at.taken());
    if (at.take_all({"a", "minute"})) return from_now(now, 1, at.taken());
    const auto count = take_quantity(Language::en, at.rest());
    constexpr long long most = 100'000;
    if (!count || count->negative || count->whole > most) return std::nullopt;
    at.take(count->words);
    if (at.take_one_of({"minute", "minutes"})) return from_now(now, count->whole, at.taken());
    if (!at.take_one_of({"hour", "hours"})) return std::nullopt;
    return from_now(now, count->whole * 60 + (count->fraction == "5" ? 30 : 0), at.taken());
}

// "5pm", "5:30pm" as some ears write them.
std::optional<Clock> glued(std::string_view word) {
    if (word.size() < 3 || !(word.ends_with("am") || word.ends_with("pm"))) return std::nullopt;
    const auto front = word.substr(0, word.size() - 2);
    auto clock = figure_time(front).value_or(FigureTime{{-1, 0, 1}}).clock;
    if (all_digits(front) && front.size() <= 2) clock.hour = std::stoi(std::string(front));
    if (clock.hour < 1 || clock.hour > 12) return std::nullopt;
    clock.hour = hour_in(word.ends_with("am") ? Part::am : Part::pm, clock.hour);
    return clock;
}

std::optional<Clock> by_the_clock(Cursor at, const Now& now) {
    if (at.take_one_of({"noon", "midday"})) return Clock{12, 0, at.taken()};
    if (at.take_one_of({"midnight"})) return Clock{0, 0, at.taken()};
    if (const auto clock = glued(at.word())) return Clock{clock->hour, clock->minute, at.taken() + 1};
    if (const auto figure = figure_time(at.word())) {
        at.take();
        return finished(at, figure->clock, figure->as_written, now);
    }
    if (const auto clock = past_or_to(at)) return finished(at, *clock, clock->hour > 12, now);
    const auto hour = take_hour(at);
    if (!hour) return std::nullopt;
    const bool whole = at.take_one_of({"o'clock"});
    const int minutes = whole ? 0 : take_minutes(at);
    return finished(at, {hour->value, std::max(minutes, 0), 0}, hour->as_written, now);
}
}  // namespace

std::optional<Clock> take_time_en(Tokens words, const Now& now) {
    Cursor at(words);
    if (auto clock = at_once(at, now)) return clock;
    at.take_one_of({"at", "by", "around", "about", "for"});
    at.take_one_of({"exactly"});
    auto clock = by_the_clock(at, now);
    if (clock && clock->words < words.size() && is_number_word(Language::en, words[clock->words]))
        return std::nullopt;
    return clock;
}

}  // namespace pbx::dialog::readers
