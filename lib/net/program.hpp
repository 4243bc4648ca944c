// Runs a program and waits for it: argv without a shell, text on its stdin, a deadline, bounded output.
// Blocks, so it is for a pool's thread or a command that has nothing else to do.
#pragma once

#include "core/result.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace pbx::net {

struct Program {
    std::vector<std::string> argv{};         // the first is an absolute path; PATH is not searched
    std::string input{};                     // its stdin
    std::vector<std::string> environment{};  // "NAME=value", beside PATH and LANG; ours is not handed on
    std::chrono::milliseconds most{10'000};  // then it and all it started are killed
    std::size_t most_output = 8 * 1024;  // kept of stdout and stderr together, the rest is read and dropped
};

struct ProgramEnd {
    int status = 0;  // exit status, or 128 + signal
    std::string output{};
};

// Errors: no_input, refused (cannot be started), try_again (deadline), unavailable (no process to be had).
[[nodiscard]] Result<ProgramEnd> run_program(const Program& program);

// Starts it and lets it go: no stdin, no output, our environment, nobody waits. For work that outlives a
// short command.
[[nodiscard]] Result<void> start_program(const std::vector<std::string>& argv);

}  // namespace pbx::net
