// The probes in the order of their lines; one row each.
#include "cmd/probe.hpp"

namespace pbx::cmd {

namespace {
constexpr Probe rows[] = {
    {"folders", true, probe_folders},   {"secrets", true, probe_secrets},
    {"database", true, probe_database}, {"dialogs", true, probe_dialogs},
    {"drivers", false, probe_drivers},  {"voices", false, probe_voices},
    {"ears", false, probe_ears},        {"enum", true, probe_enum},
    {"enumer", true, probe_enumer},     {"enum service", false, probe_enum_service},
    {"ami", true, probe_ami},           {"lamps", true, probe_lamps},
};
}  // namespace

std::span<const Probe> probes() {
    return rows;
}

std::vector<Finding> probe_configured(const config::Settings& settings) {
    std::vector<Finding> out;
    for (const auto& probe : rows)
        if (probe.configured) probe.run(settings, out);
    return out;
}

}  // namespace pbx::cmd
