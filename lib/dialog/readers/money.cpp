// @money: «триста пятьдесят рублей двадцать копеек», "three hundred fifty dollars and twenty cents", "three
// dollars fifty".
#include "dialog/readers/cursor.hpp"
#include "dialog/readers/dates.hpp"

#include <algorithm>
#include <array>

namespace pbx::dialog::readers {

namespace {
constexpr std::array<Currency, 4> currencies{{
    {"RUB",
     Gender::masculine,
     {"рубль", "рубля", "рублей"},
     Gender::feminine,
     {"копейка", "копейки", "копеек"},
     {"rouble", "roubles"},
     {"kopeck", "kopecks"}},
    {"USD",
     Gender::masculine,
     {"доллар", "доллара", "долларов"},
     Gender::masculine,
     {"цент", "цента", "центов"},
     {"dollar", "dollars"},
     {"cent", "cents"}},
    {"EUR",
     Gender::masculine,
     {"евро", "евро", "евро"},
     Gender::masculine,
     {"цент", "цента", "центов"},
     {"euro", "euros"},
     {"cent", "cents"}},
    {"GBP",
     Gender::masculine,
     {"фунт", "фунта", "фунтов"},
     Gender::masculine,
     {"пенс", "пенса", "пенсов"},
     {"pound", "pounds"},
     {"penny", "pence"}},
}};

constexpr std::string_view endings_ru[] = {"", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"};
constexpr std::string_view soft_endings_ru[] = {"ь", "я", "ю", "ем", "е", "и", "ей", "ям", "ями", "ях"};

bool has_stem(std::string_view word, std::string_view stem, std::span<const std::string_view> endings) {
    if (!word.starts_with(stem)) return false;
    return std::find(endings.begin(), endings.end(), word.substr(stem.size())) != endings.end();
}

struct Amount {
    long long whole = 0;
    int parts = 0;
    const Currency* currency = nullptr;
};

// Hundredths of a decimal fraction; -1 when it has smaller ones.
int hundredths(const std::string& fraction) {
    if (fraction.empty()) return 0;
    if (fraction.find_first_not_of('0', 2) != std::string::npos && fraction.size() > 2) return -1;
    return (fraction[0] - '0') * 10 + (fraction.size() > 1 ? fraction[1] - '0' : 0);
}

// «двадцать копеек» after the roubles; or two more digits alone: «три рубля пятьдесят».
void add_parts(Amount& amount, Language language, Cursor& at) {
    Cursor tried = at;
    tried.take_one_of({language == Language::ru ? "и" : "and"});
    const auto said = take_cardinal(language, tried.rest());
    if (!said || said->value > 99) return;
    const std::size_t joined = tried.taken() - at.taken();
    tried.take(said->words);
    const bool named = currency_of_part(tried.word()) != nullptr;
    if (!named && (said->value < 10 || joined > 0)) return;
    if (named) tried.take();
    amount.parts = static_cast<int>(said->value);
    at = tried;
}

std::optional<Amount> take_amount(Language language, Cursor& at) {
    if (const auto* one = currency_named(at.word()); one && language == Language::ru) {  // «рубль»
        at.take();
        return Amount{1, 0, one};
    }
    const auto said = take_quantity(language, at.rest());
    if (!said || said->negative) return std::nullopt;
    at.take(said->words);
    if (const auto* part = currency_of_part(at.word()); part && said->fraction.empty()) {
        constexpr long long most = 1'000'000;
        if (said->whole > most) return std::nullopt;
        at.take();
        return Amount{said->whole / 100, static_cast<int>(said->whole % 100), part};
    }
    Amount amount{said->whole, hundredths(said->fraction), currency_named(at.word())};
    if (amount.parts < 0) return std::nullopt;
    if (!amount.currency) return amount;
    at.take();
    if (said->fraction.empty()) add_parts(amount, language, at);
    return amount;
}

std::string_view form_ru(const std::string_view (&forms)[3], long long count, Case c) {
    const Plural plural = plural_ru(count);
    if (c == Case::nominative || c == Case::accusative) return forms[static_cast<std::size_t>(plural)];
    return plural == Plural::one ? forms[1] : forms[2];
}
}  // namespace

const Currency* currency_by_code(std::string_view code) {
    for (const auto& currency : currencies)
        if (currency.code == code) return &currency;
    return nullptr;
}

const Currency* currency_named(std::string_view word) {
    if (has_stem(word, "рубл", soft_endings_ru) ||
        is_one_of(word, {"руб", "р", "₽", "rub", "rouble", "roubles", "ruble", "rubles"}))
        return &currencies[0];
    if (has_stem(word, "доллар", endings_ru) || has_stem(word, "бакс", endings_ru) ||
        is_one_of(word, {"$", "usd", "dollar", "dollars", "buck", "bucks"}))
        return &currencies[1];
    if (is_one_of(word, {"евро", "€", "eur", "euro", "euros"})) return &currencies[2];
    if (has_stem(word, "фунт", endings_ru) || is_one_of(word, {"£", "gbp", "pound", "pounds"}))
        return &currencies[3];
    return nullptr;
}

const Currency* currency_of_part(std::string_view word) {
    if (is_one_of(word, {"копейка", "копейку", "копейки", "копеек", "копейками", "коп", "kopeck", "kopecks"}))
        return &currencies[0];
    if (has_stem(word, "цент", endings_ru) || is_one_of(word, {"cent", "cents"})) return &currencies[1];
    if (has_stem(word, "пенс", endings_ru) || is_one_of(word, {"penny", "pence"})) return &currencies[3];
    return nullptr;
}

std::string spoken_money(Language language, long long whole, int parts, const Currency* currency, Case c) {
    const std::string fraction = parts == 0 ? "" : std::string(parts < 10 ? "0" : "") + std::to_string(parts);
    if (!currency) return spoken_quantity(language, {false, whole, fraction, 0}, Gender::masculine, c);
    std::string out;
    const bool ru = language == Language::ru;
    const Case direct = c == Case::nominative || c == Case::accusative ? c : Case::genitive;
    if (whole != 0 || parts == 0) {
        out = cardinal(language, whole, currency->gender, direct) + " ";
        out += ru ? form_ru(currency->forms_ru, whole, direct) : currency->forms_en[whole == 1 ? 0 : 1];
    }
    if (parts == 0) return out;
    out += (out.empty() ? "" : " ") + cardinal(language, parts, currency->part_gender, direct) + " ";
    out += ru ? form_ru(currency->part_forms_ru, parts, direct) : currency->part_forms_en[parts == 1 ? 0 : 1];
    return out;
}

std::optional<Reading> read_money(Language language, Tokens words) {
    Cursor at(words);
    const auto amount = take_amount(language, at);
    if (!amount || is_number_word(language, at.word())) return std::nullopt;
    const std::string cents = (amount->parts < 10 ? "0" : "") + std::to_string(amount->parts);
    return Reading{.value = std::to_string(amount->whole) + "." + cents,
                   .unit = std::string(amount->currency ? amount->currency->code : std::string_view{}),
                   .shown = spoken_money(language, amount->whole, amount->parts, amount->currency),
                   .words = at.taken()};
}

}  // namespace pbx::dialog::readers
