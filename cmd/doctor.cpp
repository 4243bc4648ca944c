#include "cmd/command.hpp"
#include "cmd/finding.hpp"
#include "cmd/leaves.hpp"
#include "cmd/probe.hpp"
#include "config/settings.hpp"

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
Result<int> run(Frame& frame) {
    std::vector<Finding> findings;
    const auto settings = frame.settings();
    if (!settings) {
        findings.push_back(failed("pbxctl.conf", settings.error()));
    } else {
        const auto& files = (*settings)->files();
        findings.push_back(
            {Verdict::pass, "pbxctl.conf",
             files.empty() ? "there is none; defaults are in use" : fmt::format("{}", files.front())});
        for (const auto& probe : probes())
            probe.run(**settings, findings);
    }
    print(frame.output, findings);
    return any_failed(findings) ? static_cast<int>(Code::config) : 0;
}

constexpr Example examples[] = {
    {"sudo -u asterisk pbxctl doctor", "as the user who answers the calls"},
    {"pbxctl doctor | grep FAIL", "in a pipe: result, subject, what, mend, separated by tabs"},
};
constexpr Exit exits[] = {{0, "nothing failed"}, {78, "at least one FAIL"}};
}  // namespace

const Leaf doctor{
    .noun = "",
    .verb = "doctor",
    .summary = "look what is missing on this machine, and what mends it",
    .description =
        "Looks at what the commands need: the configuration, folders and their rights, secrets, the "
        "database, drivers, "
        "models and dialogs. Each line is PASS, WARN or FAIL, and the line that mends it stands below.",
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
