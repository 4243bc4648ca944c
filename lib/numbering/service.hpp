// enum lookup as a service: FastAGI and HTTP in front, a cache of answers in between, name servers behind.
#pragma once

#include "core/context.hpp"
#include "core/result.hpp"
#include "net/listener.hpp"
#include "net/loop.hpp"
#include "numbering/service_desk.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace pbx::numbering {

struct LookupService {
    std::vector<net::ListenOptions> agi{}, http{};  // read at the start only
    std::optional<net::ListenOptions> health{};     // the same
    DeskSettings desk{};                            // also read anew at HUP, which empties the cache
};

// Of [enum], [enumer] and [service].
[[nodiscard]] Result<LookupService> lookup_service(std::shared_ptr<const config::Settings> settings,
                                                   const Clock& clock);

// Runs until INT or TERM; `read` is asked at the start and at HUP. Sockets that systemd passed are taken
// besides, by their names: "agi" (or the only one, when nobody named it), "http" and "health". What is being
// looked up at TERM is still answered. The exit status, or why it could not begin.
[[nodiscard]] Result<int> serve_lookups(net::Loop& loop, const Context& context,
                                        const std::function<Result<LookupService>()>& read);

}  // namespace pbx::numbering
