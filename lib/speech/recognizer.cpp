#include "speech/recognizer.hpp"

#include "speech/pocketsphinx.hpp"

namespace pbx::speech {

namespace {

// ear = none: a dialog that is answered by keys alone.
class Deaf final : public Recognizer {
  public:
    Result<void> use(const Grammar& /*grammar*/) override { return {}; }
    Result<void> feed(std::span<const std::int16_t> /*samples*/) override { return {}; }
    Result<Hypothesis> finish() override { return Hypothesis{}; }
    void cancel() override {}
};

}  // namespace

Result<std::unique_ptr<Recognizer>> open_recognizer(const EarSettings& settings) {
    if (settings.engine == "none") return std::make_unique<Deaf>();
    if (settings.engine != "pocketsphinx")
        return fail(Code::config, "no such ear engine", settings.engine, "pocketsphinx or none");
    if (settings.language != "ru" && settings.language != "en")
        return fail(Code::config, "no acoustic model for this language", settings.language, "ru or en");
    auto tuning = tuning_of(settings.language);
    if (settings.accept != 0) tuning.accept = settings.accept;
    if (settings.confirm != 0) tuning.confirm = settings.confirm;
    return open_pocketsphinx(settings, tuning);
}

}  // namespace pbx::speech
