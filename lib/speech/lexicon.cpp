#include "core/text.hpp"
#include "speech/phones_ru.hpp"
#include "speech/pocketsphinx.hpp"
#include "speech/pronounce.hpp"

#include <array>

#include <fmt/format.h>

namespace pbx::speech {

namespace {

// flite writes the phones of its own set; the en-us model has no unstressed "AX".
std::string model_phones(std::string_view arpabet) {
    std::string phones;
    for (auto phone : text::words(arpabet)) {
        if (!phones.empty()) phones += ' ';
        phones += phone == "AX" ? "AH" : phone;
    }
    return phones;
}

Unexpected unsayable(const std::string& word, const Error& error) {
    return fail(error.code, fmt::format("cannot tell how \"{}\" is said: {}", word, error.what), error.where,
                error.hint);
}

}  // namespace

Lexicon english_lexicon(Dictionary dictionary) {
    return [dictionary = std::move(dictionary)](const std::string& word) -> Result<std::vector<std::string>> {
        auto ways = dictionary.find(word);
        if (!ways.empty()) return ways;
        auto said = arpabet(word);
        if (!said) return unsayable(word, said.error());
        return std::vector<std::string>{model_phones(*said)};
    };
}

Lexicon russian_lexicon(std::optional<Dictionary> dictionary) {
    return [dictionary = std::move(dictionary)](const std::string& word) -> Result<std::vector<std::string>> {
        if (dictionary) {
            auto ways = dictionary->find(word);
            if (!ways.empty()) return ways;
        }
        auto said = ipa("ru", word);
        if (!said) return unsayable(word, said.error());
        auto ways = russian_pronunciations(word, *said);
        if (ways.empty()) return fail(Code::data, fmt::format("cannot tell how \"{}\" is said", word));
        return ways;
    };
}

}  // namespace pbx::speech
