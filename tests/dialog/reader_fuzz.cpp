// Any text through every reader and back: no reading takes more words than there are, no figure is left to
// the voice.
#include "core/text.hpp"
#include "dialog/match.hpp"
#include "dialog/reader.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace pbx::dialog;

namespace {
void require(bool claim) {
    if (!claim) std::abort();
}

bool has_figures(std::string_view text) {
    return text.find_first_of("0123456789") != text.npos;
}

void check_reading(Reader reader, Language language, std::span<const std::string> words, const Now& now) {
    const auto reading = read(reader, language, words, now);
    if (!reading) return;
    require(reading->words > 0 && reading->words <= words.size() && !reading->value.empty() &&
            !reading->shown.empty());
    if (reader == Reader::any) return;
    require(!has_figures(reading->shown));
    if (reader != Reader::number) return;
    const auto again =
        read(reader, language, tokens(reading->shown), now);  // «одна целая пять десятых» is 1.5 again
    require(!again || again->value == reading->value);
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t most = 4096;
    if (size == 0 || size > most) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const Now now{std::chrono::year{2026} / (1 + data[0] % 12) / (1 + data[0] % 28), data[0] % 24,
                  data[0] % 60};
    const auto words = tokens(text);
    for (const auto language : {Language::ru, Language::en}) {
        for (int reader = 0; reader <= static_cast<int>(Reader::any); ++reader)
            for (std::size_t at = 0; at < words.size() && at < 8; ++at)
                check_reading(static_cast<Reader>(reader), language, std::span(words).subspan(at), now);
        const auto said = spoken(language, text, 2026);
        require(!has_figures(said));
        require(!pbx::text::is_utf8(text) || pbx::text::is_utf8(said));
    }
    return 0;
}
