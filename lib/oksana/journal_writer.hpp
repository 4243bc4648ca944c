// Writes journal, orders and outbox of running calls from one background thread, in the order they were
// given, so that no audio loop ever waits for a disk. Turns survive the death of the process, orders and
// notes power loss. One writer a process serves all its calls; the file is opened by the first write.
#pragma once

#include "core/result.hpp"
#include "oksana/journal.hpp"
#include "oksana/orders.hpp"
#include "oksana/outbox.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace pbx::oksana {

class JournalWriter {
  public:
    explicit JournalWriter(std::string file);  // opens nothing yet
    JournalWriter(const JournalWriter&) = delete;
    JournalWriter& operator=(const JournalWriter&) = delete;
    ~JournalWriter();  // close() with 5 s

    // Never block. A turn that finds most_waiting_turns before it is dropped, counted in its call's row and
    // logged.
    void begin(CallStart start);
    void turn(const std::string& call, Turn turn);
    void end(const std::string& call, CallEnd end);
    void notify(Message message);  // fsynced, though nobody waits for it

    // Block (on a pool thread) until the row is on disk: true a new row, false it was there. On try_again
    // nobody knows yet: save again with the same key. The notes, if any, are in the same transaction.
    [[nodiscard]] Result<bool> save(Order order, std::vector<Message> notes = {},
                                    std::chrono::milliseconds most = std::chrono::seconds(5));
    // Blocks until everything given so far is written, or says why it is not.
    [[nodiscard]] Result<void> flush(std::chrono::milliseconds most = std::chrono::seconds(5));
    // flush, then the thread ends; whatever could not be written is lost and logged.
    Result<void> close(std::chrono::milliseconds most = std::chrono::seconds(5));

    [[nodiscard]] std::size_t lost() const;  // entries dropped so far, all calls

  private:
    class Thread;
    std::unique_ptr<Thread> thread_;
};

}  // namespace pbx::oksana
