// Completion scripts for the shells, made of the tables in command.hpp; completions/ holds what these return.
#pragma once

#include <string>

namespace pbx::cmd {

[[nodiscard]] std::string bash_completion();
[[nodiscard]] std::string zsh_completion();
[[nodiscard]] std::string fish_completion();

}  // namespace pbx::cmd
