// An ear: samples in, words out. One utterance at a time: use(grammar), feed(...)*, finish(). Every call may
// block and is made on the speech thread, never on the loop. 8 kHz mono 16-bit samples.
#pragma once

#include "core/result.hpp"
#include "speech/grammar.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace pbx::speech {

struct Hypothesis {
    std::string text;  // lower case words with single blanks; empty = nothing
    double score = 0;  // engine's own confidence measure, comparable within one engine: higher is surer
    enum class Verdict { accept, confirm, reject } verdict = Verdict::reject;
    std::chrono::milliseconds took{0};  // CPU spent on this utterance after its last sample
};

class Recognizer {
  public:
    virtual ~Recognizer() = default;
    // Prepares for utterances of this grammar; costs nothing when it is the one in use already.
    [[nodiscard]] virtual Result<void> use(const Grammar& grammar) = 0;
    [[nodiscard]] virtual Result<void> feed(std::span<const std::int16_t> samples) = 0;
    // Ends the utterance. A caller who said nothing known gives an empty or rejected hypothesis, not an
    // error.
    [[nodiscard]] virtual Result<Hypothesis> finish() = 0;
    virtual void cancel() = 0;  // forget what was fed since the last finish()
    // What was learnt of the voice and the line is of the caller before: the next utterance is another's.
    virtual void new_caller() {}
};

struct EarSettings {
    std::string engine = "pocketsphinx";  // pocketsphinx | none
    std::string language = "en";          // ru | en
    std::string model;       // folder of the acoustic model; empty = the installed one of the language
    std::string dictionary;  // file; empty = the installed one
    double accept = 0, confirm = 0;  // verdict thresholds; 0 = the engine's tuned ones
};
[[nodiscard]] Result<std::unique_ptr<Recognizer>> open_recognizer(const EarSettings& settings);

}  // namespace pbx::speech
