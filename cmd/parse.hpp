// From the words of a command line to a leaf and what it was given. Pure; CLI11 is known in parse.cpp alone.
#pragma once

#include "cmd/command.hpp"

#include <string>
#include <vector>

namespace pbx::cmd {

using Words = std::vector<std::string>;

// What the words ask for, found before any of them is judged.
struct Wanted {
    std::string noun, verb;  // as far as they were given; a verb without a noun: `pbxctl version`
    const Leaf* leaf = nullptr;
    Words rest;                                        // the other words in their order
    bool help = false, version = false, json = false;  // seen anywhere before `--`
};
[[nodiscard]] Wanted wanted(const Words& words);

// Code::usage with suggestions when there is no such command.
[[nodiscard]] Error no_such_command(const Wanted& wanted);

// The rest of the words held against the leaf's tables and the global options. Code::usage with suggestions.
[[nodiscard]] Result<Given> parse(const Leaf& leaf, const Words& words);

}  // namespace pbx::cmd
