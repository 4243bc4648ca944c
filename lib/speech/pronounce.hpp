// How a word is said, from the voices' own lexicons and letter-to-sound rules: for the ears' dictionaries.
// Blocking (the first call loads the engine).
#pragma once

#include "core/result.hpp"

#include <string>
#include <string_view>

namespace pbx::speech {

constexpr std::size_t max_pronounced_word = 64;  // bytes; longer is refused

// ARPAbet of an English word, upper case, no stress: "OW K S AA N AH". By flite.
[[nodiscard]] Result<std::string> arpabet(std::string_view word);

// IPA of a word in any language espeak-ng knows, one phone after a blank, stress marks kept:
// "ɐ p ʲ ɪ r ˈa t ə r". By espeak-ng.
[[nodiscard]] Result<std::string> ipa(std::string_view language, std::string_view word);

}  // namespace pbx::speech
