// Folders, secrets, drivers, the database.
#include "cmd/drivers.hpp"
#include "cmd/probe.hpp"
#include "core/driver.hpp"
#include "oksana/journal.hpp"

#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

namespace pbx::cmd {

namespace {
namespace fs = std::filesystem;
using config::Settings;

enum class Use { read, write };

bool allowed(const std::string& folder, Use use) {
    return ::access(folder.c_str(), use == Use::write ? R_OK | W_OK | X_OK : R_OK | X_OK) == 0;
}

// The nearest folder above that is there: what is missing below it can be made where it may be written.
fs::path standing(fs::path folder) {
    std::error_code ignored;
    while (!folder.empty() && folder != folder.root_path() && !fs::exists(folder, ignored))
        folder = folder.parent_path();
    return folder.empty() ? fs::path(".") : folder;
}

std::string make_it(const std::string& folder) {
    return fmt::format("install -d -o asterisk -g asterisk {}", folder);
}

void read_folder(const Settings& settings, std::string_view key, std::string_view mend, Findings& out) {
    const auto path = settings.text("oksana", key);
    const auto subject = fmt::format("[oksana] {}", key);
    std::error_code ignored;
    if (!fs::is_directory(path, ignored))
        out.push_back({Verdict::warn, subject, fmt::format("{}: no such folder", path), std::string(mend)});
    else if (!allowed(path, Use::read))
        out.push_back({Verdict::fail, subject, fmt::format("{}: no right to read there", path),
                       fmt::format("chmod a+rx {}", path)});
    else
        out.push_back({Verdict::pass, subject, path});
}

enum class Maker { pbxctl, nobody };

void written_folder(const Settings& settings, std::string_view key, Maker maker, Findings& out) {
    const auto path = settings.text("oksana", key);
    const auto subject = fmt::format("[oksana] {}", key);
    std::error_code ignored;
    if (fs::is_directory(path, ignored)) {
        if (allowed(path, Use::write)) return out.push_back({Verdict::pass, subject, path});
        return out.push_back({Verdict::fail, subject, fmt::format("{}: no right to write there", path),
                              fmt::format("chown asterisk: {}", path)});
    }
    const bool makeable = maker == Maker::pbxctl && allowed(standing(path).string(), Use::write);
    out.push_back(
        {makeable ? Verdict::pass : Verdict::fail, subject,
         makeable ? fmt::format("{}: made when it is needed", path) : fmt::format("{}: no such folder", path),
         makeable ? std::string() : make_it(path)});
}
}  // namespace

void probe_folders(const Settings& settings, Findings& out) {
    read_folder(settings, "dialogs", "put dialog files there, or name their folder: [oksana] dialogs =", out);
    read_folder(settings, "sounds", "name the folder of Asterisk's sounds: [oksana] sounds =", out);
    written_folder(settings, "prompts", Maker::pbxctl, out);
    written_folder(settings, "recordings", Maker::nobody, out);  // Asterisk writes there and makes no folder
}

void probe_secrets(const Settings& settings, Findings& out) {
    for (const auto& value : settings.values()) {
        if (value.key->type != config::Type::secret) continue;
        const auto path = settings.secret_path(value.section, value.key->name);
        if (path.empty()) continue;
        const auto subject = fmt::format("[{}] {}", value.section, value.key->name);
        if (const auto open = config::exposure(path); !open.empty())
            out.push_back({Verdict::warn, subject, fmt::format("{}: {}", path, open),
                           fmt::format("chmod 600 {}", path)});
        else if (const auto secret = settings.secret(value.section, value.key->name); !secret)
            out.push_back(failed(subject, secret.error()));
        else
            out.push_back({Verdict::pass, subject, path});
    }
}

void probe_drivers(const Settings&, Findings& out) {
    for (const auto& driver : drivers()) {
        const auto subject = fmt::format("driver {}", driver.name);
        if (const auto loaded = load_driver(driver.name, driver.package); !loaded)
            out.push_back({Verdict::warn, subject, fmt::format("{}: {}", loaded.error().what, driver.without),
                           loaded.error().hint});
        else
            out.push_back({Verdict::pass, subject, find_driver(driver.name)});
    }
}

void probe_database(const Settings& settings, Findings& out) {
    const fs::path file = settings.text("store", "path");
    const std::string subject = "[store] path";
    std::error_code ignored;
    if (!fs::exists(file, ignored)) {
        const auto folder = standing(file.parent_path());
        if (allowed(folder.string(), Use::write))
            out.push_back({Verdict::pass, subject, fmt::format("{}: made by the first call", file.string())});
        else
            out.push_back(
                {Verdict::fail, subject,
                 fmt::format("{}: is not there and {} is not writable", file.string(), folder.string()),
                 make_it(file.parent_path().string())});
        return;
    }
    auto database = oksana::open_database(file.string(), true);
    if (!database) return out.push_back(failed(subject, database.error()));
    if (const auto whole = database->verify(); !whole) return out.push_back(failed(subject, whole.error()));
    if (::access(file.c_str(), W_OK) != 0)
        return out.push_back({Verdict::fail, subject, fmt::format("{}: no right to write", file.string()),
                              fmt::format("chown asterisk: {}*", file.string())});
    out.push_back({Verdict::pass, subject, fmt::format("{}: opens and is whole", file.string())});
}

}  // namespace pbx::cmd
