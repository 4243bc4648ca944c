// Which command the words name.
#include "cmd/parse.hpp"
#include "core/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
const Option* global_named(std::string_view word) {
    for (const auto& option : global_options()) {
        if (word.starts_with("--") && word.substr(2) == option.name) return &option;
        if (word.size() == 2 && word[0] == '-' && option.letter != 0 && word[1] == option.letter)
            return &option;
    }
    return nullptr;
}

void note(Wanted& wanted, std::string_view word) {
    const auto* option = global_named(word);
    if (option == nullptr) return;
    wanted.help |= option->name == "help";
    wanted.version |= option->name == "version";
    wanted.json |= option->name == "json";
}

// Takes a word as the noun or the verb; false when both are known already.
bool take_name(Wanted& wanted, const std::string& word) {
    if (wanted.leaf != nullptr || !wanted.verb.empty()) return false;
    if (wanted.noun.empty() && find_noun(word) != nullptr)
        wanted.noun = word;
    else
        wanted.verb = word;
    wanted.leaf = wanted.verb.empty() ? nullptr : find_command(wanted.noun, wanted.verb);
    return true;
}
}  // namespace

Wanted wanted(const Words& words) {
    Wanted out;
    bool names_only = false, value_next = false;
    for (const auto& word : words) {
        const bool is_option = !names_only && word.size() > 1 && word[0] == '-';
        if (is_option && word != "--") note(out, word);
        if (value_next || is_option || !take_name(out, word)) out.rest.push_back(word);
        // before the command is known only a global option can take the next word as its value
        const auto* option = is_option && out.leaf == nullptr ? global_named(word) : nullptr;
        value_next = option != nullptr && !option->value.empty();
        names_only |= word == "--";
    }
    return out;
}

Error no_such_command(const Wanted& wanted) {
    std::vector<std::string> known;
    if (wanted.noun.empty())
        for (const auto& noun : nouns())
            known.emplace_back(noun.name);
    for (const auto* leaf : commands())
        if (leaf->noun == wanted.noun) known.emplace_back(leaf->verb);

    const auto name = wanted.noun.empty() ? std::string("pbxctl") : fmt::format("pbxctl {}", wanted.noun);
    if (wanted.verb.empty())
        return {Code::usage, "which command?", wanted.noun, fmt::format("see {} --help", name)};
    const auto near = text::suggestions(wanted.verb, known);
    return {Code::usage, fmt::format("unknown command '{}'", wanted.verb), wanted.noun,
            near.empty() ? fmt::format("see {} --help", name)
                         : fmt::format("did you mean {}?", text::join(near, ", "))};
}

}  // namespace pbx::cmd
