#include "cmd/command.hpp"
#include "cmd/completion.hpp"

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
constexpr std::string_view head = R"(#compdef pbxctl
# zsh completion of pbxctl, made by `pbxctl completion zsh`

_pbxctl_dialogs() {
    local folder
    folder=$(pbxctl config show oksana 2>/dev/null | awk -F '\t' '$2 == "dialogs" { print $3 }')
    compadd -- $folder/*.conf(N:t:r)
    _files
}

)";

// Inside '...' and a description: a quote ends the word, brackets and colons end the description.
std::string quoted(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '\'')
            out += "'\\''";
        else if (c == '[' || c == ']' || c == ':')
            out.append("\\").append(1, c);
        else
            out += c;
    }
    return out;
}

std::string action(Completes completes, std::string_view choices) {
    if (!choices.empty()) return fmt::format("({})", choices);
    switch (completes) {
        case Completes::nothing:
            return " ";
        case Completes::file:
            return "_files";
        case Completes::folder:
            return "_files -/";
        case Completes::dialog:
            return "_pbxctl_dialogs";
        case Completes::command:
            return "_pbxctl_commands";
    }
    return " ";
}

std::string spec(const Option& option) {
    auto tail = fmt::format("[{}]", quoted(option.help));
    if (!option.value.empty())
        tail += fmt::format(":{}:{}", option.value, action(option.completes, option.choices));
    const auto repeated = option.repeats ? "*" : "";
    if (option.letter == 0) return fmt::format("'{}--{}{}'", repeated, option.name, tail);
    const auto apart =
        option.repeats ? std::string("*") : fmt::format("(-{} --{})", option.letter, option.name);
    return fmt::format("'{}'{{-{},--{}}}'{}'", apart, option.letter, option.name, tail);
}

std::string spec(const Argument& argument, std::size_t number) {
    if (argument.completes == Completes::command)
        return fmt::format("'1:{0}:_pbxctl_commands' '2:{0}:_pbxctl_verbs'", argument.name);
    const auto place = argument.many ? std::string("*") : std::to_string(number);
    return fmt::format("'{}:{}:{}'", place, argument.name, action(argument.completes, argument.choices));
}

void leaf_case(std::string& out, const Leaf& leaf, std::string_view indent) {
    out += fmt::format("{}{}) _arguments $globals", indent, leaf.verb);
    for (const auto& option : leaf.options)
        out += " \\\n" + std::string(indent) + "    " + spec(option);
    for (std::size_t i = 0; i < leaf.arguments.size(); ++i)
        out += " \\\n" + std::string(indent) + "    " + spec(leaf.arguments[i], i + 1);
    out += " ;;\n";
}

void described(std::string& out, std::string_view name, std::string_view help) {
    out += fmt::format("        '{}:{}'\n", name, quoted(help));
}

void noun_function(std::string& out, const Noun& noun) {
    out += fmt::format("_pbxctl_{}() {{\n    local -a verbs=(\n", noun.name);
    for (const auto* leaf : commands())
        if (leaf->noun == noun.name) described(out, leaf->verb, leaf->summary);
    out +=
        "    )\n    local line state\n    _arguments -C $globals '1:command:->verb' '*::argument:->rest'\n"
        "    case $state in\n        verb) _describe command verbs ;;\n        rest)\n            case "
        "$line[1] in\n";
    for (const auto* leaf : commands())
        if (leaf->noun == noun.name) leaf_case(out, *leaf, "                ");
    out += "            esac\n            ;;\n    esac\n}\n\n";
}
// The second word of `pbxctl help NOUN VERB`.
void verbs_function(std::string& out) {
    out += "_pbxctl_verbs() {\n    case $words[2] in\n";
    for (const auto& noun : nouns()) {
        out += fmt::format("        {}) compadd --", noun.name);
        for (const auto* leaf : commands())
            if (leaf->noun == noun.name) out += fmt::format(" {}", leaf->verb);
        out += " ;;\n";
    }
    out += "    esac\n}\n\n";
}
}  // namespace

std::string zsh_completion() {
    std::string out(head);
    verbs_function(out);
    out += "_pbxctl_commands() {\n    local -a known=(\n";
    for (const auto& noun : nouns())
        described(out, noun.name, noun.summary);
    for (const auto* leaf : commands())
        if (leaf->noun.empty()) described(out, leaf->verb, leaf->summary);
    out += "    )\n    _describe command known\n}\n\n";
    for (const auto& noun : nouns())
        noun_function(out, noun);

    out += "_pbxctl() {\n    local curcontext=$curcontext line state\n    local -a globals=(\n";
    for (const auto& option : global_options())
        out += "        " + spec(option) + "\n";
    out +=
        "    )\n    _arguments -C $globals '1:command:->command' '*::argument:->rest'\n    case $state in\n"
        "        command) _pbxctl_commands ;;\n        rest)\n            case $line[1] in\n";
    for (const auto& noun : nouns())
        out += fmt::format("                {0}) _pbxctl_{0} ;;\n", noun.name);
    for (const auto* leaf : commands())
        if (leaf->noun.empty()) leaf_case(out, *leaf, "                ");
    out += "            esac\n            ;;\n    esac\n}\n\n_pbxctl \"$@\"\n";
    return out;
}

}  // namespace pbx::cmd
