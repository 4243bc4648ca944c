// The offline ear: libpocketsphinx behind its driver, a grammar per question, and a verdict by how much
// better the words fit than a free loop of phones. Not a dictation ear: it hears only what the grammar has.
#pragma once

#include "speech/dictionary.hpp"
#include "speech/doubler.hpp"
#include "speech/ear_driver.h"
#include "speech/recognizer.hpp"

#include <array>
#include <functional>
#include <optional>
#include <set>

namespace pbx::speech {

// What one language's model was tuned to (by scripts/bench-speech's tuning material, never by what it
// scores).
struct PocketsphinxTuning {
    int rate = 8000;  // Hz of the model
    double word_penalty = 1e-4, loop_penalty = 0.1;
    double word_weight = 6.5, loop_weight = 1;
    double beam = 1e-120, word_beam = 1e-100, loop_beam = 1e-30;
    bool remove_noise = false, remove_silence = true;
    double mean_range = 40, mean_weight = 100;
    std::array<double, 13> usual_mean{};  // of telephone speech through this model's front end
    double accept = 0, confirm = 0;       // lowest score of each verdict
};
[[nodiscard]] PocketsphinxTuning tuning_of(std::string_view language);

// The ways to say a word: the dictionary's, else by rule (pronounce.hpp). An error names the word.
using Lexicon = std::function<Result<std::vector<std::string>>(const std::string& word)>;
[[nodiscard]] Lexicon english_lexicon(Dictionary dictionary);
[[nodiscard]] Lexicon russian_lexicon(std::optional<Dictionary> dictionary);

[[nodiscard]] Result<std::unique_ptr<Recognizer>> open_pocketsphinx(const EarSettings& settings,
                                                                    const PocketsphinxTuning& tuning);

// Folder of the installed acoustic model and file of the dictionary, as `settings` or the language says.
[[nodiscard]] Result<std::string> model_folder(const EarSettings& settings);

// The dictionary grows with every question; past this many words the decoder is opened anew.
constexpr std::size_t most_known_words = 20'000;

}  // namespace pbx::speech
