// The [dialog] sections. Not for others to include.
#pragma once

#include "dialog/load_values.hpp"

namespace pbx::dialog::loading {

// A later [dialog] section (of the file that includes a common one) overrides an earlier one's keys.
void read_settings(const config::Document& document, Dialog& dialog, Faults& faults);

}  // namespace pbx::dialog::loading
