#include "speech/pocketsphinx.hpp"

#include "core/driver.hpp"
#include "core/text.hpp"
#include "speech/phones_ru.hpp"

#include <array>
#include <ctime>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>

namespace pbx::speech {

namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr const char* english_model = "/usr/share/pocketsphinx/model/en-us/en-us";
constexpr const char* english_dictionary = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict";
constexpr const char* english_phones =
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH";

nanoseconds thread_cpu() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return std::chrono::seconds(t.tv_sec) + nanoseconds(t.tv_nsec);
}

struct CloseEar {
    const pbx_ear_driver* driver;
    void operator()(pbx_ear* ear) const { driver->close(ear); }
};
using Ear = std::unique_ptr<pbx_ear, CloseEar>;

struct Setup {
    const pbx_ear_driver* driver;
    std::string model, phones;
    PocketsphinxTuning tuning;
    Lexicon lexicon;
};

Result<Ear> open_ear(const Setup& setup) {
    const auto& t = setup.tuning;
    pbx_ear_options options{
        .model = setup.model.c_str(),
        .rate = t.rate,
        .loop_phones = setup.phones.c_str(),
        .word_penalty = t.word_penalty,
        .loop_penalty = t.loop_penalty,
        .word_weight = t.word_weight,
        .loop_weight = t.loop_weight,
        .beam = t.beam,
        .word_beam = t.word_beam,
        .loop_beam = t.loop_beam,
        .remove_noise = t.remove_noise ? 1 : 0,
        .remove_silence = t.remove_silence ? 1 : 0,
        .mean_range = t.mean_range,
        .usual_mean = {},
        .mean_weight = t.mean_weight,
        .trusted = t.confirm,
    };
    std::copy(t.usual_mean.begin(), t.usual_mean.end(), options.usual_mean);
    std::array<char, 256> error{};
    Ear ear(setup.driver->open(&options, error.data(), error.size()), CloseEar{setup.driver});
    if (!ear) return fail(Code::unavailable, error.data(), fmt::format("model {}", setup.model));
    return ear;
}

class Pocketsphinx final : public Recognizer {
  public:
    Pocketsphinx(Setup setup, Ear ear) : setup_(std::move(setup)), ear_(std::move(ear)) {}

    Result<void> use(const Grammar& grammar) override;
    Result<void> feed(std::span<const std::int16_t> samples) override;
    Result<Hypothesis> finish() override;
    void cancel() override;
    void new_caller() override { setup_.driver->new_caller(ear_.get()); }

  private:
    Result<void> learn(const std::vector<std::string>& words);
    [[nodiscard]] bool doubles() const { return setup_.tuning.rate == 16000; }
    [[nodiscard]] Hypothesis judged(const pbx_ear_answer& answer) const;

    Setup setup_;
    Ear ear_;
    std::set<std::string> known_;
    std::string jsgf_;
    Doubler doubler_;
    std::vector<std::int16_t> doubled_;
};

Result<void> Pocketsphinx::learn(const std::vector<std::string>& words) {
    for (const auto& word : words) {
        if (known_.contains(word)) continue;
        auto ways = setup_.lexicon(word);
        if (!ways) return tl::unexpected(ways.error());
        bool sayable = false;
        for (const auto& phones : *ways)
            sayable = setup_.driver->add_word(ear_.get(), word.c_str(), phones.c_str()) == 0 || sayable;
        if (!sayable)
            return fail(Code::data,
                        fmt::format("\"{}\" has phones that the model lacks: {}", word, ways->front()),
                        fmt::format("model {}", setup_.model));
        known_.insert(word);
    }
    return {};
}

Result<void> Pocketsphinx::use(const Grammar& grammar) {
    if (grammar.dictation)
        return fail(Code::config, "an offline ear cannot take dictation", "ear pocketsphinx",
                    "ask for words, or use an ear that writes down anything");
    if (!jsgf_.empty() && grammar.jsgf == jsgf_) return {};
    jsgf_.clear();
    if (known_.size() + grammar.words.size() > most_known_words) {
        auto fresh = open_ear(setup_);
        if (!fresh) return tl::unexpected(fresh.error());
        ear_ = std::move(*fresh);
        known_.clear();
    }
    if (auto learnt = learn(grammar.words); !learnt) return learnt;
    if (setup_.driver->set_grammar(ear_.get(), grammar.jsgf.c_str()) != 0)
        return fail(Code::data, "grammar refused by the engine", "ear pocketsphinx");
    jsgf_ = grammar.jsgf;
    return {};
}

Result<void> Pocketsphinx::feed(std::span<const std::int16_t> samples) {
    if (doubles()) {
        doubled_.clear();
        doubler_.feed(samples, doubled_);
        samples = doubled_;
    }
    if (setup_.driver->feed(ear_.get(), samples.data(), samples.size()) != 0)
        return fail(Code::data, "an answer of more than a minute", "ear pocketsphinx");
    return {};
}

Hypothesis Pocketsphinx::judged(const pbx_ear_answer& answer) const {
    Hypothesis hypothesis;
    hypothesis.text = text::trim(answer.text);
    if (hypothesis.text.empty()) return hypothesis;
    hypothesis.score = answer.margin;
    if (answer.margin >= setup_.tuning.accept)
        hypothesis.verdict = Hypothesis::Verdict::accept;
    else if (answer.margin >= setup_.tuning.confirm)
        hypothesis.verdict = Hypothesis::Verdict::confirm;
    return hypothesis;
}

Result<Hypothesis> Pocketsphinx::finish() {
    const auto before = thread_cpu();
    static constexpr std::array<std::int16_t, Doubler::reach> silence{};
    if (doubles()) {
        if (auto fed = feed(silence); !fed) return tl::unexpected(fed.error());
        doubler_.reset();
    }
    pbx_ear_answer answer{};
    if (setup_.driver->finish(ear_.get(), &answer) != 0)
        return fail(Code::bug, "finish() before use()", "ear pocketsphinx");
    auto hypothesis = judged(answer);
    hypothesis.took = std::chrono::duration_cast<milliseconds>(thread_cpu() - before);
    return hypothesis;
}

void Pocketsphinx::cancel() {
    doubler_.reset();
    setup_.driver->cancel(ear_.get());
}

Result<Lexicon> lexicon_of(const EarSettings& settings) {
    const bool english = settings.language == "en";
    if (settings.dictionary.empty() && !english) return russian_lexicon(std::nullopt);
    auto dictionary =
        Dictionary::open(settings.dictionary.empty() ? english_dictionary : settings.dictionary);
    if (!dictionary) {
        if (settings.dictionary.empty()) dictionary.error().hint = "install package pocketsphinx-en-us";
        return tl::unexpected(dictionary.error());
    }
    return english ? english_lexicon(std::move(*dictionary)) : russian_lexicon(std::move(*dictionary));
}

// Our own models bring their usual mean in a file of 13 numbers; without it a caller's first words are judged
// by themselves.
Result<void> read_usual_mean(const std::string& model, PocketsphinxTuning& tuning) {
    const auto file = fs::path(model) / "usual_mean";
    std::ifstream in(file);
    if (!in) return {};
    for (auto& value : tuning.usual_mean)
        if (!(in >> value)) return fail(Code::data, "not 13 numbers", file.string(), "reinstall pbxctl");
    return {};
}

}  // namespace

PocketsphinxTuning tuning_of(std::string_view language) {
    PocketsphinxTuning tuning;
    if (language == "en") {
        tuning.rate = 16000;
        tuning.usual_mean = {-17.37, 30.39, -43.08, 37.99,  -23.11, -27.30, 9.70,
                             -42.12, -5.50, -10.96, -19.29, 6.02,   -16.38};
        tuning.accept = -1.8;
        tuning.confirm = -2.5;
    } else {
        tuning.word_penalty = 0.1;
        tuning.accept = -1.8;
        tuning.confirm = -2.6;
    }
    return tuning;
}

Result<std::string> model_folder(const EarSettings& settings) {
    std::vector<fs::path> places;
    std::error_code ignored;
    if (!settings.model.empty()) {
        places.emplace_back(settings.model);
    } else if (settings.language == "en") {
        places.emplace_back(english_model);
    } else {
        const auto binary = fs::read_symlink("/proc/self/exe", ignored).parent_path();
        for (const char* beside : {"models", "../models", "../../models", "../share/pbxctl/models"})
            places.push_back(binary / beside / settings.language);
        places.push_back(fs::path("/usr/share/pbxctl/models") / settings.language);
    }
    for (const auto& place : places)
        if (fs::exists(place / "mdef", ignored)) return place.string();
    return fail(Code::unavailable, "no acoustic model", places.front().string(),
                settings.language == "en" ? "install package pocketsphinx-en-us"
                                          : "reinstall pbxctl or set [ear] model");
}

Result<std::unique_ptr<Recognizer>> open_pocketsphinx(const EarSettings& settings,
                                                      const PocketsphinxTuning& tuning) {
    auto model = model_folder(settings);
    if (!model) return tl::unexpected(model.error());
    auto lexicon = lexicon_of(settings);
    if (!lexicon) return tl::unexpected(lexicon.error());
    auto driver = load_driver_as<pbx_ear_driver>("pocketsphinx", "libpocketsphinx3");
    if (!driver) return tl::unexpected(driver.error());
    if ((*driver)->abi != pbx_ear_abi)
        return fail(Code::unavailable, "driver and binary differ", "pocketsphinx.so", "reinstall pbxctl");
    const auto phones =
        settings.language == "en" ? std::string(english_phones) : text::join(russian_phone_set(), " ");
    PocketsphinxTuning own = tuning;
    if (auto read = read_usual_mean(*model, own); !read) return tl::unexpected(read.error());
    Setup setup{*driver, *model, phones, own, std::move(*lexicon)};
    auto ear = open_ear(setup);
    if (!ear) return tl::unexpected(ear.error());
    return std::make_unique<Pocketsphinx>(std::move(setup), std::move(*ear));
}

}  // namespace pbx::speech
