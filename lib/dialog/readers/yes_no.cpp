// @yes and @no: what people say for them. The longer reading wins in the matcher, so «да нет» (no) beats «да»
// (yes).
#include "core/text.hpp"
#include "dialog/readers/numerals.hpp"

#include <algorithm>
#include <unordered_map>

namespace pbx::dialog::readers {

namespace {
using Phrase = std::vector<std::string_view>;
// Phrases by their first word.
using Phrases = std::unordered_map<std::string_view, std::vector<Phrase>>;

constexpr std::string_view yes_ru[] = {"да",
                                       "ага",
                                       "угу",
                                       "дада",
                                       "конечно",
                                       "хорошо",
                                       "ладно",
                                       "верно",
                                       "правильно",
                                       "точно",
                                       "именно",
                                       "согласен",
                                       "согласна",
                                       "согласны",
                                       "подтверждаю",
                                       "естественно",
                                       "разумеется",
                                       "обязательно",
                                       "непременно",
                                       "безусловно",
                                       "идет",
                                       "годится",
                                       "устраивает",
                                       "подходит",
                                       "ок",
                                       "окей",
                                       "договорились",
                                       "подожду",
                                       "еще бы",
                                       "все верно",
                                       "все так",
                                       "все правильно",
                                       "так точно",
                                       "так и есть",
                                       "само собой",
                                       "без проблем",
                                       "нет проблем",
                                       "не против",
                                       "не возражаю",
                                       "почему бы и нет",
                                       "почему нет",
                                       "да да",
                                       "есть такое",
                                       "совершенно верно",
                                       "абсолютно верно",
                                       "с удовольствием",
                                       "в точку"};
// A yes only at the end of the answer: «хочу», but not «хочу оператора».
constexpr std::string_view last_yes_ru[] = {"давай", "давайте", "хочу",    "можно",      "буду",
                                            "готов", "готова",  "пожалуй", "пожалуйста", "желаю"};
constexpr std::string_view no_ru[] = {
    "нет",         "неа",           "нету",         "неверно",        "неправильно", "никак",
    "нельзя",      "нисколько",     "никогда",      "отнюдь",         "ни за что",   "ни в коем случае",
    "не надо",     "не нужно",      "не стоит",     "не хочу",        "не буду",     "не могу",
    "не сейчас",   "не так",        "не то",        "не туда",        "не подожду",  "не совсем",
    "не очень",    "не устраивает", "не подходит",  "не подтверждаю", "не годится",  "не согласен",
    "не согласна", "не верно",      "не правильно", "отказываюсь",    "против",      "некогда",
    "незачем",     "вы ошиблись",   "ошиблись"};
constexpr std::string_view before_no_ru[] = {"да",       "ну",    "ой",  "а",     "конечно", "пожалуй",
                                             "наверное", "точно", "так", "ладно", "хорошо",  "спасибо"};
constexpr std::string_view after_no_ru[] = {"спасибо",  "пожалуйста", "конечно",
                                            "наверное", "точно",      "пожалуй"};
constexpr std::string_view after_yes_ru[] = {"пожалуйста", "спасибо"};

constexpr std::string_view yes_en[] = {"yes",
                                       "yeah",
                                       "yep",
                                       "yup",
                                       "yea",
                                       "aye",
                                       "sure",
                                       "okay",
                                       "ok",
                                       "right",
                                       "correct",
                                       "certainly",
                                       "absolutely",
                                       "definitely",
                                       "exactly",
                                       "indeed",
                                       "fine",
                                       "alright",
                                       "true",
                                       "affirmative",
                                       "of course",
                                       "please do",
                                       "go ahead",
                                       "all right",
                                       "that's right",
                                       "that is right",
                                       "that's correct",
                                       "that is correct",
                                       "that's fine",
                                       "that is fine",
                                       "sounds good",
                                       "why not",
                                       "no problem",
                                       "not a problem",
                                       "i don't mind",
                                       "i agree",
                                       "uh huh",
                                       "mm hmm",
                                       "you bet",
                                       "yes please",
                                       "yes sir"};
constexpr std::string_view last_yes_en[] = {"i do",  "i am",  "i will", "i would",
                                            "i can", "it is", "please", "do it"};
constexpr std::string_view no_en[] = {"no",
                                      "nope",
                                      "nah",
                                      "not",
                                      "wrong",
                                      "incorrect",
                                      "negative",
                                      "never",
                                      "false",
                                      "no way",
                                      "not really",
                                      "not now",
                                      "not at all",
                                      "not today",
                                      "don't",
                                      "i don't",
                                      "i do not",
                                      "do not",
                                      "of course not",
                                      "certainly not",
                                      "absolutely not",
                                      "definitely not",
                                      "it isn't",
                                      "it is not",
                                      "it's not",
                                      "that's wrong",
                                      "that is wrong",
                                      "that's not right",
                                      "that is not right",
                                      "that's not correct",
                                      "that is not correct",
                                      "i disagree",
                                      "i won't",
                                      "i can't",
                                      "rather not",
                                      "no thanks",
                                      "no thank you"};
constexpr std::string_view before_no_en[] = {"well", "oh", "um", "uh",     "er",      "sorry",
                                             "i'm",  "i",  "am", "afraid", "actually"};
constexpr std::string_view after_no_en[] = {"thanks", "thank you", "please", "sir", "madam", "sorry"};
constexpr std::string_view after_yes_en[] = {"please", "thanks", "thank you", "sir", "madam"};

template <std::size_t N>
Phrases table(const std::string_view (&list)[N]) {
    Phrases out;
    for (auto phrase : list) {
        auto words = pbx::text::words(phrase);
        out[words.front()].push_back(std::move(words));
    }
    return out;
}

// Words of the longest phrase at the front; 0 for none.
std::size_t longest(const Phrases& phrases, Tokens words) {
    if (words.empty()) return 0;
    const auto found = phrases.find(words[0]);
    if (found == phrases.end()) return 0;
    std::size_t best = 0;
    for (const auto& phrase : found->second)
        if (phrase.size() > best && phrase.size() <= words.size() &&
            std::equal(phrase.begin(), phrase.end(), words.begin()))
            best = phrase.size();
    return best;
}

std::size_t repeated(const Phrases& phrases, Tokens words) {
    std::size_t taken = 0;
    while (const std::size_t more = longest(phrases, words.subspan(taken)))
        taken += more;
    return taken;
}

struct Tables {
    Phrases yes, last_yes, no, before_no, after_no, after_yes;
};
const Tables& tables(Language language) {
    static const Tables ru{table(yes_ru),       table(last_yes_ru), table(no_ru),
                           table(before_no_ru), table(after_no_ru), table(after_yes_ru)};
    static const Tables en{table(yes_en),       table(last_yes_en), table(no_en),
                           table(before_no_en), table(after_no_en), table(after_yes_en)};
    return language == Language::ru ? ru : en;
}

// «не» before a yes is a no: «не хорошо», "not okay".
std::size_t negated_yes(Language language, Tokens words) {
    if (words.size() < 2 || !is_negation(language, words[0])) return 0;
    if (longest(tables(language).yes, words) > 0) return 0;  // «не против»
    const std::size_t yes = longest(tables(language).yes, words.subspan(1));
    return yes == 0 ? 0 : yes + 1;
}

std::size_t one_no(Language language, Tokens words) {
    return std::max(longest(tables(language).no, words), negated_yes(language, words));
}

Reading reading(Language language, bool yes, std::size_t words) {
    const bool ru = language == Language::ru;
    return {.value = yes ? "yes" : "no",
            .unit = {},
            .shown = yes ? (ru ? "да" : "yes") : (ru ? "нет" : "no"),
            .words = words};
}
}  // namespace

bool is_negation(Language language, std::string_view word) {
    if (language == Language::ru) return word == "не";
    return is_one_of(word,
                     {"not", "don't", "doesn't", "didn't", "isn't", "can't", "cannot", "won't", "never"});
}

std::optional<Reading> read_yes(Language language, Tokens words) {
    const auto& t = tables(language);
    std::size_t taken = repeated(t.yes, words);
    const auto rest = words.subspan(taken);
    const std::size_t last = repeated(t.last_yes, rest);
    if (last > 0 && last + repeated(t.after_yes, rest.subspan(last)) == rest.size()) taken += last;
    if (taken == 0 || one_no(language, words.subspan(taken)) > 0) return std::nullopt;  // «да нет»
    taken += repeated(t.after_yes, words.subspan(taken));
    return reading(language, true, taken);
}

std::optional<Reading> read_no(Language language, Tokens words) {
    const auto& t = tables(language);
    std::size_t taken = one_no(language, words) > 0 ? 0 : repeated(t.before_no, words);
    const std::size_t no = one_no(language, words.subspan(taken));
    if (no == 0) return std::nullopt;
    taken += no;
    for (;;) {
        std::size_t more = one_no(language, words.subspan(taken));
        if (more == 0) more = longest(t.after_no, words.subspan(taken));
        if (more == 0) return reading(language, false, taken);
        taken += more;
    }
}

}  // namespace pbx::dialog::readers
