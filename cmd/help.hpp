// Help screens, made of the tables in command.hpp. Lines are at most 100 columns and a screen fits a
// terminal.
#pragma once

#include "cmd/command.hpp"

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace pbx::cmd {

constexpr std::size_t help_columns = 100;

[[nodiscard]] std::string help_overview();
[[nodiscard]] std::string help_of(const Noun& noun);
[[nodiscard]] std::string help_of(const Leaf& leaf);
[[nodiscard]] nlohmann::ordered_json help_document();  // all of it as data
[[nodiscard]] std::string usage_of(const Leaf& leaf);  // "pbxctl oksana run [options] DIALOG"

}  // namespace pbx::cmd
