#include "dialog/jsgf.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace pbx::dialog {

namespace {
// The names in <> on the right side.
std::vector<std::string> named(std::string_view line) {
    std::vector<std::string> out;
    line.remove_prefix(std::min(line.find('='), line.size()));
    for (auto open = line.find('<'); open != std::string_view::npos; open = line.find('<', open)) {
        const auto close = std::min(line.find('>', open), line.size() - 1);
        out.emplace_back(line.substr(open, close - open + 1));
        open = close;
    }
    return out;
}
}  // namespace

std::vector<JsgfRule> jsgf_rules(std::string_view text) {
    std::vector<JsgfRule> out;
    for (auto line : pbx::text::split(text, '\n'))
        if (const auto close = line.find('>'); line.starts_with('<') && close != std::string_view::npos)
            out.push_back({std::string(line.substr(0, close + 1)), std::string(line)});
    return out;
}

std::vector<JsgfRule> rules_needed(std::string_view start, const std::vector<JsgfRule>& all) {
    std::vector<JsgfRule> out;
    std::vector<std::string> wanted{std::string(start)};
    std::set<std::string> seen(wanted.begin(), wanted.end());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const auto rule =
            std::find_if(all.begin(), all.end(), [&](const JsgfRule& r) { return r.name == wanted[i]; });
        if (rule == all.end()) continue;
        out.push_back(*rule);
        for (auto& name : named(rule->line))
            if (seen.insert(name).second) wanted.push_back(std::move(name));
    }
    return out;
}

void collect_words(std::string_view line, std::set<std::string>& out) {
    line.remove_prefix(std::min(line.find('='), line.size()));
    std::string word;
    bool in_name = false;
    for (const char c : line) {
        in_name = in_name ? c != '>' : c == '<';
        const bool parts = in_name || std::string_view(" =|()[]+*;<>").find(c) != std::string_view::npos;
        if (parts && !word.empty()) out.insert(word);
        parts ? word.clear() : word.push_back(c);
    }
    if (!word.empty()) out.insert(word);
}

}  // namespace pbx::dialog
