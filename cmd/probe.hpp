// Live checks of the machine: what `pbxctl doctor` and `pbxctl config check --connect` try. A feature adds
// its own by one row in probe.cpp.
#pragma once

#include "cmd/finding.hpp"
#include "config/settings.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace pbx::cmd {

using Findings = std::vector<Finding>;

struct Probe {
    std::string_view name;
    bool configured;  // looks at something that pbxctl.conf names: config check --connect runs it too
    void (*run)(const config::Settings&, Findings&);
};

[[nodiscard]] std::span<const Probe> probes();
[[nodiscard]] Findings probe_configured(const config::Settings& settings);

void probe_folders(const config::Settings& settings, Findings& out);
void probe_secrets(const config::Settings& settings, Findings& out);
void probe_database(const config::Settings& settings, Findings& out);
void probe_dialogs(const config::Settings& settings, Findings& out);
void probe_drivers(const config::Settings& settings, Findings& out);
void probe_voices(const config::Settings& settings, Findings& out);
void probe_ears(const config::Settings& settings, Findings& out);
void probe_enum(const config::Settings& settings, Findings& out);
void probe_enum_service(const config::Settings& settings, Findings& out);
void probe_enumer(const config::Settings& settings, Findings& out);
void probe_ami(const config::Settings& settings, Findings& out);
void probe_lamps(const config::Settings& settings, Findings& out);

}  // namespace pbx::cmd
