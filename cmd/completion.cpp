#include "cmd/completion.hpp"

#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"

#include <ostream>

namespace pbx::cmd {

namespace {
Result<int> run(Frame& frame) {
    const auto shell = frame.given.value_or("SHELL", "");
    frame.context.out << (shell == "bash"  ? bash_completion()
                          : shell == "zsh" ? zsh_completion()
                                           : fish_completion());
    return 0;
}

constexpr Argument arguments[] = {
    {.name = "SHELL", .help = "the shell it is for", .choices = "bash zsh fish"}};
constexpr Example examples[] = {
    {"source <(pbxctl completion bash)", "in this shell, at once"},
    {"pbxctl completion zsh > ~/.zfunc/_pbxctl", "for good; the package installs all three"},
};
}  // namespace

const Leaf completion{
    .noun = "",
    .verb = "completion",
    .summary = "print the completion script of a shell",
    .description =
        "Prints a script that completes commands, options, files and the names of the dialogs in [oksana] "
        "dialogs.",
    .arguments = arguments,
    .examples = examples,
    .run = run,
};

}  // namespace pbx::cmd
