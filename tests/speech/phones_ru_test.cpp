#include "speech/phones_ru.hpp"

#include "core/text.hpp"
#include "speech/pronounce.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace pbx;
using speech::russian_phones;
using speech::russian_pronunciations;

namespace {
std::string said(std::string_view ipa) {
    return text::join(russian_phones(ipa), " ");
}
}  // namespace

TEST_CASE("russian phones: what espeak-ng writes becomes the model's phones") {
    struct Row {
        std::string_view ipa, phones;
    };
    const Row row = GENERATE(values<Row>({
        {"stˈop", "s t o p"},
        {"zʌmʌɭtʃʲˈɪ", "z ax m ax l ch i"},
        {"pʌftʌrʲˈɪ", "p ax f t ax rj i"},
        {"tsˈyrk", "ts y r k"},
        {"ɕˈuka", "sch u k ax"},
        {"tʲipʲˈerɪ^", "tj ix pj e rj"},                    // a soft r at the end is written rɪ^
        {"tʃʲitˈyrnʌdtsʌtʲ", "ch ix t y r n ax ts ax tj"},  // д before ц is not heard
        {"ʌbjjˈekt", "ax b j e k t"},                       // a doubled sound is one phone
        {"s tˈ o p", "s t o p"},                            // blanks between phones mean nothing
        {"ɡˈɑsʲsʲɪ", "g a sj ix"},
        {"", ""},
        {"?!_:", ""},
    }));
    CAPTURE(row.ipa);
    CHECK(said(row.ipa) == row.phones);
}

TEST_CASE("russian phones: all that comes out is in the model's set") {
    const auto& set = speech::russian_phone_set();
    CHECK(std::is_sorted(set.begin(), set.end()));
    for (std::string_view ipa : {"vjˈjuɡa", "prʲidstavɭʲˈɑɭʌsʲ", "ɛɡzaɭtʲˈirʌvʌnnym", "pˈodʒʲvʲi", "ʑˈemɭʲɪ"})
        for (const auto& phone : russian_phones(ipa))
            CHECK(std::binary_search(set.begin(), set.end(), phone));
}

TEST_CASE("russian phones: a careful speaker's way is the second one") {
    CHECK(russian_pronunciations("замолчи", "zʌmʌɭtʃʲˈɪ") ==
          std::vector<std::string>{"z ax m ax l ch i", "z a m o l ch i"});
    CHECK(russian_pronunciations("стоп", "stˈop") == std::vector<std::string>{"s t o p"});
}

TEST_CASE("russian phones: a word of one letter is said as before another word, not by the letter's name") {
    CHECK(russian_pronunciations("в", "vˈɛ") == std::vector<std::string>{"v", "f"});
    CHECK(russian_pronunciations("С", "ˈɛs") == std::vector<std::string>{"s", "z"});
}

TEST_CASE("russian phones: a word that espeak-ng leaves without a stress may bear it on any vowel") {
    const auto ways = russian_pronunciations("могу", "mʌɡu");
    CHECK(std::find(ways.begin(), ways.end(), "m a g ux") != ways.end());
    CHECK(std::find(ways.begin(), ways.end(), "m ax g u") != ways.end());
}

TEST_CASE("russian phones: garbage says nothing and breaks nothing") {
    CHECK(russian_pronunciations("", "").empty());
    CHECK(russian_pronunciations("\xff\xfe", "\xff\xfe").empty());
    CHECK(russian_pronunciations("слово", "ˈˈˈ").empty());
    CHECK(russian_pronunciations("ы", "t").size() == 1);
}

TEST_CASE("russian phones: running espeak-ng here gives what the model was trained with") {
    struct Row {
        const char *word, *phones;
    };
    // the model's dictionary at its training (scripts/train-russian)
    const Row row = GENERATE(values<Row>({
        {"замолчи", "z ax m ax l ch i"},
        {"оператор", "ax pj ix r a t ax r"},
        {"повторите", "p ax f t ax rj i tj ix"},
        {"двенадцать", "d vj ix n a ts ax tj"},
        {"воскресенье", "v ax s k rj ix sj e n j ix"},
    }));
    auto ipa = speech::ipa("ru", row.word);
    REQUIRE(ipa);
    CHECK(russian_pronunciations(row.word, *ipa).front() == row.phones);
}
