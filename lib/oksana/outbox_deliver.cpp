#include "oksana/outbox_deliver.hpp"

#include "core/log.hpp"

namespace pbx::oksana {

namespace {
Delivery send(const Senders& senders, const QueuedMessage& message) {
    const auto& kind = message.message.kind;
    const auto& sender = kind == "tg" ? senders.tg : kind == "http" ? senders.http : senders.exec;
    if (!sender) return {.fate = Fate::again, .error = kind + " is not set up in pbxctl.conf"};
    return sender(message);
}

void count(Delivered& so_far, const QueuedMessage& message, const Delivery& delivery) {
    const auto& target = message.message.target;
    switch (delivery.fate) {
        case Fate::sent:
            ++so_far.sent;
            return;
        case Fate::again:
            ++so_far.again;
            return log::warning("outbox: {} {} #{}: {}", message.message.kind, target, message.id,
                                delivery.error);
        case Fate::refused:
            ++so_far.refused;
            return log::error("outbox: {} {} #{} given up: {}", message.message.kind, target, message.id,
                              delivery.error);
    }
}
}  // namespace

Result<Delivered> deliver_due(Outbox& outbox, const Senders& senders, const DeliverLimits& limits,
                              const Clock& clock, const std::function<double()>& chance,
                              const std::function<bool()>& go_on) {
    const auto begun = clock.now();
    auto took = [&] { return std::chrono::duration_cast<std::chrono::milliseconds>(clock.now() - begun); };
    Delivered so_far;
    for (std::int64_t n = 0; n < limits.most && took() < limits.whole && (!go_on || go_on()); ++n) {
        auto message = outbox.claim(clock.wall());
        if (!message) return tl::unexpected(message.error());
        if (!*message) break;
        const auto delivery = send(senders, **message);
        auto finished = outbox.finish(**message, delivery, clock.wall(), chance());
        if (!finished) return tl::unexpected(finished.error());
        count(so_far, **message, delivery);
    }
    so_far.took = took();
    return so_far;
}

}  // namespace pbx::oksana
