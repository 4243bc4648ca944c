#include "audio/level.hpp"
#include "core/driver.hpp"
#include "speech/espeak_stress.hpp"
#include "speech/pronounce.hpp"
#include "speech/synthesizer.hpp"
#include "support/places.hpp"

#include <catch2/catch.hpp>

using namespace pbx;
using namespace pbx::speech;

namespace {
std::unique_ptr<Synthesizer> voice(const std::string& engine, const std::string& language,
                                   const std::string& name = {}, double speed = 1) {
    set_driver_folder(test::drivers_folder());
    auto opened = open_synthesizer({.engine = engine, .language = language, .voice = name, .speed = speed});
    if (!opened) FAIL(opened.error().text());
    return std::move(*opened);
}
double seconds(const Samples& samples) {
    return static_cast<double>(samples.size()) / 8000;
}
const std::string greeting_ru = "Здравствуйте! Компания «Ромашка», я Оксана. С кем вас соединить?";
const std::string greeting_en = "Hello! This is Romashka, my name is Oksana. Whom shall I connect you to?";
}  // namespace

TEST_CASE("voice: each engine speaks its languages at one loudness without a clipped sample") {
    struct Row {
        std::string engine, language, name, text;
    };
    for (const auto& row : {Row{"espeak-ng", "ru", "", greeting_ru}, Row{"espeak-ng", "en", "", greeting_en},
                            Row{"flite", "en", "", greeting_en}, Row{"flite", "en", "kal", greeting_en}}) {
        INFO(row.engine << " " << row.language << " " << row.name);
        auto samples = voice(row.engine, row.language, row.name)->speak(row.text);
        REQUIRE(samples);
        CHECK(seconds(*samples) > 3);
        CHECK(seconds(*samples) < 9);
        CHECK(audio::speech_dbfs(*samples) == Approx(-19).margin(1));
        CHECK(audio::peak_dbfs(*samples) <= -2.99);
        CHECK(audio::rms_dbfs(std::span(*samples).first(160)) < -40);  // starts from silence
    }
}

TEST_CASE("voice: twice the speed takes about half the time") {
    for (const char* engine : {"espeak-ng", "flite"}) {
        auto slow = voice(engine, "en", "", 0.8)->speak(greeting_en);
        auto fast = voice(engine, "en", "", 1.6)->speak(greeting_en);
        REQUIRE(slow);
        REQUIRE(fast);
        CHECK(seconds(*slow) / seconds(*fast) == Approx(2).margin(0.45));
    }
}

TEST_CASE("voice: two voices of one engine do not take each other's language") {
    auto ru = voice("espeak-ng", "ru"), en = voice("espeak-ng", "en");
    auto before = ru->speak("сорок два");
    auto between = en->speak("forty two");
    auto after = ru->speak("сорок два");
    REQUIRE(before);
    REQUIRE(between);
    REQUIRE(after);
    CHECK(seconds(*after) == Approx(seconds(*before)).margin(0.01));
}

TEST_CASE("voice: the identity tells engine, version, voice and speed apart") {
    auto plain = voice("espeak-ng", "ru")->identity();
    CHECK(plain == identity_of({.engine = "espeak-ng", .language = "ru"}, "1.51"));
    CHECK(voice("espeak-ng", "en")->identity() != plain);
    CHECK(voice("espeak-ng", "ru", "ru+f2")->identity() != plain);
    CHECK(voice("espeak-ng", "ru", "", 1.1)->identity() != plain);
}

TEST_CASE("voice: text that can't be said is refused with the reason") {
    auto en = voice("flite", "en");
    auto what = [&](const std::string& text) {
        auto samples = en->speak(text);
        return samples ? std::string("spoken") : samples.error().what;
    };
    CHECK(what("") == "nothing to say");
    CHECK(what(" \n") == "nothing to say");
    CHECK(what("a\nb") == "text to say has control bytes");
    CHECK(what("a\x7f") == "text to say has control bytes");
    CHECK(what("\xff") == "text to say is not UTF-8");
    CHECK(what(std::string(max_spoken_text + 1, 'a')) == "text of 4001 bytes is too long to say");
    CHECK(what("привет") == "flite speaks English letters only; use espeak-ng");
    CHECK(what("“Quoted” – it’s fine…") == "spoken");
}

TEST_CASE("voice: markup and phoneme brackets in the text are words, not orders") {
    auto en = voice("espeak-ng", "en");
    for (const char* text : {"<speak><break time=\"9s\"/>hi</speak>", "[[h@l'oU]]", "%s %n", "\\x00"}) {
        auto samples = en->speak(text);
        REQUIRE(samples);
        CHECK(seconds(*samples) < 9);
    }
}

TEST_CASE("voice: unknown engines, voices and speeds are errors that name what is known") {
    set_driver_folder(test::drivers_folder());
    auto error = [](VoiceSettings settings) {
        auto opened = open_synthesizer(settings);
        return opened ? std::string("opened") : opened.error().text();
    };
    CHECK(error({.engine = "festival"}) == "festival: no such speech engine; espeak-ng, flite or none");
    CHECK(error({.engine = "flite", .voice = "bob"}) ==
          "voice flite: flite knows no voice 'bob'; slt, kal, kal16, awb or rms");
    CHECK(error({.engine = "flite", .voice = "../../tmp/x"}).find("knows no voice") != std::string::npos);
    CHECK(error({.engine = "flite", .language = "ru"}) ==
          "voice flite: flite speaks English only; use espeak-ng");
    CHECK(error({.engine = "espeak-ng", .language = "zz"}) ==
          "voice espeak-ng: espeak-ng knows no voice 'zz'; see espeak-ng --voices");
    CHECK(error({.speed = 3}) == "espeak-ng: speed 3 is out of range; 0.5 to 2.0");
    CHECK(error({.voice = "a\nb"}) == "espeak-ng: control bytes in a voice's name");
}

TEST_CASE("pronounce: English words by lexicon and by rule, Russian ones in IPA") {
    set_driver_folder(test::drivers_folder());
    CHECK(arpabet("operator").value_or("") == "AA P ER EY T ER");
    CHECK(arpabet("Don't").value_or("") == "D OW N T");
    CHECK(arpabet("oksana").value_or("") == "AA K S AE N AH");
    CHECK(ipa("ru", "оператор").value_or("") == "ʌ pʲ i r ˈɑ t ʌ r");
    for (const char* bad : {"", "two words", "x1", "да", "a\n"})
        CHECK_FALSE(arpabet(bad));
    CHECK_FALSE(ipa("ru", ""));
    CHECK_FALSE(ipa("ru", "\xff"));
    CHECK_FALSE(ipa("ru", std::string(max_pronounced_word + 1, 'a')));
    CHECK_FALSE(ipa("zz", "a"));
}

TEST_CASE("voice: a plus before a Russian vowel becomes a stress mark after it, elsewhere it stays") {
    CHECK(with_stress_marks("зам+ок") == "замо́к");
    CHECK(with_stress_marks("З+амок, зам+ок") == "За́мок, замо́к");
    CHECK(with_stress_marks("2+2") == "2+2");
    CHECK(with_stress_marks("a+b c+") == "a+b c+");
    CHECK(with_stress_marks("") == "");
}

TEST_CASE("stress: a marked word becomes espeak's phonemes with the stress where the mark is") {
    auto say = [](const std::string& word) -> std::string {
        if (word == "замок") return "z|a|m|'o|k";
        if (word == "семья") return "s;|i|m;|j|'ja";
        if (word == "петрова") return "p;|i|t|@-|r|'o|v|a#";
        return "?";
    };
    auto marked = [&](std::string_view text) { return espeak::marked_as_phonemes(text, say); };
    CHECK(marked("за\u0301мок") == "[[z|'A|m|V|k]]");
    CHECK(marked("замо\u0301к") == "[[z|a|m|'o|k]]");
    CHECK(marked("«замо\u0301к», 5 [x]!") == "«[[z|a|m|'o|k]]», 5  x !");
    CHECK(marked("семья\u0301") == "[[s;|i|m;|j|'ja]]");
    CHECK(marked("петрова\u0301 и замок") == "[[p;|i|t|@-|r|V|v|'A]] и замок");
    CHECK(marked("мы\u0301ло") == "мыло");            // espeak said nothing that fits
    CHECK(marked("зам\u0301ок \u0301") == "замок ");  // a mark after no vowel
    CHECK(marked("a\u0301 b") == "a b");
    CHECK(marked("") == "");
}

TEST_CASE("stress: a marked word sounds another way and the rest is spoken as before") {
    auto ru = voice("espeak-ng", "ru");
    auto plain = ru->speak("Старый замок стоит на горе."), marked = ru->speak("Старый з+амок стоит на горе.");
    REQUIRE(plain);
    REQUIRE(marked);
    CHECK(*plain != *marked);
    CHECK(seconds(*marked) == Approx(seconds(*plain)).margin(0.3));
    auto brackets = ru->speak("з+амок [[h@l'oU h@l'oU h@l'oU h@l'oU]]");
    REQUIRE(brackets);
    CHECK(seconds(*brackets) > 1);
}
