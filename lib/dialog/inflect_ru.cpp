// Endings by the ending of the nominative. Where the gender or the kind of word cannot be seen («-ь», «-ий»),
// the forms of both are given: one too many harms less than one too few.
#include "core/text.hpp"
#include "dialog/inflect.hpp"
#include "dialog/readers/numerals.hpp"

#include <algorithm>
#include <array>

namespace pbx::dialog {

namespace {
using Endings = std::initializer_list<std::u32string_view>;
using Forms = std::vector<std::string>;

bool among(char32_t c, std::u32string_view set) {
    return set.find(c) != set.npos;
}
constexpr std::u32string_view vowels = U"аеёиоуыэюя";
constexpr std::u32string_view hissing = U"жчшщ";
constexpr std::u32string_view velar = U"гкх";

bool ends(std::u32string_view word, Endings endings) {
    return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return word.ends_with(ending); });
}

bool is(std::u32string_view word, Endings words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

Forms with(std::u32string_view stem, Endings endings) {
    Forms out;
    for (auto ending : endings)
        out.push_back(pbx::text::encode_utf8(std::u32string(stem) + std::u32string(ending)));
    return out;
}

std::size_t vowel_count(std::u32string_view word) {
    return static_cast<std::size_t>(
        std::count_if(word.begin(), word.end(), [](char32_t c) { return among(c, vowels); }));
}

// Verbs, adverbs and the like: their endings would only be guessed into words nobody says.
bool is_verb(std::u32string_view w) {
    if (is(w, {U"печать", U"кровать", U"тетрадь", U"память", U"сеть", U"часть", U"связь", U"дверь", U"мать",
               U"интернет", U"кредит", U"маршрут", U"аппарат", U"депозит", U"лимит", U"визит", U"институт",
               U"салют"}))
        return false;
    if (ends(w, {U"ать", U"ять", U"еть", U"ить", U"уть", U"ыть", U"оть", U"чь", U"ться", U"тись", U"йти",
                 U"зти", U"ести"}))
        return !ends(w, {U"ость", U"очь", U"ечь"});
    if (ends(w, {U"ает", U"яет", U"ует", U"юет",  U"еет",  U"ают",  U"яют",  U"уют",
                 U"еют", U"ешь", U"ишь", U"ёшь",  U"айте", U"ойте", U"уйте", U"ейте",
                 U"ьте", U"ите", U"лся", U"лась", U"лись", U"тся",  U"усь",  U"юсь"}))
        return true;
    return ends(w, {U"кажи", U"вони", U"мози", U"моги", U"втори", U"молчи", U"едини", U"ключи", U"дожди",
                    U"говори", U"бери", U"мотри", U"жалуйста"});
}

bool is_undeclined(std::u32string_view w) {
    return is(
        w, {U"нет",    U"да",    U"или",   U"для",    U"без",    U"при",     U"про",    U"как",    U"где",
            U"что",    U"кто",   U"это",   U"мне",    U"мой",    U"ваш",     U"наш",    U"вас",    U"нас",
            U"там",    U"тут",   U"ещё",   U"еще",    U"уже",    U"назад",   U"вперёд", U"вперед", U"хватит",
            U"стоп",   U"очень", U"опять", U"снова",  U"завтра", U"сегодня", U"вчера",  U"всегда", U"когда",
            U"теперь", U"такси", U"кофе",  U"пальто", U"метро",  U"кино",    U"меню",   U"хочу",   U"есть",
            U"надо",   U"всё",   U"все",   U"над",    U"под",    U"через",   U"сейчас", U"меня",   U"тебя",
            U"вот",    U"его",   U"чтобы"});
}

bool is_number(std::u32string_view w) {
    return readers::is_number_word(Language::ru, readers::fold_yo(pbx::text::encode_utf8(w)));
}

// «звонок» -> «звонк-», «продавец» -> «продавц-», «день» -> «дн-»; empty where the vowel stays.
std::u32string fleeting(std::u32string_view w) {
    if (w == U"пётр") return U"петр";
    if (w == U"павел") return U"павл";
    if (w == U"лев") return U"льв";
    if (vowel_count(w) < 2 && !is(w, {U"день", U"сон", U"лоб", U"рот"})) return {};
    if (is(w, {U"срок",  U"урок",    U"игрок",   U"пророк", U"восток", U"поток",   U"исток",
               U"порок", U"порог",   U"человек", U"волок",  U"знаток", U"боец",    U"кузнец",
               U"жнец",  U"близнец", U"мудрец",  U"подлец", U"олень",  U"уровень", U"ячмень"}))
        return w == U"уровень" ? U"уровн" : std::u32string{};
    const auto cut = [&](std::size_t tail, std::u32string_view put) {
        return std::u32string(w.substr(0, w.size() - tail)) + std::u32string(put);
    };
    if (w.ends_with(U"ок") && !among(w[w.size() - 3], vowels)) return cut(2, U"к");
    if (ends(w, {U"нец", U"вец", U"тец", U"рец", U"мец"})) return cut(2, U"ц");
    if (w.ends_with(U"лец")) return cut(2, U"ьц");
    if (ends(w, {U"день", U"вень", U"мень", U"рень"})) return cut(3, U"н");
    return {};
}

Forms feminine_a(std::u32string_view w) {
    const auto stem = w.substr(0, w.size() - 1);
    const char32_t last = stem.back();
    if (ends(w, {U"ова", U"ева", U"ёва"})) return with(stem, {U"ой", U"у"});
    if (last == U'ц') return with(stem, {U"ы", U"е", U"у", U"ей"});
    if (among(last, hissing)) return with(stem, {U"и", U"е", U"у", U"ей"});
    return with(stem, {among(last, velar) ? U"и" : U"ы", U"е", U"у", U"ой"});
}

Forms feminine_ya(std::u32string_view w) {
    const auto stem = w.substr(0, w.size() - 1);
    if (w.ends_with(U"ая")) return with(w.substr(0, w.size() - 2), {U"ой", U"ую"});
    if (w.ends_with(U"яя")) return with(w.substr(0, w.size() - 2), {U"ей", U"юю"});
    if (w.ends_with(U"ия")) return with(stem, {U"и", U"ю", U"ей"});
    if (w.ends_with(U"мя")) return with(stem, {U"ени", U"енем"});
    return with(stem, {U"и", U"е", U"ю", U"ей"});
}

// «-ий» of adjectives («русский», «рабочий», «домашний»); the rest are names and nouns («Юрий», «сценарий»).
bool is_adjective_iy(std::u32string_view w) {
    return ends(w, {U"кий", U"гий", U"хий", U"жий", U"чий", U"ший", U"щий"}) ||
           (w.ends_with(U"ний") && !w.ends_with(U"ений"));
}

Forms masculine_y(std::u32string_view w) {
    const auto stem = w.substr(0, w.size() - 1);
    const auto adjective = w.substr(0, w.size() - 2);
    if (ends(w, {U"ый", U"ой"})) return with(adjective, {U"ого", U"ому", U"ым", U"ом"});
    if (!w.ends_with(U"ий")) return with(stem, {U"я", U"ю", U"ем", U"е"});
    if (!is_adjective_iy(w)) return with(stem, {U"я", U"ю", U"ем", U"и"});
    if (among(adjective.back(), velar)) return with(adjective, {U"ого", U"ому", U"им", U"ом"});
    return with(adjective, {U"его", U"ему", U"им", U"ем"});
}

Forms soft(std::u32string_view w) {
    const std::u32string moving = fleeting(w);
    const std::u32string stem = moving.empty() ? std::u32string(w.substr(0, w.size() - 1)) : moving;
    if (!moving.empty() || ends(w, {U"тель", U"арь", U"ель"})) return with(stem, {U"я", U"ю", U"ем", U"е"});
    if (ends(w, {U"сть", U"ись", U"адь", U"ядь", U"едь", U"овь"}) || among(stem.back(), hissing))
        return with(stem, {U"и", U"ью"});
    return with(stem, {U"я", U"ю", U"ем", U"и", U"ью"});
}

// Past tense: «не расслышала», «не расслышали».
bool is_past(std::u32string_view w) {
    return ends(w, {U"слышал", U"понял", U"терял", U"казал", U"забыл", U"купил", U"хотел", U"вонил", U"лучил",
                    U"ставил", U"оздал", U"менил", U"платил", U"ботал"});
}

Forms masculine(std::u32string_view w) {
    if (is_past(w)) return with(w, {U"а", U"и"});
    const bool surname = ends(w, {U"ов", U"ев", U"ёв", U"ин", U"ын"}) && vowel_count(w) > 1;
    if (surname) return with(w, {U"а", U"у", U"ым", U"ом", U"е"});
    if (ends(w, {U"ых", U"их"})) return {};
    std::u32string stem = fleeting(w);
    if (stem.empty()) stem = w;
    return with(stem, {U"а", U"у", among(stem.back(), hissing) || stem.back() == U'ц' ? U"ем" : U"ом", U"е"});
}

Forms neuter(std::u32string_view w) {
    const auto stem = w.substr(0, w.size() - 1);
    if (ends(w, {U"ое"})) return with(w.substr(0, w.size() - 2), {U"ого", U"ому", U"ым", U"ом"});
    if (ends(w, {U"шее", U"щее", U"жее", U"нее"}))
        return with(w.substr(0, w.size() - 2), {U"его", U"ему", U"им", U"ем"});
    if (ends(w, {U"ые"})) return with(w.substr(0, w.size() - 2), {U"ых", U"ым", U"ыми"});
    if (ends(w, {U"кие", U"гие", U"хие", U"шие", U"щие", U"жие", U"чие"}))
        return with(w.substr(0, w.size() - 2), {U"их", U"им", U"ими"});
    if (w.ends_with(U"ие")) return with(stem, {U"я", U"ю", U"ем", U"и"});
    if (ends(w, {U"ство", U"сто", U"ьмо", U"кно", U"яйцо", U"право", U"дело", U"село", U"тело", U"масло",
                 U"число"}))
        return with(stem, {U"а", U"у", U"ом", U"е"});
    if (ends(w, {U"ье", U"ре", U"ле"}) && vowel_count(w) > 1) return with(stem, {U"я", U"ю", U"ем"});
    return {};
}

Forms plural(std::u32string_view w) {
    const auto stem = w.substr(0, w.size() - 1);
    if (ends(w, {U"ии"})) return with(stem, {U"й", U"ям", U"ями", U"ях"});
    if (ends(w, {U"ости", U"ели", U"ари"})) return with(stem, {U"ей", U"ям", U"ями", U"ях"});
    if (ends(w, {U"жи", U"чи", U"ши", U"щи"})) return with(stem, {U"", U"ей", U"ам", U"ами", U"ах"});
    if (w.ends_with(U"цы")) return with(stem, {U"", U"ев", U"ам", U"ами", U"ах"});
    if (w.ends_with(U"ы")) return with(stem, {U"", U"ов", U"ам", U"ами", U"ах"});
    if (ends(w, {U"ки", U"ги", U"хи"})) return with(stem, {U"ов", U"ам", U"ами", U"ах"});
    return {};
}
}  // namespace

std::vector<std::string> case_forms_ru(std::string_view word) {
    const auto w = pbx::text::decode_utf8(word);
    constexpr std::size_t shortest = 3, longest = 40;
    const bool cyrillic =
        std::all_of(w.begin(), w.end(), [](char32_t c) { return c >= 0x430 && c <= 0x451; });
    if (w.size() < shortest || w.size() > longest || !cyrillic) return {};
    if (is_undeclined(w) || is_verb(w) || is_number(w) || vowel_count(w) == 0) return {};
    switch (w.back()) {
        case U'а':
            return feminine_a(w);
        case U'я':
            return feminine_ya(w);
        case U'й':
            return masculine_y(w);
        case U'ь':
            return soft(w);
        case U'о':
        case U'е':
            return neuter(w);
        case U'ы':
        case U'и':
            return plural(w);
        case U'у':
        case U'ю':
        case U'ё':
        case U'э':
            return {};
        default:
            return masculine(w);
    }
}

}  // namespace pbx::dialog
