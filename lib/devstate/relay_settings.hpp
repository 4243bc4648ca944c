// [devstate] of pbxctl.conf as the relay uses it, and what is wrong with it.
#pragma once

#include "ami/client.hpp"
#include "config/settings.hpp"
#include "devstate/broker.hpp"
#include "devstate/hub.hpp"
#include "devstate/link.hpp"
#include "devstate/name.hpp"
#include "devstate/panel.hpp"
#include "devstate/rules.hpp"
#include "devstate/snapshot.hpp"
#include "devstate/writer.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace pbx::devstate {

struct RelaySettings {
    std::string server{};  // empty: Asterisk's systemname, else the host's
    ami::ClientOptions ami{};
    NameTemplate names{};
    Rules rules{};
    Wants wants{};
    Gone gone = Gone::unavailable;
    std::chrono::milliseconds grace{1000};
    std::chrono::milliseconds dead{3000};
    WriterSettings writer{};
    LinkOptions links{};  // server isn't set here
    std::optional<BrokerOptions> broker{};
    std::optional<net::ListenOptions> health{};
};

// config: the first of faults_of(), or what can't be had (certificates, secrets).
[[nodiscard]] Result<RelaySettings> relay_settings(const config::Settings& settings,
                                                   const Environment& environment);

// Everything wrong in [devstate] that the schema's types don't tell, with file and line. Empty when the
// section isn't used.
[[nodiscard]] std::vector<Error> faults_of(const config::Settings& settings);

}  // namespace pbx::devstate
