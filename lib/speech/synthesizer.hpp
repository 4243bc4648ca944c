// A voice: text in, 8 kHz mono 16-bit samples out. Blocking; called on the speech thread or by `oksana check
// --render`.
#pragma once

#include "core/result.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pbx::speech {

using Samples = std::vector<std::int16_t>;  // 8 kHz mono

class Synthesizer {
  public:
    virtual ~Synthesizer() = default;
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

// The longest text one call may speak; longer is refused (Code::data).
constexpr std::size_t max_spoken_text = 4000;

}  // namespace pbx::speech
