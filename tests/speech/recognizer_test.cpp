// Through the real engine, on recordings of people that Debian ships (asterisk-core-sounds-*-wav). A missing
// package fails these tests: an ear that was not tried is not one.
#include "speech/recognizer.hpp"

#include "core/text.hpp"

#include <fstream>
#include <iterator>
#include <numeric>
#include <random>
#include <set>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

using namespace pbx;
using namespace pbx::speech;
using Samples = std::vector<std::int16_t>;
using Verdict = Hypothesis::Verdict;

namespace {

// Debian's prompts are 8 kHz mono 16-bit WAV files with a header of 44 bytes.
Samples prompt(const std::string& language, const std::string& name) {
    const auto file = fmt::format("/usr/share/asterisk/sounds/{}/{}.wav",
                                  language == "en" ? "en_US_f_Allison" : "ru_RU_f_IvrvoiceRU", name);
    std::ifstream in(file, std::ios::binary);
    INFO(file << ": install asterisk-core-sounds-" << language << "-wav");
    REQUIRE(in);
    std::string bytes((std::istreambuf_iterator<char>(in)), {});
    REQUIRE(bytes.size() > 44);
    Samples samples((bytes.size() - 44) / 2);
    std::copy_n(bytes.data() + 44, samples.size() * 2, reinterpret_cast<char*>(samples.data()));
    return samples;
}

Grammar question(const std::string& language, const std::string& phrases) {
    Grammar grammar;
    grammar.language = language;
    std::set<std::string> words;
    for (auto phrase : text::split(phrases, '|')) {
        grammar.phrases.emplace_back(phrase);
        for (auto word : text::words(phrase))
            words.emplace(word);
    }
    grammar.words.assign(words.begin(), words.end());
    grammar.jsgf = fmt::format("#JSGF V1.0 UTF-8;\ngrammar q;\npublic <answer> = {};\n",
                               text::join(grammar.phrases, " | "));
    return grammar;
}

std::unique_ptr<Recognizer> ear(const std::string& language) {
    EarSettings settings;
    settings.language = language;
    auto opened = open_recognizer(settings);
    if (!opened) FAIL(opened.error().text());
    return std::move(*opened);
}

void feed(Recognizer& ear, const Samples& samples, std::size_t frame = 160) {
    for (std::size_t at = 0; at < samples.size(); at += frame)
        REQUIRE(ear.feed(std::span(samples).subspan(at, std::min(frame, samples.size() - at))));
}

Hypothesis hear(Recognizer& ear, const Samples& samples, std::size_t frame = 160) {
    feed(ear, samples, frame);
    auto heard = ear.finish();
    REQUIRE(heard);
    return *heard;
}

}  // namespace

TEST_CASE("ear: a person's English words are heard, each among the answers of its question") {
    auto e = ear("en");
    REQUIRE(e->use(question("en", "today|tomorrow|yesterday")));
    for (std::string word : {"today", "tomorrow", "yesterday"}) {
        e->new_caller();
        CHECK(hear(*e, prompt("en", "digits/" + word)).text == word);
    }
    REQUIRE(e->use(question("en", "january|february|march|april|may")));
    CHECK(hear(*e, prompt("en", "digits/mon-0")).text == "january");
    CHECK(hear(*e, prompt("en", "digits/mon-3")).text == "april");
}

TEST_CASE("ear: a person's Russian words are heard, each among the answers of its question") {
    auto e = ear("ru");
    REQUIRE(e->use(question("ru", "сегодня|завтра|вчера")));
    CHECK(hear(*e, prompt("ru", "digits/today")).text == "сегодня");
    CHECK(hear(*e, prompt("ru", "digits/tomorrow")).text == "завтра");
    CHECK(hear(*e, prompt("ru", "digits/yesterday")).text == "вчера");
    REQUIRE(e->use(question("ru", "понедельник|вторник|среда|четверг|пятница|суббота|воскресенье")));
    CHECK(hear(*e, prompt("ru", "digits/day-2")).text == "вторник");
    CHECK(hear(*e, prompt("ru", "digits/day-6")).text == "суббота");
}

TEST_CASE("ear: how the samples are cut changes nothing") {
    auto e = ear("ru");
    REQUIRE(e->use(question("ru", "сегодня|завтра|вчера")));
    const auto samples = prompt("ru", "digits/today");
    std::vector<double> scores;
    for (std::size_t frame : {160U, 1U, 37U, 100000U}) {
        e->new_caller();
        const auto heard = hear(*e, samples, frame);
        CHECK(heard.text == "сегодня");
        scores.push_back(heard.score);
    }
    for (double score : scores)
        CHECK(score == Approx(scores.front()).margin(1e-6));
}

TEST_CASE("ear: the same answer gets the same score, whichever questions came before") {
    auto e = ear("en");
    const auto samples = prompt("en", "digits/tomorrow");
    REQUIRE(e->use(question("en", "today|tomorrow")));
    const auto first = hear(*e, samples);
    for (int i = 0; i < 20; ++i)
        REQUIRE(e->use(question("en", fmt::format("one|two|three|{}", i % 2 == 0 ? "four" : "five"))));
    REQUIRE(e->use(question("en", "today|tomorrow")));
    e->new_caller();
    const auto again = hear(*e, samples);
    CHECK(again.text == "tomorrow");
    CHECK(again.score == Approx(first.score).margin(1e-6));
}

TEST_CASE("ear: words of the question before are not heard any more") {
    auto e = ear("en");
    REQUIRE(e->use(question("en", "today|tomorrow")));
    REQUIRE(e->use(question("en", "yes|no")));
    const auto heard = hear(*e, prompt("en", "digits/tomorrow"));
    CHECK(heard.text != "tomorrow");
    CHECK(heard.verdict != Verdict::accept);
}

TEST_CASE("ear: a whole sentence is no answer to a question of two words") {
    for (std::string language : {"en", "ru"}) {
        CAPTURE(language);
        auto e = ear(language);
        REQUIRE(e->use(question(language, language == "en" ? "january|november" : "января|ноября")));
        CHECK(hear(*e, prompt(language, "vm-goodbye")).verdict != Verdict::accept);
        CHECK(hear(*e, prompt(language, "agent-incorrect")).verdict != Verdict::accept);
    }
}

TEST_CASE("ear: silence, zeros and noise are no answer and no error") {
    auto e = ear("en");
    REQUIRE(e->use(question("en", "yes|no")));
    CHECK(hear(*e, {}).verdict == Verdict::reject);
    CHECK(hear(*e, Samples(16000, 0)).verdict != Verdict::accept);
    std::mt19937 random(1);
    Samples noise(16000);
    for (auto& sample : noise)
        sample = static_cast<std::int16_t>(static_cast<int>(random() % 2000) - 1000);
    CHECK(hear(*e, noise).verdict != Verdict::accept);
}

TEST_CASE("ear: cancel forgets what was fed") {
    auto e = ear("en");
    REQUIRE(e->use(question("en", "today|tomorrow|yesterday")));
    feed(*e, prompt("en", "digits/yesterday"));
    e->cancel();
    CHECK(hear(*e, prompt("en", "digits/today")).text == "today");
}

TEST_CASE("ear: words that no dictionary has are said by rule") {
    auto english = ear("en");
    CHECK(english->use(question("en", "oksana|pbxctl|o'clock")));
    auto russian = ear("ru");
    CHECK(russian->use(question("ru", "соедините с ивановой|бздынь|петрушевский")));
}

TEST_CASE("ear: an answer of more than a minute is an error") {
    auto e = ear("ru");
    REQUIRE(e->use(question("ru", "да|нет")));
    const Samples second(8000, 0);
    bool refused = false;
    for (int i = 0; i < 70 && !refused; ++i)
        refused = !e->feed(second);
    CHECK(refused);
    e->cancel();
    CHECK(e->feed(second));
}

TEST_CASE("ear: misuse is an error with words, not a crash") {
    auto e = ear("en");
    auto early = e->finish();
    REQUIRE_FALSE(early);
    CHECK(early.error().code == Code::bug);

    Grammar dictation;
    dictation.language = "en";
    dictation.dictation = true;
    auto open = e->use(dictation);
    REQUIRE_FALSE(open);
    CHECK(open.error().code == Code::config);

    Grammar broken = question("en", "yes|no");
    broken.jsgf = "#JSGF V1.0;\ngrammar q;\npublic <answer> = ( yes | ;\n";
    {
#ifdef __SANITIZE_ADDRESS__
        const __lsan::ScopedDisabler known;  // the library's parser loses 69 bytes of a grammar it refuses
#endif
        auto refused = e->use(broken);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Code::data);
    }
    CHECK(e->use(question("en", "yes|no")));
}

TEST_CASE("ear: what cannot be opened says why and what to do") {
    EarSettings settings;
    settings.engine = "nonsense";
    auto unknown = open_recognizer(settings);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == Code::config);

    settings.engine = "pocketsphinx";
    settings.language = "ru";
    settings.model = "/nonexistent";
    auto missing = open_recognizer(settings);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == Code::unavailable);
    CHECK_FALSE(missing.error().hint.empty());

    settings.model.clear();
    settings.language = "de";
    CHECK_FALSE(open_recognizer(settings));
}

TEST_CASE("ear: none hears nothing") {
    EarSettings settings;
    settings.engine = "none";
    auto deaf = open_recognizer(settings);
    REQUIRE(deaf);
    REQUIRE((*deaf)->use(question("en", "yes|no")));
    const auto heard = hear(**deaf, Samples(8000, 100));
    CHECK(heard.text.empty());
    CHECK(heard.verdict == Verdict::reject);
}
