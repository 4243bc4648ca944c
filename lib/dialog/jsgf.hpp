// The little of JSGF that grammars are put together with: rules of a line each, and which rules they name. No
// recogniser.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dialog {

// One rule: "<name> = ...;"
struct JsgfRule {
    std::string name;  // with its <>
    std::string line;  // the whole, without the end of line
};
[[nodiscard]] std::vector<JsgfRule> jsgf_rules(std::string_view text);
// The rules `start` needs, itself first. Rules nobody defines are left out.
[[nodiscard]] std::vector<JsgfRule> rules_needed(std::string_view start, const std::vector<JsgfRule>& all);
// All words of a rule's right side.
void collect_words(std::string_view line, std::set<std::string>& out);

}  // namespace pbx::dialog
