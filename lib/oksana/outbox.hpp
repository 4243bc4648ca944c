// The outbox: messages of `notify = tg|http|exec` that wait on disk until they are delivered or given up. At
// least once: a message whose fate a crash hides is sent again, and says so. Here is the queue;
// outbox_deliver.hpp sends.
#pragma once

#include "core/result.hpp"
#include "store/database.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::oksana {

constexpr std::size_t longest_message = 64 * 1024;

struct Message {
    std::string key{};     // the same key is the same message: see message_key; empty: always a new one
    std::string call{};    // the run's id
    std::string kind{};    // tg | http | exec
    std::string target{};  // a name of pbxctl.conf: a chat, an [http NAME], an [exec NAME]
    std::string text{};
    std::chrono::system_clock::time_point created{};
};

// "RUN/note/SEQUENCE": the n-th note of this run.
[[nodiscard]] std::string message_key(std::string_view run, std::int64_t sequence);

enum class MessageState {
    waiting,
    sending,
    sent,
    refused,  // the other side said no for good
    dead,     // tries or age used up
};
[[nodiscard]] std::string_view name_of(MessageState state);

struct QueuedMessage {
    std::int64_t id = 0;
    Message message{};
    MessageState state = MessageState::waiting;
    std::int64_t attempts = 0;                             // in all; also tells whose lease it is
    std::int64_t tries = 0;                                // since it was queued or put back by hand
    bool maybe_sent = false;                               // an earlier try may have reached the other side
    std::chrono::system_clock::time_point due{}, since{};  // since: queued or put back by hand
    std::string error{};                                   // of the last try
};

// Within the transaction that the caller has open. True: queued; false: the key was there already.
// A text too long for one Telegram message becomes several.
// Errors: data (unknown kind, no target, too long), and the store's.
[[nodiscard]] Result<bool> enqueue(store::Database& database, const Message& message);

struct OutboxLimits {
    std::int64_t attempts = 12;
    std::chrono::seconds age{24 * 3600};                        // older than that is dead
    std::chrono::milliseconds first{5'000}, most{15 * 60'000};  // waits between tries
    std::chrono::milliseconds lease{120'000};  // a sender silent for so long is taken for dead
};

struct OutboxCount {
    std::int64_t waiting = 0;  // on their way included
    std::optional<std::chrono::system_clock::time_point> oldest{};
};

// What one try came to.
enum class Fate { sent, refused, again };
struct Delivery {
    Fate fate = Fate::again;
    std::string error{};
    std::optional<std::chrono::milliseconds>
        wait{};               // the other side's own word (429): holds the whole target
    bool maybe_sent = false;  // it left, but no answer came
};

class Outbox {
  public:
    using Time = std::chrono::system_clock::time_point;
    Outbox(store::Database& database, OutboxLimits limits) : database_(database), limits_(limits) {}

    // The next due message, leased to us. Messages of one tg chat go in order: none overtakes an older one.
    [[nodiscard]] Result<std::optional<QueuedMessage>> claim(Time now);
    // `chance` in [0, 1) spreads the retries. A lease that ran out and was taken by another changes nothing:
    // false.
    [[nodiscard]] Result<bool> finish(const QueuedMessage& message, const Delivery& delivery, Time now,
                                      double chance);
    // When claim() will have something; nothing when the outbox is empty.
    [[nodiscard]] Result<std::optional<Time>> next_due();
    [[nodiscard]] Result<OutboxCount> count();
    [[nodiscard]] Result<std::vector<QueuedMessage>> list(std::optional<MessageState> state,
                                                          std::int64_t most);
    [[nodiscard]] Result<bool> retry(std::int64_t id,
                                     Time now);  // a refused or dead one waits again, tries from 0
    [[nodiscard]] Result<std::int64_t> forget(Time before);  // sent, refused and dead ones; how many

  private:
    store::Database& database_;
    OutboxLimits limits_;
};

}  // namespace pbx::oksana
