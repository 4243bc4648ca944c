#include "dns/resolver.hpp"

namespace pbx::dns {

Reply own(const Finished& finished, const Question& question) {
    Reply out{.outcome = finished.outcome,
              .message = {finished.message.begin(), finished.message.end()},
              .server = finished.server,
              .tries = finished.tries,
              .tcp = finished.tcp,
              .took = finished.took};
    if (out.outcome == Outcome::answered) static_cast<void>(decode(out.message, question, out.answer));
    return out;
}

Result<Resolver> Resolver::open(const ClientSettings& settings, const Clock& clock) {
    Resolver out;
    out.waiting_ = std::make_unique<Waiting>();
    auto take = [waiting = out.waiting_.get()](const Finished& finished) {
        waiting->reply = own(finished, *waiting->question);
        waiting->done = true;
    };
    auto alone = settings;
    alone.window = 1;
    auto client = Client::open(alone, clock, std::move(take));
    if (!client) return tl::unexpected(client.error());
    out.client_ = std::move(*client);
    return out;
}

Reply Resolver::ask(const Question& question, Moment deadline) {
    waiting_->question = &question;
    waiting_->done = false;
    if (!client_->ask(question, 0, deadline)) return {};
    while (!waiting_->done)
        client_->wait(deadline);
    return std::move(waiting_->reply);
}

}  // namespace pbx::dns
