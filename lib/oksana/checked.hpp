// A dialog file proved as pbxctl.conf has it: with its ear and its folders of recorded files. The proofs are
// dialog/check's.
#pragma once

#include "config/settings.hpp"
#include "dialog/check.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pbx::oksana {

struct Checked {
    std::vector<dialog::Finding> findings;
    dialog::Extent extent;
    std::optional<dialog::Dialog> dialog;  // when the file reads well
};

// An Error only when the file can't be read, or names a voice or an ear that pbxctl.conf doesn't have.
[[nodiscard]] Result<Checked> check_dialog(const config::Settings& settings, const std::string& path);

}  // namespace pbx::oksana
