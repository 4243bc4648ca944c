#include "speech/pronounce.hpp"

#include "core/text.hpp"
#include "speech/engine.hpp"

#include <array>

namespace pbx::speech {

namespace {
Result<std::string> phones(std::string_view engine_name, std::string_view language, std::string_view word) {
    if (word.empty() || word.size() > max_pronounced_word || !text::is_plain_line(word) ||
        !text::is_utf8(word))
        return fail(Code::data, "not a word", std::string(word.substr(0, max_pronounced_word)));
    auto engine = load_engine(engine_name);
    if (!engine) return tl::unexpected(engine.error());
    std::array<char, 1024> out{};
    std::scoped_lock held(*engine->lock);
    auto length = engine->driver->phones(std::string(language).c_str(), std::string(word).c_str(), out.data(),
                                         out.size());
    if (length == 0)
        return fail(Code::data, "no pronunciation", std::string(word),
                    std::string(engine_name) + " cannot say it");
    auto said = std::string_view(out.data(), length);
    std::string phones_said;
    for (auto phone : text::words(said))
        phones_said += (phones_said.empty() ? "" : " ") + std::string(phone);
    return phones_said;
}
}  // namespace

Result<std::string> arpabet(std::string_view word) {
    return phones("flite", "en", word);
}

Result<std::string> ipa(std::string_view language, std::string_view word) {
    return phones("espeak-ng", language, word);
}

}  // namespace pbx::speech
