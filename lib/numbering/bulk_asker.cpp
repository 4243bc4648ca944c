#include "numbering/bulk_asker.hpp"

#include "core/duration.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::numbering {

namespace {
constexpr unsigned max_again = 3;    // questions asked again because of a stall
constexpr unsigned max_silent = 16;  // rows in a row without an answer, then it is asked who answers at all
constexpr std::uint64_t probe_token = static_cast<std::uint64_t>(-1);
constexpr std::chrono::milliseconds prompt{200};  // who answers so soon was there before, too
constexpr std::chrono::seconds probe_time{2};
constexpr unsigned max_doubts = 2;

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

void BulkAsker::take(const InputRow& row, Moment now) {
    if (at_rest()) answered_ = now;  // nobody was asked: that is no silence
    ask(bulk_.take(row, now));
}

void BulkAsker::ask(const Bulk::Query& query) {
    // there is a slot: fewer are open than the window has, or this is the finished one's
    if (query) static_cast<void>(client_->ask(*query.question, query.token, query.deadline));
}

void BulkAsker::on_finished(const dns::Finished& finished) {
    const auto now = clock_.now();
    if (finished.token == probe_token) return on_probe(finished, now);
    switch (finished.outcome) {
        case dns::Outcome::answered:
            answered_ = now;
            silent_ = doubts_ = 0;
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
    if (we_stalled && bulk_.times_again(finished.token) < max_again)
        return ask(bulk_.again(finished.token, now));
    if (++silent_ > max_silent) return hold(finished.token, status, now);
    ask(bulk_.on(finished.token, status, now));
}

// A list in order may have thousands of numbers in a row whose own servers are dead.
void BulkAsker::hold(std::uint64_t token, Status status, Moment now) {
    held_.push_back({token, status});
    if (held_.size() > 1) return;  // asked already
    const dns::Question apex{.name = settings_.order.suffixes.front()};
    const auto limit = std::max<std::chrono::milliseconds>(settings_.timeout, probe_time);
    static_cast<void>(client_->ask(apex, probe_token, now + limit));  // this row's slot is free
}

// Answered late, the servers may have come back just now, and what was held deserves another question.
void BulkAsker::on_probe(const dns::Finished& finished, Moment now) {
    const bool answers = finished.outcome == dns::Outcome::answered;
    bool given_up = false;
    if (answers) {
        answered_ = now;
        silent_ = 0;
        given_up = finished.took < prompt || ++doubts_ > max_doubts;
    }
    for (const auto& row : std::exchange(held_, {}))
        ask(given_up ? bulk_.on(row.token, row.status, now) : bulk_.again(row.token, now));
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
