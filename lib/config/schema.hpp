// What pbxctl.conf may hold, as data: one row a key, with its type, bounds, default and help. `config check`,
// `config show`, the man page's check and the completion all read these rows; a new key is one row in
// schema.cpp.
#pragma once

#include "core/result.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pbx::config {

enum class Type {
    text,
    file,    // a path
    folder,  // a path
    integer,
    number,
    size,      // bytes: 4096, 64K, 200M, 2G (powers of 1024)
    duration,  // 700ms, 6s, 2m, 1h, 1d
    flag,      // yes/no, true/false, on/off, 1/0: Asterisk's words
    choice,    // one word of `choices`
    address,   // host:port, [v6]:port
    secret,  // a path to a file whose first line is the secret; the section may also be a systemd credential
};

struct Key {
    std::string_view section;  // "oksana"; "voice *" for the sections [voice NAME]
    std::string_view name;
    Type type = Type::text;
    std::string_view preset = {};  // the default, as it would be written; empty: none
    std::string_view help = {};    // one line, lower case, no full stop
    std::string_view choices = {};
    double least = 0, most = 0;  // bounds of integer, number, size (bytes), duration (ms); both 0: none
    bool repeats = false;        // may stand on several lines, all are kept
    bool hidden = false;         // shown as ***
};

struct SectionHelp {
    std::string_view name;  // "oksana", "voice *"
    std::string_view help;
};

[[nodiscard]] std::span<const Key> schema();
[[nodiscard]] std::span<const SectionHelp> sections();

// The row of a key in a section as written ("voice anna" is found under "voice *"); null when there is none.
[[nodiscard]] const Key* find_key(std::string_view section, std::string_view name);
// The schema's name of a section as written: "voice anna" -> "voice *"; empty when unknown.
[[nodiscard]] std::string_view section_kind(std::string_view section);
// PBXCTL_OKSANA_SOUNDS, PBXCTL_VOICE_ANNA_SPEED
[[nodiscard]] std::string environment_name(std::string_view section, std::string_view name);

// Nothing when the text is a value of this key, else what is wrong with it (what and hint; where is the
// caller's).
[[nodiscard]] std::optional<Error> wrong_with(const Key& key, std::string_view value);
[[nodiscard]] std::optional<bool> to_flag(std::string_view text);
[[nodiscard]] std::optional<long long> to_size(std::string_view text);
[[nodiscard]] std::string_view name_of(
    Type type);  // "a folder", "a duration (700ms, 6s, 2m)", for messages and man

}  // namespace pbx::config
