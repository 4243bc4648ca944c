#include "cmd/command.hpp"
#include "cmd/completion.hpp"

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
constexpr std::string_view head = R"(# fish completion of pbxctl, made by `pbxctl completion fish`

function __pbxctl_dialogs
    set -l folder (pbxctl config show oksana 2>/dev/null | awk -F '\t' '$2 == "dialogs" { print $3 }')
    for file in $folder/*.conf
        basename $file .conf
    end
    __fish_complete_path (commandline -ct)
end

# the command so far: "", "config", "config check"
function __pbxctl_at
    set -l found
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
            continue
        end
        switch $word
)";

std::string quoted(std::string_view text) {
    std::string out = "'";
    for (char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

std::string action(Completes completes, std::string_view choices) {
    if (!choices.empty()) return fmt::format("-f -a {}", quoted(choices));
    switch (completes) {
        case Completes::nothing:
        case Completes::command:
            return "-f";
        case Completes::file:
            return "-F";
        case Completes::folder:
            return "-f -a '(__fish_complete_directories (commandline -ct))'";
        case Completes::dialog:
            return "-f -a '(__pbxctl_dialogs)'";
    }
    return "";
}

void option_line(std::string& out, std::string_view condition, const Option& option) {
    out += fmt::format("complete -c pbxctl{} -l {}", condition, option.name);
    if (option.letter != 0) out += fmt::format(" -s {}", option.letter);
    if (!option.value.empty()) out += fmt::format(" -r {}", action(option.completes, option.choices));
    out += fmt::format(" -d {}\n", quoted(option.help));
}

void word_line(std::string& out, std::string_view at, std::string_view word, std::string_view help) {
    out += fmt::format("complete -c pbxctl -n '__pbxctl_at \"{}\"' -f -a {} -d {}\n", at, word, quoted(help));
}

void words_at(std::string& out, std::string_view at) {
    for (const auto& noun : nouns())
        word_line(out, at, noun.name, noun.summary);
    for (const auto* leaf : commands())
        if (leaf->noun.empty()) word_line(out, at, leaf->verb, leaf->summary);
}
}  // namespace

std::string fish_completion() {
    std::string out(head);
    std::string skipped, groups;
    for (const auto& option : global_options())
        if (!option.value.empty()) {
            skipped += fmt::format(" --{}", option.name);
            if (option.letter != 0) skipped += fmt::format(" -{}", option.letter);
        }
    for (const auto& noun : nouns())
        groups += fmt::format(" {}", noun.name);
    out += fmt::format(
        "            case{}\n                set skip 1\n            case '-*'\n            case '*'\n"
        "                if contains -- \"$found\" '' help{}\n                    set -a found $word\n"
        "                end\n        end\n    end\n    test \"$found\" = \"$argv[1]\"\nend\n\n",
        skipped, groups);
    out += "complete -c pbxctl -f\n";
    for (const auto& option : global_options())
        option_line(out, "", option);
    words_at(out, "");
    words_at(out, "help");
    for (const auto* leaf : commands())
        if (!leaf->noun.empty())
            word_line(out, fmt::format("help {}", leaf->noun), leaf->verb, leaf->summary);
    for (const auto* leaf : commands()) {
        const auto name =
            leaf->noun.empty() ? std::string(leaf->verb) : fmt::format("{} {}", leaf->noun, leaf->verb);
        if (!leaf->noun.empty()) word_line(out, leaf->noun, leaf->verb, leaf->summary);
        const auto condition = fmt::format(" -n '__pbxctl_at \"{}\"'", name);
        for (const auto& option : leaf->options)
            option_line(out, condition, option);
        if (leaf->arguments.empty()) continue;
        const auto& first = leaf->arguments.front();
        if (first.completes != Completes::nothing && first.completes != Completes::command)
            out +=
                fmt::format("complete -c pbxctl{} {}\n", condition, action(first.completes, first.choices));
        else if (!first.choices.empty())
            out += fmt::format("complete -c pbxctl{} -f -a {}\n", condition, quoted(first.choices));
    }
    return out;
}

}  // namespace pbx::cmd
