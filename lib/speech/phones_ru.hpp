// From espeak-ng's Russian phonemes (IPA) to the phones of our Russian acoustic model. The model is trained
// through this same code (scripts/train-russian), so what is heard and what was trained cannot differ.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pbx::speech {

// Phones of one word, e.g. "stˈop" -> {"s","t","o","p"}. Marks unknown to the model are left out.
[[nodiscard]] std::vector<std::string> russian_phones(std::string_view ipa);

// Every way the word may be said, the usual one first: "phone phone ...". `ipa` is espeak-ng's reading of the
// word; one-letter words (в, с, к) are read as they sound in a sentence, not by the letter's name. Empty when
// nothing can be said.
[[nodiscard]] std::vector<std::string> russian_pronunciations(std::string_view word, std::string_view ipa);

// All phones of the model but silence, sorted.
[[nodiscard]] const std::vector<std::string>& russian_phone_set();

}  // namespace pbx::speech
