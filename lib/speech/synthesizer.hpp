// A voice: text in, 8 kHz mono 16-bit samples out, at one loudness and in a telephone's band. Blocking;
// called on the speech thread or by `oksana check --render`. Numbers, dates and money are words already
// (dialog::spoken).
#pragma once

#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::speech {

using Samples = std::vector<std::int16_t>;  // 8 kHz mono

class Synthesizer {
  public:
    virtual ~Synthesizer() = default;
    // Code::data for text that is empty, too long, not UTF-8 or has control bytes.
    [[nodiscard]] virtual Result<Samples> speak(const std::string& text) = 0;
    // Engine, its version, voice and speed: with the text it is the key of the prompt cache.
    [[nodiscard]] virtual std::string identity() const = 0;
};

struct VoiceSettings {
    std::string engine = "espeak-ng";  // espeak-ng | flite | none
    std::string language = "en";
    std::string voice;   // engine's voice name; empty = its default for the language
    double speed = 1.0;  // 0.5 .. 2.0
};
[[nodiscard]] Result<std::unique_ptr<Synthesizer>> open_synthesizer(const VoiceSettings& settings);

// What identity() says, for those who know the engine's version without opening it.
[[nodiscard]] std::string identity_of(const VoiceSettings& settings, std::string_view version);

// The longest text one call may speak, in bytes; longer is refused (Code::data).
constexpr std::size_t max_spoken_text = 4000;
// And the longest sound of it; an engine that goes on is stopped (Code::data).
constexpr std::chrono::minutes max_spoken_time{5};

// What the engine is given: a `+` before a Russian vowel becomes a stress mark after it ("зам+ок" -> "замо́к",
// the lock; "з+амок" -> "за́мок", the castle). Everything else stays.
[[nodiscard]] std::string with_stress_marks(std::string_view text);

}  // namespace pbx::speech
