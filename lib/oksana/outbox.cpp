#include "oksana/outbox.hpp"

#include "core/backoff.hpp"
#include "core/text.hpp"
#include "store/time.hpp"
#include "telegram/codec.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace pbx::oksana {

using store::from_ms;
using store::to_ms;

namespace {
constexpr std::array<std::pair<MessageState, std::string_view>, 5> states{{
    {MessageState::waiting, "waiting"},
    {MessageState::sending, "sending"},
    {MessageState::sent, "sent"},
    {MessageState::refused, "refused"},
    {MessageState::dead, "dead"},
}};
// room for the mark of a repeat
constexpr std::size_t most_tg_units = telegram::most_text_units - 96;
constexpr std::size_t longest_target = 200;
constexpr std::size_t longest_error = 500;

constexpr std::string_view columns =
    "id,key,call,kind,target,text,created,state,attempts,maybe_sent,due,error,tries,since";
// When it may be claimed. A lease that ran out belonged to a sender that died.
constexpr std::string_view ready_at = "(CASE o.state WHEN 'waiting' THEN o.due ELSE o.lease END)";
// In a Telegram chat none overtakes an older one.
constexpr std::string_view first_of_its_chat =
    "NOT (o.kind='tg' AND EXISTS(SELECT 1 FROM outbox e WHERE e.state IN ('waiting','sending') AND "
    "e.kind='tg' "
    "AND e.target=o.target AND e.id<o.id))";

MessageState state_named(std::string_view name) {
    for (auto [state, known] : states)
        if (known == name) return state;
    return MessageState::dead;
}

QueuedMessage message_of(const store::Statement& row) {
    return {.id = row.integer(0),
            .message = {.key = row.text(1),
                        .call = row.text(2),
                        .kind = row.text(3),
                        .target = row.text(4),
                        .text = row.text(5),
                        .created = from_ms(row.integer(6))},
            .state = state_named(row.text(7)),
            .attempts = row.integer(8),
            .tries = row.integer(12),
            .maybe_sent = row.integer(9) != 0,
            .due = from_ms(row.integer(10)),
            .since = from_ms(row.integer(13)),
            .error = row.text(11)};
}

Result<void> check(const Message& message) {
    constexpr std::array<std::string_view, 3> kinds{"tg", "http", "exec"};
    if (std::find(kinds.begin(), kinds.end(), message.kind) == kinds.end())
        return fail(Code::data, fmt::format("'{}' is no kind of message", message.kind), {},
                    "use tg, http or exec");
    if (message.target.empty() || message.target.size() > longest_target ||
        !text::is_plain_line(message.target))
        return fail(Code::data, "message without a good target", message.kind);
    if (message.text.size() > longest_message)
        return fail(Code::data, fmt::format("message longer than {} bytes", longest_message), message.target);
    return {};
}

std::chrono::milliseconds wait_after(const OutboxLimits& limits, std::int64_t tries, double chance) {
    Backoff backoff(limits.first, limits.most);
    auto wait = backoff.next(chance);
    for (std::int64_t n = 1; n < tries && n < 64; ++n)
        wait = backoff.next(chance);
    return wait;
}
}  // namespace

std::string message_key(std::string_view run, std::int64_t sequence) {
    return fmt::format("{}/note/{}", run, sequence);
}

std::string_view name_of(MessageState state) {
    for (auto [known, name] : states)
        if (known == state) return name;
    return "dead";
}

namespace {
Result<bool> enqueue_piece(store::Database& database, const Message& message, const std::string& key,
                           std::string_view text) {
    auto done = database.run(
        "INSERT INTO outbox(key,call,kind,target,text,created,due,since) VALUES(?1,?2,?3,?4,?5,?6,?6,?6) "
        "ON CONFLICT(key) DO NOTHING",
        key.empty() ? std::nullopt : std::optional(key), message.call, message.kind, message.target, text,
        to_ms(message.created));
    if (!done) return tl::unexpected(done.error());
    return database.changed() != 0;
}
}  // namespace

Result<bool> enqueue(store::Database& database, const Message& message) {
    if (auto good = check(message); !good) return tl::unexpected(good.error());
    if (message.kind != "tg") return enqueue_piece(database, message, message.key, message.text);
    // A message a piece, so that a retry never repeats the pieces that arrived.
    const auto pieces = telegram::split_text(message.text, most_tg_units);
    if (pieces.empty()) return fail(Code::data, "empty message", "tg " + message.target);
    bool fresh = false;
    for (std::size_t n = 0; n < pieces.size(); ++n) {
        const bool first = n == 0 || message.key.empty();
        auto queued = enqueue_piece(
            database, message, first ? message.key : fmt::format("{}/{}", message.key, n + 1), pieces[n]);
        if (!queued) return queued;
        fresh = fresh || *queued;
    }
    return fresh;
}

// One statement, so that two senders never claim one message. Whether a dead sender's message left, nobody
// knows.
Result<std::optional<QueuedMessage>> Outbox::claim(Time now) {
    auto due = next_due();
    if (!due) return tl::unexpected(due.error());
    if (!*due || **due > now) return std::nullopt;  // no write lock taken for nothing
    static const auto sql = fmt::format(
        "UPDATE outbox SET maybe_sent=maybe_sent OR state='sending', state='sending', lease=?2, "
        "attempts=attempts+1, tries=tries+1 WHERE id=(SELECT o.id FROM outbox o "
        "WHERE o.state IN ('waiting','sending') AND {}<=?1 AND {} ORDER BY o.due,o.id LIMIT 1) RETURNING {}",
        ready_at, first_of_its_chat, columns);
    auto row = database_.prepare(sql);
    if (!row) return tl::unexpected(row.error());
    if (auto bound = row->bind(to_ms(now), to_ms(now + limits_.lease)); !bound)
        return tl::unexpected(bound.error());
    auto found = row->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found) return std::nullopt;
    auto message = message_of(*row);
    if (auto done = row->run(); !done) return tl::unexpected(done.error());  // the commit is at the end
    return message;
}

Result<bool> Outbox::finish(const QueuedMessage& message, const Delivery& delivery, Time now, double chance) {
    auto wait = delivery.wait ? std::min(*delivery.wait, std::chrono::milliseconds(limits_.age))
                              : wait_after(limits_, message.tries, chance);
    auto state = MessageState::waiting;
    if (delivery.fate == Fate::sent) state = MessageState::sent;
    if (delivery.fate == Fate::refused) state = MessageState::refused;
    const bool used_up = !delivery.wait && message.tries >= limits_.attempts;
    const bool too_old = now + wait > message.since + limits_.age;
    if (delivery.fate == Fate::again && (used_up || too_old)) state = MessageState::dead;

    auto transaction = database_.begin();
    if (!transaction) return tl::unexpected(transaction.error());
    // attempts is the fence: who lost the lease to another sender finds another number there
    auto done = database_.run(
        "UPDATE outbox SET state=?,due=?,lease=NULL,error=?,maybe_sent=maybe_sent OR ? "
        "WHERE id=? AND state='sending' AND attempts=?",
        name_of(state), to_ms(now + wait), delivery.error.substr(0, longest_error),
        delivery.maybe_sent ? 1 : 0, message.id, message.attempts);
    if (!done) return tl::unexpected(done.error());
    const bool ours = database_.changed() != 0;
    if (ours && delivery.wait)
        done = database_.run("UPDATE outbox SET due=max(due,?) WHERE kind=? AND target=? AND state='waiting'",
                             to_ms(now + wait), message.message.kind, message.message.target);
    if (done) done = transaction->commit();
    if (!done) return tl::unexpected(done.error());
    return ours;
}

Result<std::optional<Outbox::Time>> Outbox::next_due() {
    static const auto sql =
        fmt::format("SELECT min({}) FROM outbox o WHERE o.state IN ('waiting','sending') AND {}", ready_at,
                    first_of_its_chat);
    auto row = database_.prepare(sql);
    if (!row) return tl::unexpected(row.error());
    auto found = row->step();
    if (!found) return tl::unexpected(found.error());
    if (!*found || row->is_null(0)) return std::nullopt;
    return from_ms(row->integer(0));
}

Result<OutboxCount> Outbox::count() {
    auto row =
        database_.prepare("SELECT count(*),min(since) FROM outbox WHERE state IN ('waiting','sending')");
    if (!row) return tl::unexpected(row.error());
    auto found = row->step();
    if (!found) return tl::unexpected(found.error());
    OutboxCount count{.waiting = row->integer(0)};
    if (!row->is_null(1)) count.oldest = from_ms(row->integer(1));
    return count;
}

Result<std::vector<QueuedMessage>> Outbox::list(std::optional<MessageState> state, std::int64_t most) {
    static const auto sql =
        fmt::format("SELECT {} FROM outbox WHERE ?1 IS NULL OR state=?1 ORDER BY id DESC LIMIT ?2", columns);
    auto rows = database_.prepare(sql);
    if (!rows) return tl::unexpected(rows.error());
    auto bound = rows->bind(state ? std::optional(name_of(*state)) : std::nullopt, most);
    if (!bound) return tl::unexpected(bound.error());
    std::vector<QueuedMessage> messages;
    for (;;) {
        auto row = rows->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return messages;
        messages.push_back(message_of(*rows));
    }
}

Result<bool> Outbox::retry(std::int64_t id, Time now) {
    auto done = database_.run(
        "UPDATE outbox SET state='waiting',due=?1,since=?1,tries=0 WHERE id=?2 AND state IN "
        "('refused','dead')",
        to_ms(now), id);
    if (!done) return tl::unexpected(done.error());
    return database_.changed() != 0;
}

Result<std::int64_t> Outbox::forget(Time before) {
    auto done = database_.run("DELETE FROM outbox WHERE state IN ('sent','refused','dead') AND created<?",
                              to_ms(before));
    if (!done) return tl::unexpected(done.error());
    return database_.changed();
}

}  // namespace pbx::oksana
