// Text with variables, and the conditions of `if =`.
#include "dialog/expression.hpp"

#include "dialog/variables.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

using namespace pbx::dialog;

namespace {
Variables some() {
    Variables made;
    made.set("hour", "9");
    made.set("name", "Ann Lee");
    made.set("empty", "");
    made.set("code", "007");
    made.set("trick", "${hour} $(rm) `x` \"");
    made.set("who", Value{{"105", "Иванова"}, "ивановой"});
    return made;
}
std::string look(std::string_view name) {
    return some().text(name);
}
bool decide(std::string_view source) {
    const auto condition = parse_condition(source);
    INFO(source);
    REQUIRE(condition);
    return holds(*condition, look);
}
}  // namespace

TEST_CASE("a text's variables are filled in, once") {
    const std::vector<std::pair<std::string, std::string>> table{
        {"", ""},
        {"plain", "plain"},
        {"${hour}", "9"},
        {"at ${hour} o'clock, ${name}", "at 9 o'clock, Ann Lee"},
        {"${who} ${who.1} ${who.2} ${who.said} ${who.3}", "105 105 Иванова ивановой "},
        {"${ hour }", "9"},
        {"$5 and $ and $$", "$5 and $ and $$"},
        {"$${hour}", "${hour}"},
        {"${unknown}!", "!"},
        {"${trick}", "${hour} $(rm) `x` \""},
    };
    for (const auto& [source, wanted] : table) {
        const auto text = parse_text(source);
        INFO(source);
        REQUIRE(text);
        CHECK(fill(*text, look) == wanted);
    }
}

TEST_CASE("a text that can't be read says where") {
    const std::vector<std::pair<std::string, std::size_t>> table{
        {"${hour", 0},   {"ab ${", 3},    {"${}", 0},      {"${1st}", 0},
        {"x ${a b}", 2}, {"${who.0}", 0}, {"${who.x}", 0},
    };
    for (const auto& [source, at] : table) {
        const auto text = parse_text(source);
        INFO(source);
        REQUIRE_FALSE(text);
        CHECK(text.error().at == at);
        CHECK_FALSE(text.error().what.empty());
    }
}

TEST_CASE("conditions compare numbers as numbers and all else as text") {
    const std::vector<std::pair<std::string, bool>> table{
        {"${hour} < 10", true},
        {"${hour} >= 10", false},
        {"${hour} = 9.0", true},
        {"${hour} != 9", false},
        {"${code} = 7", true},
        {"${name} = Ann Lee", true},
        {"${name} = \"Ann Lee\"", true},
        {"${name} = ann", false},
        {"${name} > Al", true},
        {"17:05 < 18:00", true},
        {"2026-11-22 <= 2026-11-22", true},
        {"${hour}<9", false},
        {"${hour}<=9", true},
        {"${hour}==9", true},
        {"${empty} = \"\"", true},
        {"${name}", true},
        {"${empty}", false},
        {"0", false},
        {"no", false},
        {"not ${empty}", true},
        {"not not ${name}", true},
        {"${hour} < 9 or ${hour} >= 18", false},
        {"${hour} < 9 or ${hour} >= 9 and ${name}", true},
        {"(${hour} < 9 or ${hour} >= 9) and ${empty}", false},
        {"not (${hour} = 9)", false},
        {"${trick} = 1", false},
        {"${who.2} = Иванова", true},
    };
    for (const auto& [source, wanted] : table)
        CHECK(decide(source) == wanted);
}

TEST_CASE("a condition that can't be read says where") {
    const std::vector<std::pair<std::string, std::size_t>> table{
        {"", 0},
        {"= 5", 0},
        {"${hour} <", 9},
        {"(${hour} < 9", 12},
        {"${hour} < 9)", 11},
        {"a and", 5},
        {"a = b = c", 6},
        {"${hour < 9", 0},
        {"not", 3},
        {"or", 0},
        {"a = \"b\" c", 8},
    };
    for (const auto& [source, at] : table) {
        const auto condition = parse_condition(source);
        INFO(source);
        REQUIRE_FALSE(condition);
        CHECK(condition.error().at == at);
    }
}

TEST_CASE("a condition can't be nested without bound") {
    CHECK_FALSE(parse_condition(std::string(1000, '(') + "a" + std::string(1000, ')')));
    std::string nots;
    for (int i = 0; i < 1000; ++i)
        nots += "not ";
    CHECK_FALSE(parse_condition(nots + "a"));
    CHECK(parse_condition("((((a))))"));
}

TEST_CASE("a variable has nine values and the words as heard") {
    Variables variables;
    variables.set("a", "two", 2);
    CHECK(variables.has("a"));
    CHECK(variables.text("a").empty());
    CHECK(variables.text("a.2") == "two");
    variables.set("a", "nine", 9);
    CHECK(variables.text("a.9") == "nine");
    CHECK(variables.text("a.2") == "two");
    variables.set("a", "one");
    CHECK(variables.text("a") == "one");
    CHECK(variables.text("b.said").empty());
}
