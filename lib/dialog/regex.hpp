// /regex/ of a `hear` line: RE2, so that no pattern and no answer can be slow; UTF-8, case ignored, ё = е.
// Bound in time and memory by RE2 itself, in size by max_pattern.
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pbx::dialog {

struct RegexMatch {
    std::size_t from = 0, to = 0;                             // bytes of the text
    std::vector<std::pair<std::string, std::string>> groups;  // the named ones that took part
};

class CompiledRegex {
  public:
    virtual ~CompiledRegex() = default;
    // The leftmost match of at least one character.
    [[nodiscard]] virtual bool find(std::string_view text, RegexMatch& out) const = 0;
};

[[nodiscard]] Result<std::shared_ptr<const CompiledRegex>> compile_regex(std::string_view source);

}  // namespace pbx::dialog
