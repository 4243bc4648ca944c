#include "cmd/command.hpp"
#include "cmd/finding.hpp"
#include "cmd/leaves.hpp"
#include "cmd/probe.hpp"
#include "config/settings.hpp"
#include "devstate/relay_settings.hpp"

#include <iterator>

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
std::vector<Finding> check_text(const config::Reading& reading) {
    std::vector<Finding> out;
    for (const auto& fault : reading.faults)
        out.push_back({Verdict::fail, fault.where, fault.what, fault.hint});
    for (const auto& warning : reading.warnings)
        out.push_back({Verdict::warn, warning.where, warning.what, warning.hint});
    if (!reading.faults.empty()) return out;
    for (const auto& fault : devstate::faults_of(reading.settings))
        out.push_back({Verdict::fail, fault.where, fault.what, fault.hint});
    if (any_failed(out)) return out;
    for (const auto& file : reading.settings.files())
        out.push_back({Verdict::pass, file, "reads well"});
    if (reading.settings.files().empty())
        out.push_back({Verdict::pass, "pbxctl.conf", "there is none; defaults are in use"});
    return out;
}

Result<int> run(Frame& frame) {
    const auto reading = config::read_settings(frame.sources());
    auto findings = check_text(reading);
    if (reading.faults.empty() && frame.given.has("connect")) {
        auto live = probe_configured(reading.settings);
        std::move(live.begin(), live.end(), std::back_inserter(findings));
    }
    print(frame.output, findings);
    return any_failed(findings) ? static_cast<int>(Code::config) : 0;
}

constexpr Option options[] = {
    {.name = "connect", .help = "also try what it names: folders, the database, drivers, secrets"},
};
constexpr Example examples[] = {
    {"pbxctl config check", "before a restart"},
    {"ExecStartPre=/usr/bin/pbxctl config check",
     "in a unit: a service with faults in its configuration does not start"},
    {"pbxctl --config ./new.conf config check && mv new.conf /etc/pbxctl/pbxctl.conf",
     "a file that is not in use yet"},
};
constexpr Exit exits[] = {{0, "no fault, perhaps warnings"}, {78, "at least one FAIL"}};
}  // namespace

const Leaf config_check{
    .noun = "config",
    .verb = "check",
    .summary = "check pbxctl.conf: PASS, WARN or FAIL with file and line",
    .description =
        "Reads pbxctl.conf as any command would and tells of every fault at once, each with file:line:column "
        "and "
        "what to write instead.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
