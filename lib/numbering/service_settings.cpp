#include "numbering/enumer_trust.hpp"
#include "numbering/service.hpp"
#include "service/health.hpp"

namespace pbx::numbering {

namespace {
using std::chrono::seconds;

Result<std::vector<net::ListenOptions>> addresses(const config::Settings& settings, std::string_view key) {
    std::vector<net::ListenOptions> out;
    for (const auto& text : settings.all("enum", key)) {
        auto address = service::listen_address(text);
        if (!address) return Unexpected(address.error());
        out.push_back(std::move(*address));
    }
    return out;
}

CacheLimits cache_limits(const config::Settings& settings) {
    CacheLimits out{
        .entries = static_cast<std::size_t>(settings.integer("enum", "cache_entries")),
        .octets = static_cast<std::size_t>(settings.bytes("enum", "cache_size")),
        .longest = std::chrono::duration_cast<seconds>(settings.duration("enum", "cache_longest"))};
    return out;
}
}  // namespace

Result<LookupService> lookup_service(std::shared_ptr<const config::Settings> settings, const Clock& clock) {
    auto lookup = lookup_settings(*settings, Validating::yes);
    if (!lookup) return Unexpected(lookup.error());
    auto agi = addresses(*settings, "listen");
    if (!agi) return Unexpected(agi.error());
    auto http = addresses(*settings, "http");
    if (!http) return Unexpected(http.error());
    LookupService out{.agi = std::move(*agi), .http = std::move(*http)};
    if (const auto text = settings->text("service", "health_listen"); !text.empty()) {
        auto health = service::listen_address(text);
        if (!health) return Unexpected(health.error());
        out.health = std::move(*health);
    }
    const bool verifies = lookup->profile->name == "enumer" && settings->flag("enumer", "verify");
    out.desk = {.lookup = std::move(*lookup), .cache = cache_limits(*settings)};
    if (verifies)
        out.desk.verify = [settings, &clock](Outcome& outcome, std::string_view digits,
                                             dns::Moment deadline) {
            return keep_signed(outcome, digits, *settings, clock, deadline);
        };
    return out;
}

}  // namespace pbx::numbering
