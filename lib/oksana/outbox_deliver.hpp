// Sends what is due in the outbox: at the end of a call, and from `pbxctl oksana deliver` (cron, a timer).
// Several may run at once. Blocks, within its limits. How one kind is sent is a Sender's affair
// (outbox_senders.hpp).
#pragma once

#include "core/context.hpp"
#include "core/result.hpp"
#include "oksana/outbox.hpp"

#include <chrono>
#include <cstdint>
#include <functional>

namespace pbx::oksana {

using Sender = std::function<Delivery(const QueuedMessage&)>;

struct Senders {  // by kind; a kind without one is tried again later
    Sender tg{}, http{}, exec{};
};

struct DeliverLimits {
    std::int64_t most = 100;                  // messages
    std::chrono::milliseconds whole{20'000};  // no message is begun after that
};

struct Delivered {
    std::int64_t sent = 0, again = 0, refused = 0;
    std::chrono::milliseconds took{0};
};

// `chance`: random in [0, 1). `go_on` is asked before each message.
[[nodiscard]] Result<Delivered> deliver_due(Outbox& outbox, const Senders& senders,
                                            const DeliverLimits& limits, const Clock& clock,
                                            const std::function<double()>& chance,
                                            const std::function<bool()>& go_on = {});

}  // namespace pbx::oksana
