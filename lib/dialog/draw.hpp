// A dialog as a block diagram: DOT for Graphviz, Mermaid for wikis and pull requests, plain text for a
// terminal.
#pragma once

#include "dialog/dialog.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pbx::dialog {

enum class Form : std::uint8_t { dot, mermaid, text };
[[nodiscard]] std::optional<Form> form_named(std::string_view name);  // "dot", "mermaid", "text"

[[nodiscard]] std::string draw(const Dialog& dialog, Form form);

}  // namespace pbx::dialog
