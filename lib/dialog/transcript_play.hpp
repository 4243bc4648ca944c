// One test played against the engine up to its first difference. Not for others to include.
#pragma once

#include "dialog/engine.hpp"
#include "dialog/transcript.hpp"

#include <memory>
#include <optional>

namespace pbx::dialog {

struct Difference {
    std::uint32_t line = 0;
    std::string what;
};
[[nodiscard]] std::optional<Difference> play(const Dialog& dialog,
                                             const std::shared_ptr<PreparedQuestions>& questions,
                                             const Script::Test& test);

}  // namespace pbx::dialog
