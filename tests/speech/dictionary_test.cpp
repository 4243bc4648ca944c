#include "speech/dictionary.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace pbx;
using speech::Dictionary;
using speech::is_sorted_dictionary;
using speech::pronunciations_in;
using Ways = std::vector<std::string>;

namespace {
constexpr std::string_view sorted_text =
    "a AH\n"
    "a(2) EY\n"
    "a's EY Z\n"
    "hello HH AH L OW\n"
    "hello(2) HH EH L OW\n"
    "hello(3) HH  EH\tL OW\n"
    "zulu Z UW L UW";
}

TEST_CASE("dictionary: every way to say a word is found, in order") {
    const bool sorted = GENERATE(true, false);
    // "a's" stands before "a(2)" in byte order
    const std::string text = "a AH\na's EY Z\na(2) EY\nhello HH AH L OW\nhello(2) HH EH L OW\nzulu Z UW L UW";
    REQUIRE(is_sorted_dictionary(text));
    CHECK(pronunciations_in(text, "a", sorted) == Ways{"AH", "EY"});
    CHECK(pronunciations_in(text, "a's", sorted) == Ways{"EY Z"});
    CHECK(pronunciations_in(text, "hello", sorted) == Ways{"HH AH L OW", "HH EH L OW"});
    CHECK(pronunciations_in(text, "zulu", sorted) == Ways{"Z UW L UW"});
    for (std::string_view unknown : {"", "0", "aa", "hell", "hello(2)", "hello(2)x", "zulus", "~"})
        CHECK(pronunciations_in(text, unknown, sorted).empty());
}

TEST_CASE("dictionary: a file in any order is read too") {
    CHECK_FALSE(is_sorted_dictionary(sorted_text));
    CHECK(pronunciations_in(sorted_text, "a", false) == Ways{"AH", "EY"});
    CHECK(pronunciations_in(sorted_text, "hello", false) == Ways{"HH AH L OW", "HH EH L OW", "HH EH L OW"});
}

TEST_CASE("dictionary: carriage returns, blank lines and words without phones are no pronunciation") {
    const std::string text = "\nalpha AE L F AH\r\n\nbravo\ncharlie \n(2) X\nx(2) Y\n";
    CHECK(pronunciations_in(text, "alpha", false) == Ways{"AE L F AH"});
    CHECK(pronunciations_in(text, "bravo", false).empty());
    CHECK(pronunciations_in(text, "charlie", false).empty());
    CHECK(pronunciations_in(text, "x", false) == Ways{"Y"});
}

TEST_CASE("dictionary: a word has at most so many ways") {
    std::string text;
    for (int i = 0; i < 100; ++i)
        text += fmt::format("word P{}\n", i);
    CHECK(pronunciations_in(text, "word", false).size() == Dictionary::max_ways);
}

TEST_CASE("dictionary: every word of a sorted file is found by halves") {
    std::string text;
    for (int i = 1000; i < 2000; ++i)
        text += fmt::format("w{} P {}\n", i, i);
    REQUIRE(is_sorted_dictionary(text));
    for (int i = 1000; i < 2000; ++i)
        REQUIRE(pronunciations_in(text, fmt::format("w{}", i), true) == Ways{fmt::format("P {}", i)});
}

TEST_CASE("dictionary: the installed English one is sorted and says hello in two ways") {
    auto dictionary = Dictionary::open("/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict");
    REQUIRE(dictionary);
    CHECK(dictionary->find("hello") == Ways{"HH AH L OW", "HH EH L OW"});
    CHECK(dictionary->find("tomorrow").size() >= 1);
    CHECK(dictionary->find("pbxctl").empty());
}

TEST_CASE("dictionary: what is not a dictionary file is an error that names it") {
    auto missing = Dictionary::open("/nonexistent/x.dict");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == Code::no_input);
    CHECK(missing.error().where == "/nonexistent/x.dict");
    auto folder = Dictionary::open("/usr");
    REQUIRE_FALSE(folder);
    CHECK(folder.error().code == Code::data);
}
