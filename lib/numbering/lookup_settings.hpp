// [enum] of pbxctl.conf as a lookup uses it: what is asked, where, how long, and how the result is dialled.
#pragma once

#include "config/settings.hpp"
#include "dns/client.hpp"
#include "numbering/lookup.hpp"
#include "numbering/number.hpp"
#include "numbering/profile.hpp"
#include "numbering/uri.hpp"

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

namespace pbx::numbering {

struct LookupSettings {
    Order order{};
    Reading reading{};
    DialPlan plan{};
    const Profile* profile = nullptr;
    std::vector<dns::Server> servers{};   // in the order they are asked
    std::chrono::milliseconds timeout{};  // of the whole lookup
    std::optional<DialForm> dial{};
    std::string trust_anchor{};  // a file; empty: nothing is validated
};

// What a DNS client is opened with for them.
[[nodiscard]] dns::ClientSettings client_settings(const LookupSettings& settings);

// Code::usage or Code::config, by where the value comes from, when one is not what it should be. Who cannot
// validate must not get by with [enum] dnssec: that is refused.
enum class Validating : bool { no, yes };
[[nodiscard]] Result<LookupSettings> lookup_settings(const config::Settings& settings,
                                                     Validating validating = Validating::no);

// An outcome without a URI, told to a person: what it means with this profile and what to do.
[[nodiscard]] Error error_of(Status status, const Profile& profile, std::string where);

}  // namespace pbx::numbering
