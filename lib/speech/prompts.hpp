// From what is to be said to a file Asterisk can play: a recorded file where there is one, else the voice, by
// way of the prompt cache. Nothing is played here. May be used from several threads at once; a call that has
// to render takes 10 to 200 ms, so make it on the pool, never on the loop.
#pragma once

#include "core/result.hpp"
#include "speech/prompt_cache.hpp"
#include "speech/sound_files.hpp"
#include "speech/synthesizer.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace pbx::speech {

struct Utterance {      // as dialog::Say
    std::string text;   // spoken when there is no file, or it is missing
    std::string file;   // name as in Playback(); empty = none
    std::string voice;  // one of PromptSettings::voices; empty = the one named ""
};

struct Prompt {
    enum class Source { recorded, cached, rendered } source = Source::cached;
    std::string path;                       // absolute, without extension: STREAM FILE takes it so
    std::chrono::milliseconds duration{0};  // 0 = not known (a recorded file of a format not measured here)
};

struct PromptSettings {
    std::string language = "en";
    SoundFolders sounds;
    CacheSettings cache;
    std::map<std::string, VoiceSettings> voices;  // by name; when "" is not there, the language's own default
};

struct RenderReport {
    struct Failure {
        std::size_t index;
        Error error;
    };
    std::size_t recorded = 0, cached = 0, rendered = 0;
    std::vector<Failure> failures;
};

class Prompts {
  public:
    explicit Prompts(PromptSettings settings);
    ~Prompts();

    // Code::no_input: neither file nor text; Code::unavailable: the engine is not installed;
    // Code::write_failed: the cache folder can't be written.
    [[nodiscard]] Result<Prompt> prepare(const Utterance& utterance);

    // Everything a dialog may say, so that no call waits (`oksana check --render`). Goes on past a failure.
    using Progress = std::function<void(std::size_t done, std::size_t all, const Utterance& last)>;
    [[nodiscard]] RenderReport render_all(std::span<const Utterance> utterances,
                                          const Progress& progress = {});

    [[nodiscard]] const SoundFiles& sounds() const { return sounds_; }

  private:
    struct Voice;
    [[nodiscard]] Result<Prompt> speak(const Utterance& utterance);
    [[nodiscard]] Result<Prompt> render(Voice& voice, const std::string& text, const std::string& key);
    [[nodiscard]] Result<Voice*> voice_of(const std::string& name);
    [[nodiscard]] Result<std::string> version_of(const std::string& engine_name);

    PromptSettings settings_;
    SoundFiles sounds_;
    PromptCache cache_;
    std::mutex one_at_a_time_;
    std::map<std::string, std::unique_ptr<Voice>> voices_;
};

}  // namespace pbx::speech
