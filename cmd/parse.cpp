// CLI11 2.1.2 splits the words into options and the rest. What it leaves to be wished is done here: it drops
// an unknown word without naming it, takes the next word for the value of `--name=`, reads "[a,b]" as two
// values, and has exit codes of its own.
#include "cmd/parse.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace pbx::cmd {

namespace {
struct Known {
    const Option* option;
    CLI::Option* parsed;  // null: not among the words
};

std::string spelled(const Option& option) {
    return option.letter == 0 ? fmt::format("--{}", option.name)
                              : fmt::format("-{},--{}", option.letter, option.name);
}

// `--name`, `--name=value`, or its letter among others after one dash.
bool names(std::string_view word, const Option& option) {
    if (!word.starts_with('-')) return false;
    if (!word.starts_with("--")) return option.letter != 0 && word.find(option.letter) != word.npos;
    word.remove_prefix(2);
    return word.starts_with(option.name) &&
           (word.size() == option.name.size() || word[option.name.size()] == '=');
}

// Only what the words may name is made known to CLI11: it holds each new option against all before it, and
// with thirty of them that was 40 % of a short command's instructions.
void declare(CLI::App& app, std::span<const Option> options, const Words& words, std::vector<Known>& known) {
    for (const auto& option : options) {
        known.push_back({&option, nullptr});
        if (std::none_of(words.begin(), words.end(), [&](const auto& word) { return names(word, option); }))
            continue;
        auto* parsed = option.value.empty()
                           ? app.add_flag(spelled(option))->disable_flag_override()
                           : app.add_option(spelled(option))->expected(1)->allow_extra_args(false);
        parsed->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
        known.back().parsed = parsed;
    }
}

Unexpected usage(const Leaf& leaf, std::string what, std::string hint) {
    auto where = leaf.noun.empty() ? std::string(leaf.verb) : fmt::format("{} {}", leaf.noun, leaf.verb);
    return fail(Code::usage, std::move(what), std::move(where), std::move(hint));
}

std::string see_help(const Leaf& leaf) {
    return fmt::format("see pbxctl {}{}{} --help", leaf.noun, leaf.noun.empty() ? "" : " ", leaf.verb);
}

Unexpected unknown_option(const Leaf& leaf, const std::vector<Known>& known, std::string_view word) {
    std::vector<std::string> names;
    for (const auto& one : known)
        names.push_back(fmt::format("--{}", one.option->name));
    const auto name = word.substr(0, word.find('='));
    const auto near = word.starts_with("--") ? text::suggestions(name, names) : std::vector<std::string>{};
    return usage(leaf, fmt::format("unknown option '{}'", name),
                 near.empty() ? see_help(leaf) : fmt::format("did you mean {}?", text::join(near, ", ")));
}

Result<void> one_of(const Leaf& leaf, std::string_view name, std::string_view choices,
                    std::string_view value) {
    if (choices.empty()) return {};
    std::vector<std::string> known;
    for (auto word : text::words(choices)) {
        if (word == value) return {};
        known.emplace_back(word);
    }
    return usage(leaf, fmt::format("'{}' is not a value of {}", value, name),
                 fmt::format("write one of: {}", text::join(known, ", ")));
}

Result<void> take_options(const Leaf& leaf, const std::vector<Known>& known, Given& given) {
    for (const auto& [option, parsed] : known) {
        if (parsed == nullptr) continue;
        for (const auto& value : parsed->results()) {
            const bool takes_value = !option->value.empty();
            if (takes_value)
                if (auto good = one_of(leaf, fmt::format("--{}", option->name), option->choices, value);
                    !good)
                    return tl::unexpected(good.error());
            given.add(option->name, takes_value ? value : std::string());
        }
    }
    return {};
}

Result<void> take_arguments(const Leaf& leaf, const Words& words, Given& given) {
    auto word = words.begin();
    for (const auto& argument : leaf.arguments) {
        if (word == words.end() && argument.required)
            return usage(leaf, fmt::format("{} is missing", argument.name), see_help(leaf));
        for (; word != words.end(); ++word) {
            if (auto good = one_of(leaf, argument.name, argument.choices, *word); !good)
                return tl::unexpected(good.error());
            given.add(argument.name, *word);
            if (argument.many) continue;
            ++word;
            break;
        }
    }
    if (word == words.end()) return {};
    return usage(leaf, fmt::format("'{}' is one word too many", *word), see_help(leaf));
}

// `--name=` as two words, the second empty.
Words without_empty_values(Words words) {
    Words out;
    for (auto& word : words) {
        if (word.starts_with("--") && word.find('=') + 1 == word.size() && word.size() > 3) {
            word.pop_back();
            out.push_back(std::move(word));
            out.emplace_back();
        } else {
            out.push_back(std::move(word));
        }
    }
    return out;
}

bool looks_like_option(std::string_view word) {
    return word.size() > 1 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9');
}

Unexpected explain(const Leaf& leaf, const std::vector<Known>& known, const Words& words,
                   const CLI::ParseError& why) {
    for (const auto& one : known) {
        const auto name = fmt::format("--{}", one.option->name);
        const auto letter = one.option->letter == 0 ? std::string() : fmt::format("-{}", one.option->letter);
        if (one.option->value.empty()) {
            for (const auto& word : words)
                if (word.starts_with(name + "="))
                    return usage(leaf, fmt::format("{} takes no value", name), see_help(leaf));
        } else if (!words.empty() && (words.back() == name || words.back() == letter)) {
            return usage(leaf, fmt::format("{} needs a value", name),
                         fmt::format("write {} {}", name, one.option->value));
        }
    }
    return usage(leaf, why.what(), see_help(leaf));
}
}  // namespace

Result<Given> parse(const Leaf& leaf, const Words& words) {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    const auto dashes = std::find(words.begin(), words.end(), "--");
    const auto before = without_empty_values(Words(words.begin(), dashes));
    std::vector<Known> known;
    declare(app, leaf.options, before, known);
    declare(app, global_options(), before, known);

    try {
        app.parse(Words(before.rbegin(), before.rend()));  // CLI11 takes them from the back
    } catch (const CLI::ParseError& why) {
        return explain(leaf, known, before, why);
    }

    auto rest = app.remaining();
    const auto unknown = std::find_if(rest.begin(), rest.end(), looks_like_option);
    if (unknown != rest.end()) return unknown_option(leaf, known, *unknown);
    if (dashes != words.end()) rest.insert(rest.end(), dashes + 1, words.end());

    Given given;
    if (auto good = take_options(leaf, known, given); !good) return tl::unexpected(good.error());
    if (auto good = take_arguments(leaf, rest, given); !good) return tl::unexpected(good.error());
    return given;
}

}  // namespace pbx::cmd
