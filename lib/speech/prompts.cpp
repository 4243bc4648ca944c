#include "speech/prompts.hpp"

#include "core/text.hpp"
#include "speech/engine.hpp"

#include <utility>

#include <fmt/format.h>

namespace pbx::speech {

struct Prompts::Voice {
    VoiceSettings settings;
    std::string identity;
    std::unique_ptr<Synthesizer> engine;  // opened when something has to be rendered
};

Prompts::Prompts(PromptSettings settings)
    : settings_(std::move(settings)), sounds_(settings_.sounds), cache_(settings_.cache) {}

Prompts::~Prompts() = default;

Result<Prompt> Prompts::prepare(const Utterance& utterance) {
    if (!utterance.file.empty()) {
        auto file = sounds_.find(utterance.file, settings_.language);
        if (!file) return tl::unexpected(file.error());
        if (*file) return Prompt{Prompt::Source::recorded, std::move((*file)->path), (*file)->duration};
        if (utterance.text.empty())
            return fail(Code::no_input, "sound file not found", utterance.file,
                        "record it, or put a `say` line after it");
    }
    return speak(utterance);
}

Result<Prompt> Prompts::speak(const Utterance& utterance) {
    auto voice = voice_of(utterance.voice);
    if (!voice) return tl::unexpected(voice.error());
    auto key = fmt::format("{}\n{}", (*voice)->identity, utterance.text);
    auto ready = cache_.find(key);
    if (ready) return Prompt{Prompt::Source::cached, std::move(ready->path), ready->duration};
    std::scoped_lock held(one_at_a_time_);
    ready = cache_.find(key);  // another call may have said the same meanwhile
    if (ready) return Prompt{Prompt::Source::cached, std::move(ready->path), ready->duration};
    return render(**voice, utterance.text, key);
}

Result<Prompt> Prompts::render(Voice& voice, const std::string& text, const std::string& key) {
    if (voice.engine == nullptr) {
        auto opened = open_synthesizer(voice.settings);
        if (!opened) return tl::unexpected(opened.error());
        voice.engine = std::move(*opened);
    }
    auto samples = voice.engine->speak(text);
    if (!samples) return tl::unexpected(samples.error());
    auto stored = cache_.store(key, *samples);
    if (!stored) return tl::unexpected(stored.error());
    return Prompt{Prompt::Source::rendered, std::move(stored->path), stored->duration};
}

Result<Prompts::Voice*> Prompts::voice_of(const std::string& name) {
    std::scoped_lock held(one_at_a_time_);
    auto& voice = voices_[name];
    if (voice != nullptr) return voice.get();
    auto settings = settings_.voices.find(name);
    if (settings == settings_.voices.end() && !name.empty())
        return fail(Code::config, "no such voice", name, fmt::format("add [voice {}] to pbxctl.conf", name));
    auto made = std::make_unique<Voice>();
    if (settings != settings_.voices.end())
        made->settings = settings->second;
    else
        made->settings.language = settings_.language;
    if (made->settings.engine == "none")
        return fail(Code::unavailable, "the voice is `none`: recorded files only",
                    name.empty() ? "voice" : name, "give every `say` a `play` before it, or choose a voice");
    auto version = version_of(made->settings.engine);
    if (!version) return tl::unexpected(version.error());
    made->identity = identity_of(made->settings, *version);
    voice = std::move(made);
    return voice.get();
}

// The engine's version is part of every key, but asking the engine loads it (10 ms, 4 MB). So it is noted
// beside the prompts, with the file it was asked of, and asked again when that file is another.
Result<std::string> Prompts::version_of(const std::string& engine_name) {
    auto note = cache_.note(engine_name);
    auto lines = text::split(note, '\n');
    if (lines.size() == 3 && !lines[1].empty() && !lines[2].empty() &&
        file_stamp(std::string(lines[0])) == lines[1])
        return std::string(lines[2]);
    auto engine = load_engine(engine_name);
    if (!engine) return tl::unexpected(engine.error());
    std::scoped_lock held(*engine->lock);
    std::string version = engine->driver->version(), library = engine->driver->library();
    cache_.set_note(engine_name, fmt::format("{}\n{}\n{}", library, file_stamp(library), version));
    return version;
}

RenderReport Prompts::render_all(std::span<const Utterance> utterances, const Progress& progress) {
    RenderReport report;
    for (std::size_t i = 0; i < utterances.size(); ++i) {
        auto prompt = prepare(utterances[i]);
        if (!prompt) {
            report.failures.push_back({i, prompt.error()});
        } else {
            switch (prompt->source) {
                case Prompt::Source::recorded:
                    ++report.recorded;
                    break;
                case Prompt::Source::cached:
                    ++report.cached;
                    break;
                case Prompt::Source::rendered:
                    ++report.rendered;
                    break;
            }
        }
        if (progress) progress(i + 1, utterances.size(), utterances[i]);
    }
    return report;
}

}  // namespace pbx::speech
