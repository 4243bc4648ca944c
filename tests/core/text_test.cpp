#include "core/text.hpp"

#include <catch2/catch.hpp>

using namespace pbx;

TEST_CASE("text: blanks are trimmed at both ends only") {
    CHECK(text::trim("  a b\t\n") == "a b");
    CHECK(text::trim(" \t ").empty());
    CHECK(text::words(" one  two\tthree ").size() == 3);
    CHECK(text::words("   ").empty());
    CHECK(text::split("a,,b", ',').size() == 3);
    CHECK(text::split("", ',').size() == 1);
}

TEST_CASE("text: UTF-8 is checked as RFC 3629 says") {
    CHECK(text::is_utf8("Здравствуйте, 你好 😀"));
    CHECK_FALSE(text::is_utf8("\xC0\xAF"));          // overlong '/'
    CHECK_FALSE(text::is_utf8("\xE0\x80\xAF"));      // overlong in three bytes
    CHECK_FALSE(text::is_utf8("\xED\xA0\x80"));      // a surrogate
    CHECK_FALSE(text::is_utf8("\xF4\x90\x80\x80"));  // above U+10FFFF
    CHECK_FALSE(text::is_utf8("abc\xD0"));           // cut in the middle
    CHECK_FALSE(text::is_utf8("\x80"));              // a lone continuation byte
}

TEST_CASE("text: decoding and encoding give the same text back, bad bytes become U+FFFD") {
    const std::string all = "a\u00e9\u0416\u20ac\U0001F600";
    CHECK(text::encode_utf8(text::decode_utf8(all)) == all);
    CHECK(text::encode_utf8(text::decode_utf8("a\xFFz")) == "a\uFFFDz");
    CHECK(text::columns("Жук") == 3);
}

TEST_CASE("text: Latin and Cyrillic letters are lowered") {
    CHECK(text::lower("ПРИВЕТ Ёж ABC É") == "привет ёж abc é");
    CHECK(text::iequal_ascii("E2u+SIP", "e2U+sip"));
    CHECK_FALSE(text::iequal_ascii("sip", "sips"));
}

TEST_CASE("text: a line for a protocol has no control bytes") {
    CHECK(text::is_plain_line("обычный text 1"));
    CHECK_FALSE(text::is_plain_line("two\nlines"));
    CHECK_FALSE(text::is_plain_line(std::string_view("nul\0", 4)));
    CHECK_FALSE(text::is_plain_line("del\x7f"));
}

TEST_CASE("text: what could steer a terminal is not printed") {
    CHECK(text::printable("Ёлка, 你好 😀 é") == "Ёлка, 你好 😀 é");
    CHECK(text::printable("a\x1b[2J\tb\x7f\r\n") == "a?[2J?b???");
    CHECK(text::printable("\u009b31m") == "?31m");
    CHECK(text::printable("\u202egnp.exe\u2066\u2028") == "?gnp.exe??");
    CHECK(text::printable("a\xff\xc3") == "a??");
    CHECK(text::printable(std::string_view("\0", 1)) == "?");
}

TEST_CASE("text: numbers are whole strings") {
    CHECK(text::to_integer("-42") == -42);
    CHECK_FALSE(text::to_integer("42x"));
    CHECK_FALSE(text::to_integer(" 42"));
    CHECK_FALSE(text::to_integer("99999999999999999999"));
    CHECK(text::to_number("0.5") == 0.5);
    CHECK_FALSE(text::to_number(""));
}

TEST_CASE("text: the edit distance counts letters, not bytes, and swaps once") {
    CHECK(text::edit_distance("lookup", "lookpu") == 1);
    CHECK(text::edit_distance("привет", "превет") == 1);
    CHECK(text::edit_distance("", "abc") == 3);
    CHECK(text::edit_distance("same", "same") == 0);
}

TEST_CASE("text: suggestions are the nearest known words within two slips") {
    const std::vector<std::string> known{"check", "draw", "run", "talk", "test"};
    CHECK(text::suggestions("chek", known) == std::vector<std::string>{"check"});
    CHECK(text::suggestions("tesk", known) == std::vector<std::string>{"test", "talk"});
    CHECK(text::suggestions("elephant", known).empty());
    CHECK(text::suggestions(std::string(1000, 'a'), known).empty());
}
