#include "cmd/probe.hpp"

#include "core/driver.hpp"

#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

namespace pbx::cmd {

namespace {
namespace fs = std::filesystem;
using config::Settings;
using Findings = std::vector<Finding>;

void driver(std::string_view name, std::string_view package, std::string_view use, Findings& out) {
    const auto subject = fmt::format("driver {}", name);
    if (const auto loaded = load_driver(name, package); !loaded) {
        out.push_back(
            {Verdict::warn, subject, fmt::format("{}; {}", loaded.error().what, use), loaded.error().hint});
        return;
    }
    out.push_back({Verdict::pass, subject, find_driver(name)});
}

void drivers(const Settings&, Findings& out) {
    driver("espeak", "libespeak-ng1", "no espeak-ng voice", out);
    driver("flite", "libflite1", "no flite voice", out);
    driver("pocketsphinx", "libpocketsphinx3", "no words are understood, keys only", out);
}

// A folder that is read, or also written, by the user who runs this.
void folder(const Settings& settings, std::string_view key, bool written, Findings& out) {
    const auto path = settings.text("oksana", key);
    const auto subject = fmt::format("[oksana] {}", key);
    std::error_code ignored;
    if (path.empty())
        out.push_back({Verdict::warn, subject, "not set", fmt::format("{} = /folder", key)});
    else if (!fs::is_directory(path, ignored))
        out.push_back({written ? Verdict::fail : Verdict::warn, subject,
                       fmt::format("{}: no such folder", path),
                       fmt::format("install -d {}{}", written ? "-o asterisk " : "", path)});
    else if (::access(path.c_str(), written ? R_OK | W_OK | X_OK : R_OK | X_OK) != 0)
        out.push_back(
            {Verdict::fail, subject, fmt::format("{}: no right to {} it", path, written ? "write" : "read"),
             written ? fmt::format("chown asterisk {}", path) : fmt::format("chmod a+rx {}", path)});
    else
        out.push_back({Verdict::pass, subject, path});
}

void folders(const Settings& settings, Findings& out) {
    folder(settings, "dialogs", false, out);
    folder(settings, "sounds", false, out);
    folder(settings, "prompts", true, out);
    folder(settings, "recordings", true, out);
}

void secrets(const Settings& settings, Findings& out) {
    for (const auto& value : settings.values()) {
        if (value.key->type != config::Type::secret) continue;
        const auto path = settings.secret_path(value.section, value.key->name);
        if (path.empty()) continue;
        const auto subject = fmt::format("[{}] {}", value.section, value.key->name);
        if (const auto secret = settings.secret(value.section, value.key->name); !secret)
            out.push_back(failed(subject, secret.error()));
        else if (const auto open = config::exposure(path); !open.empty())
            out.push_back({Verdict::warn, subject, fmt::format("{}: {}", path, open),
                           fmt::format("chmod 600 {}", path)});
        else
            out.push_back({Verdict::pass, subject, path});
    }
}

constexpr Probe rows[] = {
    {"folders", true, folders},
    {"secrets", true, secrets},
    {"drivers", false, drivers},
};
}  // namespace

std::span<const Probe> probes() {
    return rows;
}

std::vector<Finding> probe_configured(const Settings& settings) {
    std::vector<Finding> out;
    for (const auto& probe : rows)
        if (probe.configured) probe.run(settings, out);
    return out;
}

}  // namespace pbx::cmd
