// Everything a dialog may say that can be known before a call: for rendering ahead. Names that come from a
// list («Соединяю, ${who.2}») are filled with each of its values.
#pragma once

#include "dialog/action.hpp"
#include "dialog/dialog.hpp"

#include <cstddef>
#include <vector>

namespace pbx::dialog {

// A list longer than that is not filled in ahead: its names are rendered when they are said.
constexpr std::size_t max_filled_ahead = 500;

struct Wordings {
    std::vector<Say> known;        // each once
    std::size_t only_in_call = 0;  // wordings with words that only a call brings
};
[[nodiscard]] Wordings wordings_of(const Dialog& dialog, Language language);

}  // namespace pbx::dialog
