#include "cmd/help.hpp"

#include "cmd/frame.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "core/text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
struct Row {
    std::string left, right;
};

// Text in lines of at most `width` columns, each after the first indented by `indent`.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width) {
    std::string out;
    std::size_t column = indent;
    for (auto word : text::words(text)) {
        const auto size = text::columns(word);
        if (column + size + 1 > width && column > indent) {
            out += '\n';
            out.append(indent, ' ');
            column = indent;
        } else if (column > indent) {
            out += ' ';
            ++column;
        }
        out += word;
        column += size;
    }
    return out;
}

void section(std::string& out, std::string_view title, const std::vector<Row>& rows) {
    if (rows.empty()) return;
    constexpr std::size_t widest = 32;
    std::size_t width = 0;
    for (const auto& row : rows)
        width = std::max(width, std::min(widest, text::columns(row.left)));
    out += fmt::format("\n{}:\n", title);
    for (const auto& row : rows) {
        out += "  " + row.left;
        const auto used = text::columns(row.left);
        if (used > width)
            out += "\n" + std::string(width + 4, ' ');
        else
            out += std::string(width - used + 2, ' ');
        out += wrapped(row.right, width + 4, help_columns) + "\n";
    }
}

std::string choices_of(std::string_view choices) {
    std::string out;
    for (auto word : text::words(choices))
        out.append(out.empty() ? "" : ", ").append(word);
    return out;
}

Row row_of(const Option& option) {
    auto left = option.letter == 0 ? fmt::format("    --{}", option.name)
                                   : fmt::format("-{}, --{}", option.letter, option.name);
    if (!option.value.empty()) left += fmt::format(" {}", option.value);
    auto right = std::string(option.help);
    if (!option.choices.empty()) right += ": " + choices_of(option.choices);
    if (!option.preset.empty()) right += fmt::format(" (default {})", option.preset);
    return {std::move(left), std::move(right)};
}

std::vector<Row> rows_of(std::span<const Option> options) {
    std::vector<Row> rows;
    for (const auto& option : options)
        rows.push_back(row_of(option));
    return rows;
}

std::string full_name(const Leaf& leaf) {
    return leaf.noun.empty() ? std::string(leaf.verb) : fmt::format("{} {}", leaf.noun, leaf.verb);
}

std::string man_page(const Leaf& leaf) {
    return leaf.noun.empty() ? std::string("pbxctl(1)") : fmt::format("pbxctl-{}(1)", leaf.noun);
}

void examples(std::string& out, const Leaf& leaf) {
    if (leaf.examples.empty()) return;
    out += "\nExamples:\n";
    for (const auto& example : leaf.examples) {
        out += fmt::format("  {}\n", example.line);
        if (!example.says.empty()) out += fmt::format("      {}\n", wrapped(example.says, 6, help_columns));
    }
}

Result<int> run_help(Frame& frame) {
    auto words = frame.given.values("COMMAND");
    if (frame.output.json()) {
        frame.output.document(help_document());
        return 0;
    }
    if (words.empty()) {
        frame.output.line(help_overview());
        return 0;
    }
    const auto asked = wanted(words);
    if (asked.leaf != nullptr)
        frame.output.line(help_of(*asked.leaf));
    else if (const auto* noun = find_noun(asked.noun); noun != nullptr && asked.verb.empty())
        frame.output.line(help_of(*noun));
    else
        return tl::unexpected(no_such_command(asked));
    return 0;
}

constexpr Argument help_arguments[] = {
    {.name = "COMMAND",
     .help = "a command or a group of them",
     .required = false,
     .many = true,
     .completes = Completes::command},
};
constexpr Example help_examples[] = {{"pbxctl help config check", "the same as pbxctl config check --help"}};
}  // namespace

std::string usage_of(const Leaf& leaf) {
    auto out = fmt::format("pbxctl {}{}", full_name(leaf), leaf.options.empty() ? "" : " [options]");
    for (const auto& argument : leaf.arguments)
        out += fmt::format("{}{}{}{}", argument.required ? " " : " [", argument.name,
                           argument.many ? "..." : "", argument.required ? "" : "]");
    return out;
}

std::string help_overview() {
    std::string out = "pbxctl - tools for people who run Asterisk\n\nUsage: pbxctl [options] COMMAND ...\n";
    std::vector<Row> rows;
    for (const auto* leaf : commands())
        rows.push_back({full_name(*leaf), std::string(leaf->summary)});
    section(out, "Commands", rows);
    section(out, "Options of every command", rows_of(global_options()));
    out += "\npbxctl help COMMAND tells more; man pbxctl, man pbxctl.conf tell all.";
    return out;
}

std::string help_of(const Noun& noun) {
    auto out = fmt::format("pbxctl {0} - {1}\n\nUsage: pbxctl {0} COMMAND ...\n", noun.name, noun.summary);
    std::vector<Row> rows;
    for (const auto* leaf : commands())
        if (leaf->noun == noun.name) rows.push_back({full_name(*leaf), std::string(leaf->summary)});
    section(out, "Commands", rows);
    out += fmt::format("\npbxctl help {0} COMMAND tells more; man pbxctl-{0} tells all.", noun.name);
    return out;
}

std::string help_of(const Leaf& leaf) {
    auto out = fmt::format("pbxctl {} - {}\n\nUsage: {}\n\n{}\n", full_name(leaf), leaf.summary,
                           usage_of(leaf), wrapped(leaf.description, 0, help_columns));
    std::vector<Row> rows;
    for (const auto& argument : leaf.arguments) {
        auto help = std::string(argument.help);
        if (!argument.choices.empty()) help += ": " + choices_of(argument.choices);
        rows.push_back({std::string(argument.name), std::move(help)});
    }
    section(out, "Arguments", rows);
    section(out, "Options", rows_of(leaf.options));
    examples(out, leaf);
    rows.clear();
    for (const auto& exit : leaf.exits)
        rows.push_back({std::to_string(exit.status), std::string(exit.when)});
    section(out, "Exit codes", rows);
    out += fmt::format("\nOptions of every command: pbxctl --help. Manual: {}.", man_page(leaf));
    return out;
}

const Leaf help_command{
    .noun = "",
    .verb = "help",
    .summary = "show help on a command",
    .description =
        "Shows the help screen of a command, of a group of commands, or the list of all. "
        "With --json: every command, option and configuration key, as one document.",
    .arguments = help_arguments,
    .examples = help_examples,
    .run = run_help,
};

}  // namespace pbx::cmd
