// Which gender and case a figure takes in a Russian prompt: by the preposition before it and the ending of
// the noun after it. Guesses are left out where they would be wrong more often than the plain nominative.
#include "dialog/readers/figures.hpp"

#include <algorithm>

namespace pbx::dialog::readers {

namespace {
bool ends(std::string_view word, std::initializer_list<std::string_view> endings) {
    return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return word.ends_with(ending); });
}

// The figure is a name there: «линия 2», «нажмите 1».
bool is_label(std::string_view before) {
    return ends(before, {"номер",    "линия",      "линию",    "линии",   "кабинет", "кабинета", "кабинете",
                         "комната",  "комнату",    "комнате",  "этаж",    "этаже",   "дом",      "доме",
                         "квартира", "квартиру",   "квартире", "шаг",     "пункт",   "вариант",  "код",
                         "кнопка",   "кнопку",     "клавиша",  "клавишу", "цифра",   "цифру",    "окно",
                         "окну",     "канал",      "заказ",    "заказа",  "нажмите", "наберите", "скажите",
                         "введите",  "корпус",     "подъезд",  "очередь", "группа",  "группу",   "отдел",
                         "офис",     "добавочный", "счёт",     "счет"});
}

// Words after a figure that are no noun it could agree with.
bool is_function_word(std::string_view word) {
    return is_one_of(
        word,
        {"",     "и",     "а",   "но", "или", "да", "для", "на",  "в",   "во",    "с",     "со",     "к",
         "ко",   "по",    "от",  "до", "из",  "за", "о",   "об",  "при", "если",  "чтобы", "то",     "же",
         "либо", "когда", "где", "не", "ни",  "у",  "без", "под", "над", "после", "через", "пока",   "перед",
         "это",  "как",   "что", "вы", "мы",  "я",  "он",  "она", "они", "утра",  "дня",   "вечера", "ночи"});
}

bool is_adjective(std::string_view word) {
    return ends(word,
                {"ый", "ий", "ая", "яя", "ое", "ее", "ые", "ие", "ых", "их", "ого", "его", "ую", "юю"}) &&
           !ends(word, {"ние", "тие", "вие", "арий", "орий", "ентарий"});
}

bool is_masculine_a(std::string_view word) {
    return is_one_of(word,
                     {"мужчина", "мужчины", "мужчину", "дедушка", "папа", "дядя", "коллега", "коллеги"});
}

// «очередь», «ночь», «новость»: feminine nouns on a soft sign.
bool is_feminine_soft(std::string_view word) {
    return ends(word, {"сть", "чь", "шь", "щь", "жь", "вь", "бь", "пь"}) ||
           is_one_of(word,
                     {"очередь", "площадь", "запись",  "дверь",   "модель",  "неделя", "цель",  "роль",
                      "сеть",    "тетрадь", "кровать", "печать",  "подпись", "жизнь",  "осень", "ступень",
                      "деталь",  "медаль",  "мебель",  "постель", "лошадь",  "тень"});
}

// «стоимость одного часа»: counted nouns whose genitive looks like a feminine nominative.
bool is_masculine_genitive(std::string_view word) {
    return is_one_of(
        word, {"часа",     "дня",    "месяца", "года",      "рубля",   "доллара", "цента",      "процента",
               "человека", "раза",   "метра",  "километра", "литра",   "грамма",  "килограмма", "билета",
               "заказа",   "товара", "звонка", "номера",    "клиента", "гостя",   "сеанса"});
}

// After 1, 21, 101: a noun in the singular.
Agreement with_singular(std::string_view noun, Case c) {
    const bool feminine_oblique = ends(noun, {"ой", "ей", "ью", "ы", "и"});
    if (c == Case::genitive || c == Case::instrumental)
        return {feminine_oblique ? Gender::feminine : Gender::masculine, c};
    if (c == Case::dative || c == Case::prepositional)
        return {ends(noun, {"у", "ю", "ом", "ем"}) || c == Case::prepositional ? Gender::masculine
                                                                               : Gender::feminine,
                c};
    if (is_masculine_a(noun)) return {Gender::masculine, Case::nominative};
    if (is_masculine_genitive(noun)) return {Gender::masculine, Case::genitive};
    if (ends(noun, {"ы", "и"}) && noun != "такси")
        return {Gender::feminine, Case::genitive};  // «стоимость одной минуты»
    if (ends(noun, {"ом", "ем", "ём"})) return {Gender::masculine, Case::instrumental};
    if (ends(noun, {"мя"})) return {Gender::neuter, Case::nominative};
    if (ends(noun, {"ая", "яя", "а", "я"})) return {Gender::feminine, Case::nominative};
    if (ends(noun, {"у", "ю"})) return {Gender::feminine, Case::accusative};
    if (ends(noun, {"ой", "ей"})) return {Gender::feminine, Case::genitive};
    if (ends(noun, {"о", "е", "ё"}) && noun != "кофе") return {Gender::neuter, Case::nominative};
    return {is_feminine_soft(noun) ? Gender::feminine : Gender::masculine, Case::nominative};
}

// After 2, 3, 4: genitive singular in the nominative, genitive plural where the whole is a genitive.
Agreement with_few(std::string_view noun, Case c) {
    if (c != Case::nominative) return {Gender::masculine, c};
    if (noun == "такси" || is_masculine_a(noun)) return {};
    if (ends(noun, {"ы", "и", "ые", "ие"})) return {Gender::feminine, Case::nominative};
    return {};
}

// A noun that shows its case by itself: «часам», «сообщениями», «заказах».
std::optional<Case> case_of(std::string_view noun) {
    constexpr std::size_t shortest = 8;  // bytes: «дам», «нам» are no such nouns
    if (noun.size() < shortest) return std::nullopt;
    if (ends(noun, {"ами", "ями"})) return Case::instrumental;
    if (ends(noun, {"ам", "ям"})) return Case::dative;
    if (ends(noun, {"ах", "ях"})) return Case::prepositional;
    return std::nullopt;
}
}  // namespace

Case case_after(Language language, std::string_view before) {
    if (language == Language::en) return Case::nominative;
    const std::string word = last_word(before);
    if (is_one_of(word, {"без",    "до",     "от",     "из",      "около",   "после",      "для",
                         "у",      "с",      "со",     "свыше",   "более",   "менее",      "больше",
                         "меньше", "кроме",  "вместо", "порядка", "течение", "не позднее", "позднее",
                         "позже",  "раньше", "старше", "младше",  "выше",    "ниже"}))
        return Case::genitive;
    if (is_one_of(word, {"к", "ко", "равно", "равна", "равен", "благодаря", "согласно"})) return Case::dative;
    if (is_one_of(word, {"между", "перед", "над"})) return Case::instrumental;
    if (is_one_of(word, {"о", "об", "при"})) return Case::prepositional;
    return Case::nominative;
}

Agreement agreement_ru(long long value, std::string_view before, std::string_view after) {
    const std::string previous = last_word(before);
    if (is_label(previous)) return {};
    Case c = case_after(Language::ru, before);
    const std::string first = next_word(after);
    const std::string second = is_adjective(first) ? next_word(after, 1) : std::string{};
    const std::string noun = second.empty() || is_function_word(second) ? first : second;
    if (is_function_word(noun)) return {Gender::masculine, c};
    if (const auto shown = case_of(noun)) {
        const bool can_be =
            *shown != Case::prepositional || is_one_of(previous, {"в", "на", "о", "об", "при"});
        if (can_be && plural_ru(value) != Plural::one) c = *shown;
    }
    if (plural_ru(value) == Plural::many) return {Gender::masculine, c};
    if (plural_ru(value) == Plural::few) return with_few(noun, c);
    if (previous == "по" && ends(noun, {"у", "ю", "е"})) c = Case::dative;  // «по одному рублю»
    return with_singular(noun, c);
}

}  // namespace pbx::dialog::readers
