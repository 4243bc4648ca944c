// First line: the alternatives of one `hear` line; second: another line's; third: a list's form; the rest is
// what is heard.
#include "core/text.hpp"
#include "dialog/grammar.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace pbx::dialog;

namespace {
void require(bool claim) {
    if (!claim) std::abort();
}

Branch branch(std::string_view line) {
    Branch out;
    for (auto alternative : alternatives(line))
        if (auto pattern = parse_pattern(alternative)) out.patterns.push_back(std::move(*pattern));
    return out;
}

std::string_view take_line(std::string_view& text) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t most = 4096;
    if (size > most) return 0;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    const Now now{std::chrono::year{2026} / std::chrono::November / 22, 10, 0};
    const std::vector<Branch> branches{branch(take_line(text)), branch(take_line(text))};
    const std::vector<List> lists{{"list", {{{std::string(take_line(text))}, {"1", "2"}}}}};
    for (const auto language : {Language::ru, Language::en}) {
        const Lists ready(language, lists);
        const Matcher matcher(language, branches, ready);
        const auto match = matcher.match(text, now);
        if (match) require(match->branch < branches.size() && match->length <= max_heard_words);
        for (const auto& clash : clashes(language, branches, ready))
            require(clash.first < clash.second &&
                    clash.overlap.first < branches[clash.first].patterns.size() &&
                    clash.overlap.second < branches[clash.second].patterns.size());
        const auto grammar = build_grammar(language, branches, {}, ready);
        for (const auto& word : grammar.words)
            require(word.find_first_of(" \t\n;=|*+<>()[]{}/\"0123456789") == word.npos);
    }
    return 0;
}
