// The other case forms of a Russian word, by its ending: «иванова» -> ивановой, иванову. A guess that serves
// grammars and matching; not a dictionary, and nothing is spoken from it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pbx::dialog {

// Without the word itself; empty for words that are not declined (verbs, prepositions, short words).
[[nodiscard]] std::vector<std::string> case_forms_ru(std::string_view word);

}  // namespace pbx::dialog
