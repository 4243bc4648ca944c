#include "dialog/grammar.hpp"

#include "core/text.hpp"
#include "dialog/inflect.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <random>

#include <catch2/catch.hpp>
#include <jsgf.h>

using namespace pbx::dialog;

namespace {
const Now now{std::chrono::year{2026} / std::chrono::November / 22, 10, 0};

Branch branch(std::string_view line) {
    Branch out;
    for (auto alternative : alternatives(line)) {
        auto pattern = parse_pattern(alternative);
        REQUIRE(pattern);
        out.patterns.push_back(*pattern);
    }
    return out;
}

std::vector<Branch> branches(std::initializer_list<std::string_view> lines) {
    std::vector<Branch> out;
    for (auto line : lines)
        out.push_back(branch(line));
    return out;
}

const std::vector<List> staff{
    {"staff", {{{"иванова", "бухгалтерия"}, {"105"}}, {{"пётр сергеевич", "технический отдел"}, {"107"}}}}};

const Lists no_lists(Language::ru, {});

bool has(const std::vector<std::string>& all, std::string_view one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

// pocketsphinx' own parser accepts the text and every rule it names is there.
bool parses(const pbx::speech::Grammar& grammar) {
    const std::unique_ptr<jsgf_t, void (*)(jsgf_t*)> parsed(jsgf_parse_string(grammar.jsgf.c_str(), nullptr),
                                                            jsgf_grammar_free);
    if (!parsed) return false;
    auto* rule = jsgf_get_public_rule(parsed.get());
    if (!rule) return false;
    std::unique_ptr<logmath_t, int (*)(logmath_t*)> log(logmath_init(1.0001, 0, 1), logmath_free);
    std::unique_ptr<fsg_model_t, int (*)(fsg_model_t*)> fsg(
        jsgf_build_fsg(parsed.get(), rule, log.get(), 1.0F), fsg_model_free);
    if (!fsg) return false;
    std::vector<std::string> words;
    for (int i = 0; i < fsg_model_n_word(fsg.get()); ++i)
        if (std::string word = fsg_model_word_str(fsg.get(), i); word.front() != '<')
            words.push_back(std::move(word));
    std::sort(words.begin(), words.end());
    CHECK(words == grammar.words);
    return true;
}

// Says one random sentence of a rule of our own JSGF.
class Speaker {
  public:
    explicit Speaker(const std::string& rules) {
        for (auto line : pbx::text::split(rules, '\n'))
            if (const auto at = line.find(" = "); at != line.npos)
                rules_[std::string(line.substr(0, at))] = line.substr(at + 3);
    }
    std::string say(const std::string& rule) {
        out_.clear();
        text(rules_.at(rule));
        return pbx::text::join(out_, " ");
    }

  private:
    // The parts of `s` cut at bars or blanks outside of brackets.
    static std::vector<std::string_view> cut(std::string_view s, char mark) {
        std::vector<std::string_view> out;
        int depth = 0;
        std::size_t start = 0;
        for (std::size_t i = 0; i <= s.size(); ++i) {
            if (i < s.size() && (s[i] == '(' || s[i] == '[')) ++depth;
            if (i < s.size() && (s[i] == ')' || s[i] == ']')) --depth;
            if (i < s.size() && (depth > 0 || s[i] != mark)) continue;
            if (auto part = pbx::text::trim(s.substr(start, i - start)); !part.empty()) out.push_back(part);
            start = i + 1;
        }
        return out;
    }
    void text(std::string_view s) {
        if (s.ends_with(';')) s.remove_suffix(1);
        const auto ways = cut(s, '|');
        for (auto item : cut(ways[random_() % ways.size()], ' '))
            one(item);
    }
    void one(std::string_view item) {
        std::size_t times = 1;
        if (item.ends_with('+')) {
            times = 1 + random_() % 4;
            item.remove_suffix(1);
        }
        for (; times > 0; --times) {
            if (item.front() == '(' || (item.front() == '[' && random_() % 2))
                text(item.substr(1, item.size() - 2));
            else if (item.front() == '<')
                text(rules_.at(std::string(item)));
            else if (item.front() != '[')
                out_.emplace_back(item);
        }
    }
    std::map<std::string, std::string> rules_;
    std::vector<std::string> out_;
    std::mt19937 random_{5};
};

// The grammar says the 30th of any month; the calendar has not all of them.
bool may_not_be(const std::string& date) {
    return date.find("тридцат") != date.npos || date.find("двадцать девят") != date.npos ||
           date.find("thirt") != date.npos || date.find("twenty ninth") != date.npos;
}

pbx::speech::Grammar wrapped(const ReaderGrammar& reader) {
    return {"",
            "#JSGF V1.0 UTF-8;\ngrammar reader;\npublic <answer> = " + reader.start + ";\n" + reader.rules,
            reader.words,
            {},
            false};
}
}  // namespace

TEST_CASE("every reader's grammar is one pocketsphinx reads") {
    for (const auto language : {Language::ru, Language::en})
        for (int i = 0; i < static_cast<int>(Reader::any); ++i) {
            const auto& grammar = grammar_of(static_cast<Reader>(i), language);
            INFO(grammar.start);
            CHECK(parses(wrapped(grammar)));
        }
    CHECK(grammar_of(Reader::any, Language::en).start.empty());
}

TEST_CASE("what a reader's grammar lets the ear hear, the reader reads to its last word") {
    for (const auto language : {Language::ru, Language::en})
        for (int i = 0; i < static_cast<int>(Reader::any); ++i) {
            const auto reader = static_cast<Reader>(i);
            const auto& grammar = grammar_of(reader, language);
            Speaker speaker(grammar.rules);
            for (int n = 0; n < 3000; ++n) {
                const auto sentence = speaker.say(grammar.start);
                if (reader == Reader::date && may_not_be(sentence)) continue;
                const auto words = tokens(sentence);
                const auto reading = read(reader, language, words, now);
                if (reading && reading->words == words.size()) continue;
                INFO(grammar.start << ": " << sentence);
                CHECK(reading);
                if (reading) CHECK(reading->words == words.size());
                break;
            }
        }
}

TEST_CASE("a question's grammar has its words in their case forms, polite words, and the interrupts") {
    const auto grammar =
        build_grammar(Language::ru, branches({"поддержка | отдел продаж", "{who:@staff}", "@yes"}),
                      branches({"замолчи | стоп"}), Lists(Language::ru, staff));
    CHECK(grammar.language == "ru");
    CHECK_FALSE(grammar.dictation);
    CHECK(parses(grammar));
    for (auto word :
         {"поддержка", "поддержку", "поддержкой", "отдела", "продаж", "ивановой", "иванову", "петра", "пётр",
          "сергеевичу", "технического", "отделом", "замолчи", "стоп", "соедините", "пожалуйста", "да"}) {
        INFO(word);
        CHECK(has(grammar.words, word));
    }
    for (auto word : {"продажа", "замолчам", "стопом"}) {
        INFO(word);
        CHECK_FALSE(has(grammar.words, word));
    }
    CHECK(has(grammar.phrases, "отдел продаж"));
    CHECK(has(grammar.phrases, "ивановой"));
    CHECK(std::is_sorted(grammar.words.begin(), grammar.words.end()));
}

TEST_CASE("an English grammar with figures, quotes and words JSGF takes for its own") {
    const auto grammar = build_grammar(
        Language::en,
        branches({"line 2 | o'clock", "\"public import\" | grammar", "{n:@number} | {d:@digits}"}),
        branches({"stop"}), no_lists);
    CHECK(parses(grammar));
    CHECK(has(grammar.words, "two"));
    CHECK(has(grammar.words, "o'clock"));
    CHECK(has(grammar.words, "million"));
    CHECK_FALSE(has(grammar.words, "2"));
}

TEST_CASE("what cannot be listed is left out: regular expressions, and @any wants dictation") {
    const auto nothing = build_grammar(Language::ru, branches({"/да/"}), {}, no_lists);
    CHECK(nothing.empty());
    const auto any = build_grammar(Language::ru, branches({"{note:@any}"}), {}, no_lists);
    CHECK(any.dictation);
    CHECK(any.jsgf.empty());
    CHECK_FALSE(any.empty());
    const auto both = build_grammar(Language::ru, branches({"{note:@any}"}), branches({"стоп"}), no_lists);
    CHECK(both.dictation);
    CHECK(parses(both));
}

TEST_CASE("only words around a slot of numbers bring polite words") {
    const auto grammar = build_grammar(Language::ru, branches({"{n:@digits}"}), {}, no_lists);
    CHECK(parses(grammar));
    CHECK_FALSE(has(grammar.words, "соедините"));
}

TEST_CASE("a list of thousands is listed as written") {
    List streets{"street", {}};
    for (int i = 0; i < 2000; ++i)
        streets.entries.push_back({{cardinal(Language::ru, i) + " улица"}, {std::to_string(i)}});
    const auto grammar =
        build_grammar(Language::ru, branches({"{s:@street}"}), {}, Lists(Language::ru, {streets}));
    CHECK(has(grammar.words, "улица"));
    CHECK_FALSE(has(grammar.words, "улицу"));
    CHECK(grammar.phrases.size() == 2000);
}

TEST_CASE("two branches that claim the same words are found") {
    auto words = [](Language language, std::string_view a, std::string_view b) {
        const auto found = overlap(language, branch(a), branch(b), staff);
        return found ? found->words : std::string{};
    };
    CHECK(words(Language::ru, "продажи | поддержка", "поддержку") == "поддержка");
    CHECK(words(Language::ru, "отдел продаж", "продажи").empty());
    CHECK(words(Language::ru, "\"да\"", "да").empty());
    CHECK(words(Language::ru, "\"да\"", "\"Да\"") == "да");
    CHECK(words(Language::ru, "@yes", "ага") == "ага");
    CHECK(words(Language::ru, "@yes", "@no").empty());
    CHECK(words(Language::ru, "{n:@number}", "{d:@digits}") == "двадцать пять");
    CHECK(words(Language::ru, "{n:@number}", "ноль").empty());
    CHECK(words(Language::ru, "{n:@number} рублей", "{d:@digits}").empty());
    CHECK(words(Language::ru, "{who:@staff}", "бухгалтерия") == "бухгалтерия");
    CHECK(words(Language::ru, "{who:@staff}", "поддержка").empty());
    CHECK(words(Language::ru, "/да/", "/да/") == "/да/");
    CHECK(words(Language::ru, "/да/", "да").empty());
    CHECK(words(Language::ru, "{x:@any}", "да").empty());
    CHECK(words(Language::ru, "звонок", "звонка") == "звонок");
    CHECK(words(Language::en, "sale", "sales") == "sale");
    const auto found = overlap(Language::ru, branch("а б | поддержка"), branch("в г | д е | поддержкой"), {});
    REQUIRE(found);
    CHECK(found->first == 1);
    CHECK(found->second == 2);
}

TEST_CASE("two entries of a list that claim the same words are found") {
    const List twice{"staff", {{{"иванова"}, {"1"}}, {{"петров", "иванову"}, {"2"}}}};
    const auto found = overlap(Language::ru, twice);
    REQUIRE(found);
    CHECK(found->words == "иванову");
    CHECK(found->first == 0);
    CHECK(found->second == 1);
    CHECK_FALSE(overlap(Language::ru, staff.front()));
}

TEST_CASE("case forms follow the ending of the word") {
    struct {
        std::string_view word;
        std::vector<std::string> forms;
    } rows[] = {
        {"иванова", {"ивановой", "иванову"}},
        {"петров", {"петрова", "петрову", "петровым", "петровом", "петрове"}},
        {"поддержка", {"поддержки", "поддержке", "поддержку", "поддержкой"}},
        {"бухгалтерия", {"бухгалтерии", "бухгалтерию", "бухгалтерией"}},
        {"отдел", {"отдела", "отделу", "отделом", "отделе"}},
        {"звонок", {"звонка", "звонку", "звонком", "звонке"}},
        {"продавец", {"продавца", "продавцу", "продавцем", "продавце"}},
        {"кузнец", {"кузнеца", "кузнецу", "кузнецем", "кузнеце"}},
        {"запись", {"записи", "записью"}},
        {"врач", {"врача", "врачу", "врачем", "враче"}},
        {"технический", {"технического", "техническому", "техническим", "техническом"}},
        {"техническая", {"технической", "техническую"}},
        {"рабочий", {"рабочего", "рабочему", "рабочим", "рабочем"}},
        {"юрий", {"юрия", "юрию", "юрием", "юрии"}},
        {"андрей", {"андрея", "андрею", "андреем", "андрее"}},
        {"директор", {"директора", "директору", "директором", "директоре"}},
        {"секретарь", {"секретаря", "секретарю", "секретарем", "секретаре"}},
        {"новость", {"новости", "новостью"}},
        {"заявление", {"заявления", "заявлению", "заявлением", "заявлении"}},
        {"заказы", {"заказ", "заказов", "заказам", "заказами", "заказах"}},
        {"анна", {"анны", "анне", "анну", "анной"}},
        {"ольга", {"ольги", "ольге", "ольгу", "ольгой"}},
        {"купить", {}},
        {"работает", {}},
        {"повтори", {}},
        {"не", {}},
        {"хочу", {}},
        {"шевченко", {}},
        {"такси", {}},
        {"пять", {}},
        {"sales", {}},
        {"", {}},
    };
    for (const auto& row : rows) {
        INFO(std::string(row.word));
        CHECK(case_forms_ru(row.word) == row.forms);
    }
}
