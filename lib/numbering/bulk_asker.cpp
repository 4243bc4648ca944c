#include "numbering/bulk_asker.hpp"

#include "core/duration.hpp"
#include "core/text.hpp"

#include <vector>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
constexpr unsigned max_again = 3;    // questions asked again because of a stall
constexpr unsigned max_silent = 16;  // rows in a row without an answer, then nobody answers anything

dns::ClientSettings bulk_client(const LookupSettings& settings) {
    auto out = client_settings(settings);
    out.window = bulk_window;
    out.exchange.lanes = bulk_lanes;
    out.exchange.wait_refused = true;  // a server that is started anew must not cost a thousand rows
    return out;
}
}  // namespace

BulkAsker::BulkAsker(const LookupSettings& settings, RowLook look, const Clock& clock)
    : settings_(settings), clock_(clock), bulk_(settings, std::move(look)), answered_(clock.now()) {}

Result<std::unique_ptr<BulkAsker>> BulkAsker::open(const LookupSettings& settings, RowLook look,
                                                   const Clock& clock) {
    std::unique_ptr<BulkAsker> out(new BulkAsker(settings, std::move(look), clock));
    auto client = dns::Client::open(
        bulk_client(settings), clock,
        [asker = out.get()](const dns::Finished& finished) { asker->on_finished(finished); });
    if (!client) return Unexpected(client.error());
    out->client_ = std::move(*client);
    return out;
}

void BulkAsker::ask(const Bulk::Query& query) {
    // there is a slot: fewer are open than the window has, or this is the finished one's
    if (query) static_cast<void>(client_->ask(*query.question, query.token, query.deadline));
}

void BulkAsker::on_finished(const dns::Finished& finished) {
    const auto now = clock_.now();
    switch (finished.outcome) {
        case dns::Outcome::answered:
            answered_ = now;
            silent_ = 0;
            return ask(bulk_.on(finished.token, finished.answer, now));
        case dns::Outcome::timed_out:
            return on_no_answer(finished, Status::timeout, now);
        case dns::Outcome::unreachable:
            return on_no_answer(finished, Status::unreachable, now);
    }
}

// A row is given up when its number has no answer, not when we did not look, and not when nobody answers
// anything: then the rows wait, and when the run is ended, the next one begins with them.
void BulkAsker::on_no_answer(const dns::Finished& finished, Status status, Moment now) {
    const bool we_stalled = now - finished.took < stalled_;
    const bool again =
        (we_stalled && bulk_.times_again(finished.token) < max_again) || ++silent_ > max_silent;
    ask(again ? bulk_.again(finished.token, now) : bulk_.on(finished.token, status, now));
}

std::optional<Error> BulkAsker::silence(Moment now) const {
    if (silent_ <= max_silent || now - answered_ < max_silence) return std::nullopt;
    std::vector<std::string> servers;
    for (const auto& server : settings_.servers)
        servers.push_back(server.text());
    return Error{.code = Code::try_again,
                 .what = fmt::format("no answer to anything for {}", format_duration(max_silence)),
                 .where = text::join(servers, ", ")};
}

}  // namespace pbx::numbering
