#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
Result<int> run(Frame& frame) {
    frame.output.line(fmt::format("pbxctl {}", PBXCTL_VERSION));
    return 0;
}

constexpr Example examples[] = {{"pbxctl version --json", "with the libraries and drivers present"}};
}  // namespace

const Leaf version{
    .noun = "",
    .verb = "version",
    .summary = "print the version, with --json the libraries and drivers too",
    .description =
        "Prints one line. With --json also the libraries pbxctl was built with and where each driver is "
        "found.",
    .examples = examples,
    .run = run,
};

}  // namespace pbx::cmd
