// Live checks of the machine: what `pbxctl doctor` and `pbxctl config check --connect` try. A feature adds
// its own by one row in probe.cpp.
#pragma once

#include "cmd/finding.hpp"
#include "config/settings.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace pbx::cmd {

struct Probe {
    std::string_view name;  // shown by doctor --json and in its help
    bool configured;        // looks at something pbxctl.conf names
    void (*run)(const config::Settings&, std::vector<Finding>&);
};

[[nodiscard]] std::span<const Probe> probes();
[[nodiscard]] std::vector<Finding> probe_configured(const config::Settings& settings);

}  // namespace pbx::cmd
