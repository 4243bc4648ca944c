#include "dialog/reader.hpp"

#include "dialog/match.hpp"

#include <catch2/catch.hpp>

using namespace pbx::dialog;

namespace {
// Sunday, ten in the morning
const Now now{std::chrono::year{2026} / std::chrono::November / 22, 10, 0};

std::string value_of(Reader reader, Language language, std::string_view heard, const Now& at = now) {
    const auto words = tokens(heard);
    const auto reading = read(reader, language, words, at);
    if (!reading) return "none";
    std::string out = reading->value + (reading->unit.empty() ? "" : " " + reading->unit);
    return reading->words == words.size() ? out : out + " +" + std::to_string(words.size() - reading->words);
}

struct Row {
    std::string_view heard, value;
};

template <std::size_t N>
void check(Reader reader, Language language, const Row (&rows)[N]) {
    for (const auto& row : rows) {
        INFO(std::string(row.heard));
        CHECK(value_of(reader, language, row.heard) == row.value);
    }
}

std::string shown(Reader reader, Language language, std::string_view heard) {
    const auto reading = read(reader, language, tokens(heard), now);
    return reading ? reading->shown : "none";
}
}  // namespace

TEST_CASE("readers have names") {
    CHECK(reader_named("phone") == Reader::phone);
    CHECK_FALSE(reader_named("Phone"));
    CHECK_FALSE(reader_named(""));
    CHECK(name_of(Reader::any) == "any");
}

TEST_CASE("Russian dates are read as people say them") {
    const Row rows[] = {
        {"сегодня", "2026-11-22"},
        {"завтра", "2026-11-23"},
        {"на послезавтра", "2026-11-24"},
        {"вчера", "2026-11-21"},
        {"в понедельник", "2026-11-23"},
        {"во вторник", "2026-11-24"},
        {"среда", "2026-11-25"},
        {"в воскресенье", "2026-11-29"},
        {"в это воскресенье", "2026-11-22"},
        {"в следующую среду", "2026-11-25"},
        {"в следующее воскресенье", "2026-11-29"},
        {"ближайшую пятницу", "2026-11-27"},
        {"двадцать первого ноября", "2027-11-21"},
        {"двадцать второго ноября", "2026-11-22"},
        {"тридцатое ноября", "2026-11-30"},
        {"на тридцать первое декабря", "2026-12-31"},
        {"двадцать первого ноября две тысячи двадцать шестого года", "2026-11-21"},
        {"первого января следующего года", "2027-01-01"},
        {"третьего марта тысяча девятьсот восемьдесят пятого года", "1985-03-03"},
        {"третьего марта восемьдесят пятого года", "1985-03-03"},
        {"третьего марта двадцать седьмого года", "2027-03-03"},
        {"пятого мая двухтысячного года", "2000-05-05"},
        {"двадцать первое", "2026-12-21"},
        {"двадцать третьего числа", "2026-11-23"},
        {"тридцать первое", "2026-12-31"},
        {"двадцать пятое двенадцатого", "2026-12-25"},
        {"пятого шестого числа", "2026-12-05 +2"},
        {"двадцать девятого февраля", "2028-02-29"},
        {"тридцатого февраля", "none"},
        {"21 декабря", "2026-12-21"},
        {"21-го декабря", "2026-12-21"},
        {"21.12.2026", "2026-12-21"},
        {"21.12", "2026-12-21"},
        {"2026-12-05", "2026-12-05"},
        {"2026-13-05", "none"},
        {"через три дня", "2026-11-25"},
        {"через один день", "2026-11-23"},
        {"через неделю", "2026-11-29"},
        {"через две недели", "2026-12-06"},
        {"через месяц", "2026-12-22"},
        {"через полгода", "2027-05-22"},
        {"через год", "2027-11-22"},
        {"через день", "none"},
        {"через минуту", "none"},
        {"пять", "none"},
        {"никогда", "none"},
        {"", "none"},
    };
    check(Reader::date, Language::ru, rows);
    const Now wednesday{std::chrono::year{2026} / std::chrono::November / 18, 10, 0};
    CHECK(value_of(Reader::date, Language::ru, "в среду", wednesday) == "2026-11-25");
    CHECK(value_of(Reader::date, Language::ru, "в эту среду", wednesday) == "2026-11-18");
    CHECK(value_of(Reader::date, Language::ru, "в следующую среду", wednesday) == "2026-11-25");
    CHECK(value_of(Reader::date, Language::ru, "в следующую пятницу", wednesday) == "2026-11-27");
    CHECK(value_of(Reader::date, Language::ru, "в пятницу", wednesday) == "2026-11-20");
    const Now end_of_january{std::chrono::year{2027} / std::chrono::January / 31, 10, 0};
    CHECK(value_of(Reader::date, Language::ru, "через месяц", end_of_january) == "2027-02-28");
}

TEST_CASE("English dates are read as people say them") {
    const Row rows[] = {
        {"today", "2026-11-22"},
        {"tomorrow", "2026-11-23"},
        {"the day after tomorrow", "2026-11-24"},
        {"on monday", "2026-11-23"},
        {"sunday", "2026-11-29"},
        {"this sunday", "2026-11-22"},
        {"next friday", "2026-11-27"},
        {"the twenty first of november", "2027-11-21"},
        {"twenty first of december", "2026-12-21"},
        {"november twenty third", "2026-11-23"},
        {"november the twenty third", "2026-11-23"},
        {"december fifth twenty twenty six", "2026-12-05"},
        {"december 5th, 2026", "2026-12-05"},
        {"november 25", "2026-11-25"},
        {"may first nineteen eighty five", "1985-05-01"},
        {"the third of march two thousand and five", "2005-03-03"},
        {"march third nineteen oh five", "1905-03-03"},
        {"the twenty third", "2026-11-23"},
        {"the 5th", "2026-12-05"},
        {"first", "none"},
        {"february thirtieth", "none"},
        {"2026-12-05", "2026-12-05"},
        {"in three days", "2026-11-25"},
        {"in a week", "2026-11-29"},
        {"in two weeks", "2026-12-06"},
        {"in a month", "2026-12-22"},
        {"next week", "2026-11-29"},
        {"in a", "none"},
        {"in three", "none"},
        {"five", "none"},
        {"may", "none"},
    };
    check(Reader::date, Language::en, rows);
}

TEST_CASE("Russian times are read as people say them") {
    const Row rows[] = {
        {"в пять", "17:00"},
        {"в пять утра", "05:00"},
        {"пять часов вечера", "17:00"},
        {"в семь вечера", "19:00"},
        {"вечером в семь", "19:00"},
        {"в час", "13:00"},
        {"в час дня", "13:00"},
        {"час ночи", "01:00"},
        {"двенадцать ночи", "00:00"},
        {"двенадцать дня", "12:00"},
        {"двенадцать", "12:00"},
        {"одиннадцать ночи", "23:00"},
        {"два часа ночи", "02:00"},
        {"в одиннадцать", "11:00"},
        {"девять", "21:00"},
        {"девять утра", "09:00"},
        {"полпятого", "16:30"},
        {"в полпервого", "12:30"},
        {"пол пятого", "16:30"},
        {"пол-пятого", "16:30"},
        {"половина шестого", "17:30"},
        {"в половину седьмого утра", "06:30"},
        {"без четверти семь", "18:45"},
        {"без пяти семь вечера", "18:55"},
        {"без двадцати пять", "16:40"},
        {"без двадцати пяти семь", "18:35"},
        {"без двадцати пяти минут семь", "18:35"},
        {"без пяти час", "12:55"},
        {"без десяти двенадцать", "11:50"},
        {"пять минут шестого", "17:05"},
        {"четверть восьмого утра", "07:15"},
        {"двадцать пять минут первого", "12:25"},
        {"семнадцать тридцать", "17:30"},
        {"семнадцать ноль пять", "17:05"},
        {"семнадцать часов тридцать минут", "17:30"},
        {"семнадцать часов пять минут", "17:05"},
        {"двадцать ноль ноль", "20:00"},
        {"двадцать один сорок пять", "21:45"},
        {"двадцать два часа", "22:00"},
        {"двадцать четыре часа", "00:00"},
        {"ноль часов пять минут", "00:05"},
        {"ноль пять тридцать", "05:30"},
        {"пять тридцать", "17:30"},
        {"пять тридцать утра", "05:30"},
        {"в десять двадцать пять", "10:25"},
        {"в полдень", "12:00"},
        {"полночь", "00:00"},
        {"17:05", "17:05"},
        {"в 17:05", "17:05"},
        {"5:30", "17:30"},
        {"05:30", "05:30"},
        {"5 вечера", "17:00"},
        {"сейчас", "10:00"},
        {"через час", "11:00"},
        {"через полчаса", "10:30"},
        {"через полтора часа", "11:30"},
        {"через два часа двадцать минут", "12:20"},
        {"через двадцать минут", "10:20"},
        {"через пятнадцать часов", "01:00"},
        {"двадцать пять", "none"},
        {"тридцать", "none"},
        {"через дорогу", "none"},
        {"без пяти", "none"},
        {"25:00", "none"},
        {"пятый", "none"},
        {"", "none"},
    };
    check(Reader::time, Language::ru, rows);
}

TEST_CASE("English times are read as people say them") {
    const Row rows[] = {
        {"five", "17:00"},
        {"at five a m", "05:00"},
        {"five p.m.", "17:00"},
        {"five pm", "17:00"},
        {"5pm", "17:00"},
        {"5:30pm", "17:30"},
        {"twelve a m", "00:00"},
        {"twelve p m", "12:00"},
        {"half past five", "17:30"},
        {"half past five in the morning", "05:30"},
        {"quarter to seven", "18:45"},
        {"a quarter past ten", "10:15"},
        {"twenty five to eight p m", "19:35"},
        {"ten minutes past six", "18:10"},
        {"quarter to one", "12:45"},
        {"five thirty p m", "17:30"},
        {"five oh five", "17:05"},
        {"seventeen thirty", "17:30"},
        {"seventeen hundred", "17:00"},
        {"twenty one thirty", "21:30"},
        {"twenty thirty", "20:30"},
        {"oh five thirty", "05:30"},
        {"twelve", "12:00"},
        {"nine o'clock", "21:00"},
        {"nine in the morning", "09:00"},
        {"eight tonight", "20:00"},
        {"one at night", "01:00"},
        {"noon", "12:00"},
        {"at midnight", "00:00"},
        {"17:05", "17:05"},
        {"5:30", "17:30"},
        {"now", "10:00"},
        {"in an hour", "11:00"},
        {"in half an hour", "10:30"},
        {"in two and a half hours", "12:30"},
        {"in twenty minutes", "10:20"},
        {"twenty five", "none"},
        {"fifty", "none"},
        {"in the house", "none"},
        {"13pm", "none"},
        {"", "none"},
    };
    check(Reader::time, Language::en, rows);
}

TEST_CASE("an hour without its half of the day is the one people mean") {
    const Now evening{now.date, 20, 0}, night{now.date, 23, 0}, morning{now.date, 8, 0};
    CHECK(value_of(Reader::time, Language::ru, "девять", morning) == "09:00");
    CHECK(value_of(Reader::time, Language::ru, "девять", evening) == "21:00");
    CHECK(value_of(Reader::time, Language::ru, "девять", night) == "09:00");
    CHECK(value_of(Reader::time, Language::ru, "три", night) == "15:00");
    CHECK(value_of(Reader::time, Language::ru, "одиннадцать", night) == "11:00");
    CHECK(value_of(Reader::time, Language::ru, "через два часа", night) == "01:00");
}

TEST_CASE("money is read with its currency") {
    const Row ru[] = {
        {"триста пятьдесят рублей двадцать копеек", "350.20 RUB"},
        {"триста пятьдесят рублей и двадцать копеек", "350.20 RUB"},
        {"триста пятьдесят рублей", "350.00 RUB"},
        {"триста пятьдесят", "350.00"},
        {"рубль", "1.00 RUB"},
        {"одна копейка", "0.01 RUB"},
        {"полторы тысячи рублей", "1500.00 RUB"},
        {"полтора рубля", "1.50 RUB"},
        {"два с половиной миллиона", "2500000.00"},
        {"три рубля пятьдесят", "3.50 RUB"},
        {"сто долларов", "100.00 USD"},
        {"сто баксов", "100.00 USD"},
        {"пять евро десять центов", "5.10 EUR"},
        {"350 руб.", "350.00 RUB"},
        {"350.20 рублей", "350.20 RUB"},
        {"350,2 рубля", "350.20 RUB"},
        {"три пятьдесят", "none"},
        {"минус пять рублей", "none"},
        {"ноль целых пять тысячных рубля", "none"},
        {"много", "none"},
    };
    check(Reader::money, Language::ru, ru);
    const Row en[] = {
        {"three hundred fifty dollars and twenty cents", "350.20 USD"},
        {"three dollars fifty", "3.50 USD"},
        {"twenty cents", "0.20 USD"},
        {"a hundred bucks", "100.00 USD"},
        {"five pounds", "5.00 GBP"},
        {"ten euros", "10.00 EUR"},
        {"five hundred roubles", "500.00 RUB"},
        {"$1,500.50", "1500.50"},
        {"two and a half thousand dollars", "2500.00 USD"},
        {"three fifty", "none"},
        {"dollars", "none"},
    };
    check(Reader::money, Language::en, en);
}

TEST_CASE("a money answer fills its currency as the second value") {
    const Matcher matcher(Language::ru, {Branch{{*parse_pattern("{sum:@money}")}}}, {});
    const auto match = matcher.match("переведите пятьсот рублей", now);
    REQUIRE(match);
    CHECK(match->filled.at(0).values == std::vector<std::string>{"500.00", "RUB"});
    CHECK(match->filled.at(0).said == "пятьсот рублей");
}

TEST_CASE("what was read can be said back") {
    CHECK(shown(Reader::date, Language::ru, "послезавтра") == "двадцать четвёртое ноября");
    CHECK(shown(Reader::date, Language::ru, "первого января") ==
          "первое января две тысячи двадцать седьмого года");
    CHECK(shown(Reader::date, Language::en, "tomorrow") == "november twenty third");
    CHECK(shown(Reader::date, Language::en, "january first") == "january first twenty twenty seven");
    CHECK(shown(Reader::time, Language::ru, "семнадцать ноль пять") == "семнадцать ноль пять");
    CHECK(shown(Reader::time, Language::ru, "в пять") == "семнадцать часов");
    CHECK(shown(Reader::time, Language::ru, "двадцать один час") == "двадцать один час");
    CHECK(shown(Reader::time, Language::en, "five oh five p m") == "five oh five p m");
    CHECK(shown(Reader::time, Language::en, "noon") == "noon");
    CHECK(shown(Reader::money, Language::ru, "сто двадцать один рубль две копейки") ==
          "сто двадцать один рубль две копейки");
    CHECK(shown(Reader::money, Language::ru, "двадцать копеек") == "двадцать копеек");
    CHECK(shown(Reader::money, Language::en, "one dollar and one cent") == "one dollar one cent");
    CHECK(shown(Reader::number, Language::ru, "полтора") == "одна целая пять десятых");
    CHECK(shown(Reader::number, Language::en, "three point one four") == "three point one four");
    CHECK(shown(Reader::phone, Language::ru, "89161234567") ==
          "восемь, девятьсот шестнадцать, сто двадцать три, сорок пять, шестьдесят семь");
    CHECK(shown(Reader::phone, Language::en, "+12125550199") ==
          "plus one, two one two, five five five, zero one nine nine");
    CHECK(shown(Reader::yes, Language::ru, "ага") == "да");
    CHECK(shown(Reader::any, Language::ru, "что угодно") == "что угодно");
}

TEST_CASE("every date and time is read back from its own words") {
    using namespace std::chrono;
    for (sys_days day = sys_days(now.date); day < sys_days(now.date) + days(800); day += days(1)) {
        const year_month_day date = day;
        for (const auto language : {Language::ru, Language::en}) {
            char iso[16];
            std::snprintf(iso, sizeof iso, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()),
                          unsigned(date.day()));
            const auto words = shown(Reader::date, language, iso);
            INFO(words);
            CHECK(value_of(Reader::date, language, words) == iso);
        }
    }
    for (int minute = 0; minute < 24 * 60; ++minute) {
        char clock[16];
        std::snprintf(clock, sizeof clock, "%02d:%02d", minute / 60 % 24, minute % 60);
        const auto en = shown(Reader::time, Language::en, clock);
        INFO(clock << " " << en);
        CHECK(value_of(Reader::time, Language::en, en + "") == clock);
        if (minute / 60 > 12 || minute < 60) {
            const auto ru = shown(Reader::time, Language::ru, clock);
            INFO(ru);
            CHECK(value_of(Reader::time, Language::ru, ru) == clock);
        }
    }
}
