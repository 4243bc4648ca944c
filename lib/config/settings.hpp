// The settings of one run: every value with its origin. A value is an option's, else the environment's
// PBXCTL_SECTION_KEY, else pbxctl.conf's, else the schema's default. Sections are named as written:
// text("oksana", "sounds"), text("voice anna", "speed").
#pragma once

#include "config/conf.hpp"
#include "config/schema.hpp"
#include "core/context.hpp"
#include "core/secret.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::config {

enum class Origin { preset, file, environment, option };

struct Value {
    const Key* key = nullptr;
    std::string section{};  // as written: "voice anna"
    std::string text{};
    Origin origin = Origin::preset;
    std::string
        from{};  // "/etc/pbxctl/pbxctl.conf:12:8", "PBXCTL_OKSANA_SOUNDS", "--sounds"; empty for a default
};

class Settings {
  public:
    // A key that the schema does not have is a bug and ends the program; a value that is set nowhere and has
    // no default is
    // "" or 0. Values were held against their types when they were read.
    [[nodiscard]] std::string text(std::string_view section, std::string_view key) const;
    [[nodiscard]] std::vector<std::string> all(std::string_view section,
                                               std::string_view key) const;  // repeated keys
    [[nodiscard]] long long integer(std::string_view section, std::string_view key) const;
    [[nodiscard]] double number(std::string_view section, std::string_view key) const;
    [[nodiscard]] long long bytes(std::string_view section, std::string_view key) const;
    [[nodiscard]] std::chrono::milliseconds duration(std::string_view section, std::string_view key) const;
    [[nodiscard]] bool flag(std::string_view section, std::string_view key) const;
    [[nodiscard]] Origin origin(std::string_view section, std::string_view key) const;

    // The secret of a section: the first line of the file its secret_file names, else of
    // $CREDENTIALS_DIRECTORY/SECTION (blanks as '-'). A file others can read is warned of in the log.
    [[nodiscard]] Result<Secret> secret(std::string_view section, std::string_view key = "secret_file") const;
    // The file it would be read from; empty when none is set.
    [[nodiscard]] std::string secret_path(std::string_view section,
                                          std::string_view key = "secret_file") const;

    // Names of the sections [KIND NAME], in order.
    [[nodiscard]] std::vector<std::string> names(std::string_view kind) const;

    [[nodiscard]] const std::vector<Value>& values() const { return values_; }  // in the schema's order
    [[nodiscard]] const std::vector<std::string>& files() const {
        return files_;
    }  // that were read, in order

  private:
    friend struct SettingsReader;
    [[nodiscard]] const Value* find(std::string_view section, std::string_view key) const;

    std::vector<Value> values_;
    std::vector<std::string> files_;
    std::vector<std::string> named_;  // sections of a kind with '*', as written
    std::string credentials_;         // $CREDENTIALS_DIRECTORY
};

struct Override {
    std::string section, key, text;
    std::string from;  // "--sounds"
};

struct Sources {
    std::string file{};  // --config; empty: $PBXCTL_CONFIG, ~/.config/pbxctl/pbxctl.conf,
                         // /etc/pbxctl/pbxctl.conf with conf.d
    Environment environment{};
    std::vector<Override> overrides{};
    std::string system_folder = "/etc/pbxctl";
};

struct Reading {
    Settings settings;
    std::vector<Error> faults;  // Code::config (usage for an option's value); the settings are not to be used
    std::vector<Error> warnings;  // doubled keys and the like
};

[[nodiscard]] Reading read_settings(const Sources& sources);

// Bits of a secret's file that its owner alone should have; "" when it is fine, else what is wrong.
[[nodiscard]] std::string exposure(const std::string& path);

}  // namespace pbx::config
