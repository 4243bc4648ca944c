#include "cmd/command.hpp"
#include "cmd/completion.hpp"

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
constexpr std::string_view head = R"(# bash completion of pbxctl, made by `pbxctl completion bash`
# shellcheck shell=bash

_pbxctl_dialogs() {
    local folder file
    folder=$(pbxctl config show oksana 2>/dev/null | awk -F '\t' '$2 == "dialogs" { print $3 }')
    for file in "$folder"/*.conf; do
        [[ -e $file ]] && basename "$file" .conf
    done
}

_pbxctl_offer() {
    mapfile -t COMPREPLY < <(compgen "$@" -- "${COMP_WORDS[COMP_CWORD]}")
}

_pbxctl() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command="" i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
)";

std::string full_name(const Leaf& leaf) {
    return leaf.noun.empty() ? std::string(leaf.verb) : fmt::format("{} {}", leaf.noun, leaf.verb);
}

// What to offer for a value; empty: nothing.
std::string offer(Completes completes, std::string_view choices) {
    if (!choices.empty()) return fmt::format("_pbxctl_offer -W \"{}\"", choices);
    switch (completes) {
        case Completes::nothing:
            return {};
        case Completes::file:
            return "compopt -o filenames; _pbxctl_offer -f";
        case Completes::folder:
            return "compopt -o filenames; _pbxctl_offer -d";
        case Completes::dialog:
            return "compopt -o filenames; _pbxctl_offer -f -W \"$(_pbxctl_dialogs)\"";
        case Completes::command: {
            std::string words;
            for (const auto& noun : nouns())
                words += fmt::format("{} ", noun.name);
            for (const auto* leaf : commands())
                if (leaf->noun.empty()) words += fmt::format("{} ", leaf->verb);
            words.pop_back();
            return fmt::format("_pbxctl_offer -W \"{}\"", words);
        }
    }
    return {};
}

std::string verbs_of(const Noun& noun) {
    std::string words;
    for (const auto* leaf : commands())
        if (leaf->noun == noun.name) words.append(words.empty() ? "" : " ").append(leaf->verb);
    return words;
}

std::string spellings(const Option& option, std::string_view between) {
    auto out = fmt::format("--{}", option.name);
    if (option.letter != 0) out += fmt::format("{}-{}", between, option.letter);
    return out;
}

std::string names_of(std::span<const Option> options) {
    std::string out;
    for (const auto& option : options)
        out += (out.empty() ? "" : " ") + spellings(option, " ");
    return out;
}

void values(std::string& out, const std::string& command, std::span<const Option> options) {
    for (const auto& option : options) {
        if (option.value.empty()) continue;
        for (const auto& name :
             {fmt::format("--{}", option.name), option.letter == 0 ? "" : fmt::format("-{}", option.letter)})
            if (!name.empty())
                out += fmt::format("        {}:{}) {}; return ;;\n", command, name,
                                   offer(option.completes, option.choices).empty()
                                       ? ":"
                                       : offer(option.completes, option.choices));
    }
}
}  // namespace

std::string bash_completion() {
    std::string out(head);
    std::string skipped, groups;
    for (const auto& option : global_options())
        if (!option.value.empty()) skipped += (skipped.empty() ? "" : " | ") + spellings(option, " | ");
    for (const auto& noun : nouns())
        groups += fmt::format(" | {}", noun.name);
    out += fmt::format(
        "            {}) ((i++)) ;;\n            -*) ;;\n            *)\n                case $command in\n"
        "                    \"\"{}) command=\"${{command:+$command }}${{COMP_WORDS[i]}}\" ;;\n"
        "                esac\n                ;;\n        esac\n    done\n",
        skipped, groups);

    out += "    case $command:$prev in\n";
    values(out, "*", global_options());
    for (const auto* leaf : commands())
        values(out, fmt::format("\"{}\"", full_name(*leaf)), leaf->options);
    for (const auto& noun : nouns())
        out +=
            fmt::format("        help:{}) _pbxctl_offer -W \"{}\"; return ;;\n", noun.name, verbs_of(noun));
    out += "    esac\n    if [[ $cur == -* ]]; then\n        local own=\"\"\n        case $command in\n";
    for (const auto* leaf : commands())
        if (!leaf->options.empty())
            out +=
                fmt::format("            \"{}\") own=\"{}\" ;;\n", full_name(*leaf), names_of(leaf->options));
    out += fmt::format(
        "        esac\n        _pbxctl_offer -W \"$own {}\"\n        return\n    fi\n    case $command in\n",
        names_of(global_options()));
    out += fmt::format("        \"\") {} ;;\n", offer(Completes::command, {}));
    for (const auto& noun : nouns())
        out += fmt::format("        {}) _pbxctl_offer -W \"{}\" ;;\n", noun.name, verbs_of(noun));
    for (const auto* leaf : commands())
        if (!leaf->arguments.empty()) {
            const auto& first = leaf->arguments.front();
            if (const auto what = offer(first.completes, first.choices); !what.empty())
                out += fmt::format("        \"{}\") {} ;;\n", full_name(*leaf), what);
        }
    out += "    esac\n}\n\ncomplete -F _pbxctl pbxctl\n";
    return out;
}

}  // namespace pbx::cmd
