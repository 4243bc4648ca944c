#include "speech/synthesizer.hpp"

#include "audio/resample.hpp"
#include "audio/telephone.hpp"
#include "core/text.hpp"
#include "speech/engine.hpp"

#include <array>

#include <fmt/format.h>

namespace pbx::speech {

namespace {
// Part of the cache key: raise it when the same engine and text would now sound different.
constexpr int rendering = 2;
constexpr std::chrono::milliseconds edge_silence{60};

struct Sink {
    Samples samples;
    std::size_t most;
    bool overflown = false;
};

int take(const std::int16_t* samples, std::size_t count, void* user) {
    auto& sink = *static_cast<Sink*>(user);
    sink.overflown = sink.samples.size() + count > sink.most;
    if (sink.overflown) return 1;
    sink.samples.insert(sink.samples.end(), samples, samples + count);
    return 0;
}

class EngineVoice final : public Synthesizer {
  public:
    EngineVoice(Engine engine, void* voice, std::string identity)
        : engine_(engine), voice_(voice), identity_(std::move(identity)) {}
    EngineVoice(const EngineVoice&) = delete;
    EngineVoice& operator=(const EngineVoice&) = delete;
    ~EngineVoice() override {
        std::scoped_lock held(*engine_.lock);
        engine_.driver->close(voice_);
    }

    Result<Samples> speak(const std::string& text) override;
    [[nodiscard]] std::string identity() const override { return identity_; }

  private:
    Result<Samples> raw(const std::string& text, unsigned& rate);

    Engine engine_;
    void* voice_;
    std::string identity_;
};

Result<void> check(const std::string& text) {
    if (text::trim(text).empty()) return fail(Code::data, "nothing to say");
    if (text.size() > max_spoken_text)
        return fail(Code::data, fmt::format("text of {} bytes is too long to say", text.size()), {},
                    fmt::format("say it in parts of at most {} bytes", max_spoken_text));
    if (!text::is_utf8(text)) return fail(Code::data, "text to say is not UTF-8");
    if (!text::is_plain_line(text)) return fail(Code::data, "text to say has control bytes");
    return {};
}

Result<Samples> EngineVoice::raw(const std::string& text, unsigned& rate) {
    std::array<char, 256> error{};
    std::scoped_lock held(*engine_.lock);
    rate = engine_.driver->rate(voice_);
    Sink sink{.samples = {}, .most = rate * std::size_t{std::chrono::seconds(max_spoken_time).count()}};
    auto failed = engine_.driver->speak(voice_, with_stress_marks(text).c_str(), take, &sink, error.data(),
                                        error.size());
    if (sink.overflown)
        return fail(Code::data, fmt::format("speech longer than {} minutes", max_spoken_time.count()));
    if (failed != 0) return fail(Code::unavailable, error.data());
    rate = engine_.driver->rate(voice_);
    return std::move(sink.samples);
}

Result<Samples> EngineVoice::speak(const std::string& text) {
    auto good = check(text);
    if (!good) return tl::unexpected(good.error());
    unsigned rate = 0;
    auto samples = raw(text, rate);
    if (!samples) return within(identity_, samples.error());
    auto narrow = audio::resample(*samples, rate, audio::sample_rate);
    if (!narrow) return within(identity_, narrow.error());
    return audio::trimmed(audio::for_telephone(std::move(*narrow)), edge_silence);
}

}  // namespace

Result<std::unique_ptr<Synthesizer>> open_synthesizer(const VoiceSettings& settings) {
    if (!(settings.speed >= 0.5 && settings.speed <= 2.0))
        return fail(Code::config, fmt::format("speed {} is out of range", settings.speed), settings.engine,
                    "0.5 to 2.0");
    if (!text::is_plain_line(settings.voice) || !text::is_plain_line(settings.language))
        return fail(Code::config, "control bytes in a voice's name", settings.engine);
    auto engine = load_engine(settings.engine);
    if (!engine) return tl::unexpected(engine.error());
    std::array<char, 256> error{};
    std::scoped_lock held(*engine->lock);
    void* voice = engine->driver->open(settings.voice.c_str(), settings.language.c_str(), settings.speed,
                                       error.data(), error.size());
    if (voice == nullptr) return fail(Code::unavailable, error.data(), "voice " + settings.engine);
    return std::make_unique<EngineVoice>(*engine, voice, identity_of(settings, engine->driver->version()));
}

std::string identity_of(const VoiceSettings& settings, std::string_view version) {
    return fmt::format("{} {} {}/{} x{:.2f} r{}", settings.engine, version, settings.language,
                       settings.voice.empty() ? "default" : settings.voice, settings.speed, rendering);
}

std::string with_stress_marks(std::string_view text) {
    static constexpr std::u32string_view vowels = U"аеиоуыэюяАЕИОУЫЭЮЯ";  // ё is stressed anyway
    std::u32string marked;
    auto letters = text::decode_utf8(text);
    for (std::size_t i = 0; i < letters.size(); ++i) {
        bool stress =
            letters[i] == U'+' && i + 1 < letters.size() && vowels.find(letters[i + 1]) != vowels.npos;
        if (stress)
            marked += {letters[++i], U'\u0301'};
        else
            marked += letters[i];
    }
    return text::encode_utf8(marked);
}

}  // namespace pbx::speech
