// The readers' rules in JSGF: what an ear with a closed grammar may hear for @number, @date and the others.
// One rule a line, so that a question with two readers has each rule once.
#pragma once

#include "dialog/reader.hpp"

#include <string_view>

namespace pbx::dialog::readers {

// All rules of a language: <yes_ru>, <no_ru>, ..., each with the rules it names somewhere in the same text.
[[nodiscard]] std::string_view all_rules_ru();
[[nodiscard]] std::string_view all_rules_en();

}  // namespace pbx::dialog::readers
