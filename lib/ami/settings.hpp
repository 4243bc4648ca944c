// [ami] of pbxctl.conf as the client uses it; the secret may be Asterisk's own manager.conf's.
#pragma once

#include "ami/client.hpp"
#include "config/settings.hpp"

namespace pbx::ami {

// config: no user, no secret, or manager.conf has not that user; no_input, refused: a file that cannot be
// read. `events` is the client's EventMask. A relative manager_conf is in $AST_CONFIG_DIR, else in
// /etc/asterisk.
[[nodiscard]] Result<ClientOptions> client_options(const config::Settings& settings,
                                                   const Environment& environment, std::string events);

// The file manager_conf means; empty when it isn't set.
[[nodiscard]] std::string manager_conf_path(const config::Settings& settings, const Environment& environment);

// A user of manager.conf (includes and templates followed).
struct ManagerUser {
    Secret secret{};
    std::optional<std::uint16_t> port{};  // [general]
    std::string read{}, write{};          // as they stand there
};
[[nodiscard]] Result<ManagerUser> manager_user(const std::string& path, const std::string& user);

// "system,call,log" has "call"; "all" has everything.
[[nodiscard]] bool has_class(std::string_view classes, std::string_view wanted);

}  // namespace pbx::ami
