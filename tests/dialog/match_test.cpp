#include "dialog/match.hpp"

#include <catch2/catch.hpp>

using namespace pbx::dialog;
using std::chrono::November;

namespace {
// Sunday
const Now now{std::chrono::year{2026} / November / 22, 10, 0};

Branch branch(std::string_view line) {
    Branch out;
    for (auto alternative : alternatives(line)) {
        auto pattern = parse_pattern(alternative);
        INFO(std::string(alternative) << ": " << (pattern ? "" : pattern.error().text()));
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

const std::vector<List> staff{{"staff",
                               {{{"иванова", "бухгалтерия"}, {"105", "Иванова"}},
                                {{"петров", "технический отдел"}, {"106", "Петров"}},
                                {{"пётр сергеевич"}, {"107", "Пётр Сергеевич"}}}}};

int which(const Matcher& matcher, std::string_view heard) {
    const auto match = matcher.match(heard, now);
    return match ? static_cast<int>(match->branch) : -1;
}

struct Row {
    std::string_view heard;
    int branch;
};

void check(const Matcher& matcher, std::initializer_list<Row> rows) {
    for (const auto& row : rows) {
        INFO(std::string(row.heard));
        CHECK(which(matcher, row.heard) == row.branch);
    }
}

std::string why_not(std::string_view text) {
    const auto pattern = parse_pattern(text);
    return pattern ? "parsed" : pattern.error().what;
}
}  // namespace

TEST_CASE("tokens are lower-case words without punctuation, yo is ye, a hyphen splits") {
    CHECK(tokens("Алло, это ЁЛКА?") == std::vector<std::string>{"алло", "это", "елка"});
    CHECK(tokens("кто-нибудь") == std::vector<std::string>{"кто", "нибудь"});
    CHECK(tokens("five o’clock, I don't") == std::vector<std::string>{"five", "o'clock", "i", "don't"});
    CHECK(tokens("17:05, 3.50 и 1,5.") == std::vector<std::string>{"17:05", "3.50", "и", "1,5"});
    CHECK(tokens("+7 (916) 123-45-67") == std::vector<std::string>{"+7", "916", "123", "45", "67"});
    CHECK(tokens("за́мок") == std::vector<std::string>{"замок"});
    CHECK(tokens(" ... ").empty());
    CHECK(tokens("\xff\xfe").empty());
    CHECK(words_as_written("Самолёт") == std::vector<std::string>{"самолёт"});
}

TEST_CASE("a stem ignores endings") {
    CHECK(stem(Language::ru, "поддержку") == stem(Language::ru, "поддержка"));
    CHECK(stem(Language::en, "connecting") == stem(Language::en, "connected"));
    CHECK(stem(Language::ru, "нет") != stem(Language::ru, "интернет"));
}

TEST_CASE("words match in order with their endings ignored and other words between") {
    const Matcher matcher(
        Language::ru,
        branches({"продажи | отдел продаж | купить", "поддержка | не работает | интернет", "звонок"}), {});
    check(matcher, {{"продажи", 0},
                    {"соедините с отделом продаж", 0},
                    {"хочу купить телефон", 0},
                    {"мне нужна техническая поддержка", 1},
                    {"поддержку пожалуйста", 1},
                    {"у меня совсем ничего не работает", 1},
                    {"Интернета нет!", 1},
                    {"нет", -1},
                    {"продаж отдел", 0},
                    {"хочу заказать обратный звонка", 2},
                    {"по звонку", 2},
                    {"граф дракула", -1},
                    {"", -1},
                    {"...", -1}});
}

TEST_CASE("the longest match wins, then the nearest words, then the first branch") {
    const Matcher matcher(
        Language::ru, branches({"отдел", "отдел продаж", "петров", "пётр", "поддержки", "поддержку"}), {});
    check(matcher, {{"отдел продаж", 1},
                    {"отдел кадров", 0},
                    {"петров", 2},
                    {"с петровым", 2},
                    {"петр", 3},
                    {"Пётр", 3},
                    {"поддержку", 5},
                    {"поддержкой", 4}});
}

TEST_CASE("short words are compared whole") {
    const Matcher matcher(Language::ru, branches({"да", "не"}), {});
    check(matcher, {{"да", 0}, {"дай", -1}, {"даю", -1}, {"нее", -1}, {"не", 1}});
}

TEST_CASE("a word after a negation is not meant, unless the negation is wanted, too") {
    const Matcher ru(Language::ru, branches({"продажи", "поддержка", "не работает", "работает"}), {});
    check(ru,
          {{"нет, не продажи, поддержка", 1}, {"не продажи", -1}, {"не работает", 2}, {"всё работает", 3}});
    const Matcher en(Language::en, branches({"sales", "support", "doesn't work"}), {});
    check(en, {{"not sales, support", 1}, {"it doesn't work", 2}, {"i don't want sales", 0}});
}

TEST_CASE("quoted words are the whole answer") {
    const Matcher matcher(Language::ru, branches({"да", "\"да\"", "\"всё равно\""}), {});
    check(matcher, {{"Да!", 1}, {"да да", 0}, {"все равно", 2}, {"мне все равно", -1}});
}

TEST_CASE("a regular expression is searched in the answer, ignores case, and fills its named groups") {
    const Matcher matcher(Language::ru,
                          branches({"/заказ(а|у)? (?P<order>\\d+)/", "/с[её]мг(а|у)/ | /^\\w+ тест$/"}), {});
    const auto match = matcher.match("номер ЗАКАЗА 1234 да", now);
    REQUIRE(match);
    CHECK(match->branch == 0);
    CHECK(match->length == 2);
    REQUIRE(match->filled.size() == 1);
    CHECK(match->filled[0].variable == "order");
    CHECK(match->filled[0].values == std::vector<std::string>{"1234"});
    check(matcher, {{"сёмгу", 1}, {"семга", 1}, {"это тест", 1}, {"и это тест", -1}, {"заказ", -1}});
}

TEST_CASE("(?<name>) is read as (?P<name>)") {
    const Matcher matcher(Language::en, branches({"/order (?<n>[0-9]+)/"}), {});
    const auto match = matcher.match("order 12", now);
    REQUIRE(match);
    CHECK(match->filled.at(0).values.at(0) == "12");
}

TEST_CASE("a list fills all its values, by any case form, the longest form first") {
    const Matcher matcher(Language::ru, branches({"{who:@staff}"}), staff);
    struct {
        std::string_view heard, value;
    } rows[] = {{"соедините с ивановой", "105"}, {"иванову позовите", "105"},
                {"бухгалтерию", "105"},          {"с петровым", "106"},
                {"петрова пожалуйста", "106"},   {"мне техническим отделом", "106"},
                {"петра сергеевича", "107"},     {"пётр сергеевич на месте", "107"},
                {"не иванову а петрова", "106"}};
    for (const auto& row : rows) {
        INFO(std::string(row.heard));
        const auto match = matcher.match(row.heard, now);
        REQUIRE(match);
        CHECK(match->filled.at(0).variable == "who");
        CHECK(match->filled.at(0).values.at(0) == row.value);
    }
    CHECK(matcher.match("соедините с ивановой", now)->filled.at(0).values ==
          std::vector<std::string>{"105", "Иванова"});
    CHECK(matcher.match("соедините с ивановой", now)->filled.at(0).said == "ивановой");
    CHECK(which(matcher, "сидоров") == -1);
    CHECK(which(matcher, "иван") == -1);
}

TEST_CASE("a slot stands between its own words") {
    const Matcher matcher(Language::ru,
                          branches({"перевести {n:@number} рублей", "{n:@number}", "с {who:@staff} срочно"}),
                          staff);
    CHECK(which(matcher, "перевести двести пять рублей") == 0);
    CHECK(matcher.match("перевести двести пять рублей", now)->filled.at(0).values.at(0) == "205");
    CHECK(matcher.match("перевести двести пять рублей", now)->length == 4);
    CHECK(which(matcher, "двести пять рублей") == 1);
    CHECK(which(matcher, "поговорить с ивановой срочно") == 2);
    CHECK(which(matcher, "поговорить с ивановой") == -1);
}

TEST_CASE("any words are taken only where no other branch claims them") {
    const Matcher matcher(Language::en, branches({"operator", "{note:@any}", "tell {x:@any} please"}), {});
    CHECK(which(matcher, "i want an operator") == 0);
    const auto match = matcher.match("my cat is ill", now);
    REQUIRE(match);
    CHECK(match->branch == 1);
    CHECK(match->filled.at(0).values.at(0) == "my cat is ill");
    const auto between = matcher.match("tell him i called please", now);
    REQUIRE(between);
    CHECK(between->branch == 2);
    CHECK(between->filled.at(0).values.at(0) == "him i called");
}

TEST_CASE("yes and no are told apart by the longer reading; both alike are none") {
    const Matcher ru(Language::ru, branches({"@yes", "@no"}), {});
    check(ru, {{"да", 0},
               {"ага", 0},
               {"да конечно", 0},
               {"нет проблем", 0},
               {"не против", 0},
               {"нет", 1},
               {"да нет", 1},
               {"да нет спасибо", 1},
               {"нет конечно", 1},
               {"конечно нет", 1},
               {"не согласен", 1},
               {"не хорошо", 1},
               {"не надо", 1},
               {"хорошо не надо", 1},
               {"нет нет", 1},
               {"хочу", 0},
               {"хочу оператора", -1},
               {"не хочу", 1},
               {"да потом нет", -1},
               {"не знаю", -1},
               {"давайте", 0},
               {"давайте завтра", -1},
               {"подожду", 0},
               {"не подожду", 1},
               {"интернет", -1},
               {"дайте", -1},
               {"два", -1},
               {"не правильно", 1},
               {"неправильно", 1},
               {"все верно", 0}});
    const Matcher only_yes(Language::ru, branches({"@yes"}), {});
    check(only_yes, {{"да", 0}, {"да нет", -1}, {"хорошо не надо", -1}, {"не против", 0}});
    const Matcher en(Language::en, branches({"@yes", "@no"}), {});
    check(en, {{"yes", 0},
               {"yeah sure", 0},
               {"that's right", 0},
               {"no problem", 0},
               {"no", 1},
               {"not okay", 1},
               {"no thank you", 1},
               {"of course", 0},
               {"of course not", 1},
               {"i would like sales", -1},
               {"i do", 0},
               {"i'm afraid not", 1},
               {"i know", -1},
               {"nope", 1},
               {"no that's right", 0}});
}

TEST_CASE("a number is not read from the middle of other number words") {
    const Matcher matcher(Language::en, branches({"{n:@number}"}), {});
    check(matcher, {{"three fifty", -1}, {"fifty", 0}, {"room fifty please", 0}, {"five or six", 0}});
    CHECK(matcher.match("not five but six", now)->filled.at(0).values.at(0) == "6");
}

TEST_CASE("figures in a pattern and figures from the ear meet their words") {
    const Matcher matcher(Language::en, branches({"line 2", "five", "\"10\""}), {});
    check(matcher, {{"line two", 0}, {"line 2", 0}, {"5", 1}, {"five", 1}, {"10", 2}, {"ten", 2}});
}

TEST_CASE("an alternative that cannot be is refused with its reason") {
    CHECK(why_not("") == "empty alternative");
    CHECK(why_not(" ,. ") == "no word in ',.'");
    CHECK(why_not("\"\"") == "no word between the quotes");
    CHECK(why_not("\"да") == "\" is not closed");
    CHECK(why_not("/да") == "/ is not closed");
    CHECK(why_not("//") == "empty regular expression");
    CHECK(why_not("/(а/").starts_with("bad regular expression"));
    CHECK(why_not("/(?=а)/").starts_with("bad regular expression"));
    CHECK(why_not("/\\bда/").starts_with("\\b knows Latin"));
    CHECK(why_not("/(((((((((x{100}){100}){100}/").starts_with("bad regular expression"));
    CHECK(
        why_not("/(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)(a)/").starts_with("more than 16 groups"));
    CHECK(why_not("{who:staff}").starts_with("no @ before"));
    CHECK(why_not("{pin:4}").starts_with("no @ before"));
    CHECK(why_not("{1a:@yes}").starts_with("bad variable name"));
    CHECK(why_not("{a:@yes").starts_with("{ without }"));
    CHECK(why_not("a}").starts_with("} without {"));
    CHECK(why_not("{a:@b} {c:@d}").starts_with("two slots"));
    CHECK(why_not("{a:@}") == "no reader or list name after @");
    CHECK(why_not(std::string(1001, 'a')).starts_with("alternative longer"));
    CHECK(why_not("\xff") == "not UTF-8");
}

TEST_CASE("alternatives are cut at bars outside of quotes, slashes and braces") {
    using Parts = std::vector<std::string_view>;
    CHECK(alternatives("a | b|c") == Parts{"a", "b", "c"});
    CHECK(alternatives("\"a|b\" | /c|d/ | {x:@y}") == Parts{"\"a|b\"", "/c|d/", "{x:@y}"});
    CHECK(alternatives("/a\\/|b/ | c") == Parts{"/a\\/|b/", "c"});
    CHECK(alternatives("и/или | да") == Parts{"и/или", "да"});
    CHECK(alternatives("a |") == Parts{"a", ""});
}

TEST_CASE("a slot that names no list and no reader never matches") {
    const Matcher matcher(Language::en, branches({"{x:@nowhere}", "hello"}), {});
    check(matcher, {{"nowhere", -1}, {"hello", 1}});
    CHECK(matcher.size() == 2);
}

TEST_CASE("an answer of more words than the limit is matched by its first ones") {
    const Matcher matcher(Language::en, branches({"end"}), {});
    std::string words;
    for (std::size_t i = 0; i < max_heard_words; ++i)
        words += "word ";
    CHECK(which(matcher, words + "end") == -1);
    CHECK(which(matcher, "end " + words) == 0);
}
