// The outbox as a service: sends what is due for as long as it runs. Calls, cron and other services may send
// from the same database meanwhile: a message is claimed by one of them.
#pragma once

#include "core/context.hpp"
#include "core/result.hpp"
#include "net/listener.hpp"
#include "net/loop.hpp"
#include "oksana/outbox_deliver.hpp"

#include <functional>
#include <optional>
#include <string>

namespace pbx::oksana {

struct OutboxService {
    std::string database{};                      // read at the start only
    std::optional<net::ListenOptions> health{};  // the same
    Senders senders{};                           // also read anew at HUP
};

// Runs until INT or TERM; `read` is asked at the start and at HUP. The exit status, or why it could not
// begin. A message that is still on its way 5 s after TERM is left: its lease runs out and it is sent again,
// marked so.
[[nodiscard]] Result<int> serve_outbox(net::Loop& loop, const Context& context,
                                       const std::function<Result<OutboxService>()>& read);

}  // namespace pbx::oksana
