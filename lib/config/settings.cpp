#include "config/settings.hpp"

#include "config/files.hpp"
#include "core/duration.hpp"
#include "core/log.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/stat.h>

namespace pbx::config {

const Value* Settings::find(std::string_view section, std::string_view key) const {
    const Value* last = nullptr;
    for (const auto& value : values_)
        if (value.key->name == key && value.section == section) last = &value;
    return last;
}

namespace {
// A name the schema does not have is a mistake of the caller's code, which no test run may outlive.
const Key& row_of(std::string_view section, std::string_view key) {
    const auto* row = find_key(section, key);
    if (row == nullptr) {
        log::error("bug: pbxctl.conf has no key [{}] {}", section, key);
        std::abort();
    }
    return *row;
}
}  // namespace

std::string Settings::text(std::string_view section, std::string_view key) const {
    const auto& row = row_of(section, key);
    const auto* value = find(section, key);
    return value != nullptr ? value->text : std::string(row.preset);
}

std::vector<std::string> Settings::all(std::string_view section, std::string_view key) const {
    static_cast<void>(row_of(section, key));
    std::vector<std::string> out;
    for (const auto& value : values_)
        if (value.key->name == key && value.section == section && !value.text.empty())
            out.push_back(value.text);
    return out;
}

long long Settings::integer(std::string_view section, std::string_view key) const {
    return text::to_integer(text(section, key)).value_or(0);
}

double Settings::number(std::string_view section, std::string_view key) const {
    return text::to_number(text(section, key)).value_or(0);
}

long long Settings::bytes(std::string_view section, std::string_view key) const {
    return to_size(text(section, key)).value_or(0);
}

std::chrono::milliseconds Settings::duration(std::string_view section, std::string_view key) const {
    return parse_duration(text(section, key)).value_or(std::chrono::milliseconds(0));
}

bool Settings::flag(std::string_view section, std::string_view key) const {
    return to_flag(text(section, key)).value_or(false);
}

Origin Settings::origin(std::string_view section, std::string_view key) const {
    const auto* value = find(section, key);
    return value != nullptr ? value->origin : Origin::preset;
}

std::vector<std::string> Settings::names(std::string_view kind) const {
    std::vector<std::string> out;
    for (const auto& section : named_)
        if (section.size() > kind.size() + 1 && section.starts_with(kind) && section[kind.size()] == ' ')
            out.push_back(section.substr(kind.size() + 1));
    return out;
}

std::string Settings::secret_path(std::string_view section, std::string_view key) const {
    auto path = text(section, key);
    if (!path.empty() || credentials_.empty()) return path;
    std::string name(section);
    std::replace(name.begin(), name.end(), ' ', '-');
    path = credentials_ + "/" + name;
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 ? path : std::string();
}

Result<Secret> Settings::secret(std::string_view section, std::string_view key) const {
    constexpr std::size_t longest_secret = 4096;
    const auto path = secret_path(section, key);
    if (path.empty())
        return fail(Code::config, "no secret is set", fmt::format("[{}] {}", section, key),
                    fmt::format("name a file with it: {} = /etc/pbxctl/{}.secret", key, section));
    auto read = read_file(path, longest_secret);
    if (!read) return within(fmt::format("[{}] {}", section, key), read.error());
    if (const auto open = exposure(path); !open.empty()) log::warning("{}: {}; chmod 600 it", path, open);
    Secret whole(std::move(*read));
    const auto line = text::trim(std::string_view(whole.read()).substr(0, whole.read().find('\n')));
    if (line.empty()) return fail(Code::config, "the first line is empty", path, "write the secret there");
    return Secret(std::string(line));
}

std::string exposure(const std::string& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) return {};
    if ((about.st_mode & S_IROTH) != 0) return "everybody can read this secret";
    if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0) return "others can write this secret";
    return {};
}

}  // namespace pbx::config
