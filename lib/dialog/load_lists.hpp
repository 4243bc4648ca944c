// The sections [interrupt] and [list NAME]. Not for others to include.
#pragma once

#include "dialog/load_values.hpp"

namespace pbx::dialog::loading {

void read_lists(const config::Section& section, Dialog& dialog, Faults& faults);

}  // namespace pbx::dialog::loading
