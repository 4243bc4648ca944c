// A name in a rule: letter by letter, or an Asterisk pattern after _ (_1XX, PJSIP/_1XX, _1XX@internal), and
// what of a name the pattern matched. Asterisk's own meaning: X 0-9, Z 1-9, N 2-9, [1-5] a set, . one or more
// of anything, ! none or more; x, z and n too; - is skipped.
#pragma once

#include "core/result.hpp"

#include <bitset>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::devstate {

constexpr std::size_t max_pattern = 128;

class Pattern {
  public:
    // The _ of a pattern is the first letter, or follows / or :. It goes up to @ or the end. Errors: config.
    [[nodiscard]] static Result<Pattern> parse(std::string_view text);

    // What the pattern matched; of a literal name its part between the last / or : and @. Nothing: no match.
    [[nodiscard]] std::optional<std::string_view> match(std::string_view name) const;
    [[nodiscard]] bool is_literal() const { return steps_.empty(); }

  private:
    enum class Step : std::uint8_t { one, some, any };  // one of a set, ., !
    struct Part {
        Step step = Step::one;
        std::bitset<256> set{};
    };
    [[nodiscard]] static Result<Part> read_set(std::string_view text, std::size_t& at);
    [[nodiscard]] bool fits(std::string_view text) const;

    std::string before_, after_;  // a literal name: before_ alone
    std::vector<Part> steps_;
};

}  // namespace pbx::devstate
