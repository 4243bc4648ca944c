// One section read as a step. Not for others to include.
#pragma once

#include "dialog/load_values.hpp"

namespace pbx::dialog::loading {

// `own` is the language of the dialog, in which an unsuffixed wording is.
[[nodiscard]] Step step_of(const config::Section& section, Language own, Faults& faults);

}  // namespace pbx::dialog::loading
