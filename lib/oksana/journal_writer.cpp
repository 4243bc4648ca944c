#include "oksana/journal_writer.hpp"

#include "core/log.hpp"
#include "oksana/journal_batch.hpp"

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>

namespace pbx::oksana {

namespace {
// A thousand calls of two turns a second fill this in four seconds without a disk. Turns leave a quarter of
// it to starts, ends and notes; saves have a waiting caller each and are not bounded here.
constexpr std::size_t most_waiting = 8192;
constexpr std::size_t most_waiting_turns = most_waiting / 4 * 3;
constexpr std::size_t most_in_batch = 256;
constexpr std::chrono::milliseconds retry_pause{250};
constexpr std::chrono::milliseconds close_at_end{5000};
}  // namespace

class JournalWriter::Thread {
  public:
    explicit Thread(std::string file) : writer_(std::move(file)) {}

    void push_begin(CallStart start) {
        std::lock_guard lock(mutex_);
        calls_[start.id] = {};
        if (has_room(most_waiting)) push(BeginEntry{std::move(start)});
    }

    void push_turn(const std::string& call, Turn turn) {
        std::lock_guard lock(mutex_);
        auto& state = calls_[call];
        if (has_room(most_waiting_turns))
            push(TurnEntry{call, state.next++, std::move(turn)});
        else
            ++state.lost;
    }

    void push_end(const std::string& call, CallEnd end) {
        std::lock_guard lock(mutex_);
        auto lost_turns = calls_[call].lost;
        calls_.erase(call);
        if (has_room(most_waiting)) push(EndEntry{call, std::move(end), lost_turns});
    }

    void push_note(Message message) {
        std::lock_guard lock(mutex_);
        if (has_room(most_waiting)) push(NoteEntry{std::move(message)});
    }

    Result<bool> push_save(Order order, std::vector<Message> notes, std::chrono::milliseconds most) {
        auto answer = std::make_shared<std::promise<Result<bool>>>();
        auto given_up = std::make_shared<std::atomic<bool>>(false);
        auto settled = answer->get_future();
        auto table = order.table;
        {
            std::lock_guard lock(mutex_);
            push(SaveEntry{std::move(order), std::move(notes), answer, given_up});
        }
        if (settled.wait_for(most) == std::future_status::ready) return settled.get();
        *given_up = true;
        return fail(Code::try_again, "not on disk in time", "save " + table,
                    "check the disk and who locks the file");
    }

    Result<void> flush(std::chrono::milliseconds most) {
        std::unique_lock lock(mutex_);
        const auto target = given_;
        if (settled_changed_.wait_for(lock, most, [&] { return settled_ >= target; })) return {};
        return trouble_ ? Result<void>(tl::unexpected(*trouble_))
                        : fail(Code::try_again, "journal not written in time");
    }

    Result<void> close(std::chrono::milliseconds most) {
        auto flushed = flush(most);
        {
            std::lock_guard lock(mutex_);
            if (std::exchange(stop_, true)) return flushed;
            wake_.notify_one();
        }
        if (thread_.joinable()) thread_.join();
        if (!queue_.empty())
            log::error("journal: {} entries lost at the end: {}", queue_.size(),
                       trouble_ ? trouble_->text() : "no time left");
        dropped_ += queue_.size();
        queue_.clear();
        return flushed;
    }

    [[nodiscard]] std::size_t lost() {
        std::lock_guard lock(mutex_);
        return dropped_ + writer_.lost();
    }

  private:
    struct CallState {
        std::int64_t next = 0;
        std::int64_t lost = 0;
    };

    // Called with the lock held, as everything below but run() and write().
    bool has_room(std::size_t most) {
        if (!stop_ && queue_.size() < most) return true;
        if (dropped_++ == 0) log::error("journal: no room for more: the disk is behind");
        return false;
    }

    void push(Entry entry) {
        queue_.push_back(std::move(entry));
        ++given_;
        if (!thread_.joinable()) start();
        wake_.notify_one();
    }

    // Signals are for the loop's thread (SIGHUP: the caller left).
    void start() {
        sigset_t all, old;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &old);
        thread_ = std::thread([this] { run(); });
        pthread_sigmask(SIG_SETMASK, &old, nullptr);
    }

    void run() {
        std::unique_lock lock(mutex_);
        for (;;) {
            wake_.wait(lock, [&] { return stop_ || !queue_.empty(); });
            if (stop_) return;
            auto batch = take();
            const auto taken = batch.size();
            lock.unlock();
            auto written = writer_.write(batch);
            lock.lock();
            settled_ += taken - batch.size();
            note(written);
            queue_.insert(queue_.begin(), std::make_move_iterator(batch.begin()),
                          std::make_move_iterator(batch.end()));
            settled_changed_.notify_all();
            if (!written) wake_.wait_for(lock, retry_pause, [&] { return stop_; });
        }
    }

    std::vector<Entry> take() {
        auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(queue_.size(), most_in_batch));
        std::vector<Entry> batch(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
        queue_.erase(queue_.begin(), end);
        return batch;
    }

    void note(const Result<void>& written) {
        const bool known = !written && trouble_ && trouble_->text() == written.error().text();
        if (!written && !known) log::error("journal: {}", written.error().text());
        if (written && trouble_) log::warning("journal: is written again");
        trouble_ = written ? std::nullopt : std::optional(written.error());
    }

    std::mutex mutex_;
    std::condition_variable wake_, settled_changed_;
    std::deque<Entry> queue_;
    std::map<std::string, CallState> calls_;
    std::optional<Error> trouble_;
    std::uint64_t given_ = 0, settled_ = 0;
    std::size_t dropped_ = 0;
    bool stop_ = false;
    BatchWriter writer_;
    std::thread thread_;
};

JournalWriter::JournalWriter(std::string file) : thread_(std::make_unique<Thread>(std::move(file))) {}

JournalWriter::~JournalWriter() {
    static_cast<void>(close(close_at_end));
}

void JournalWriter::begin(CallStart start) {
    thread_->push_begin(std::move(start));
}

void JournalWriter::turn(const std::string& call, Turn turn) {
    thread_->push_turn(call, std::move(turn));
}

void JournalWriter::end(const std::string& call, CallEnd end) {
    thread_->push_end(call, std::move(end));
}

void JournalWriter::notify(Message message) {
    thread_->push_note(std::move(message));
}

Result<bool> JournalWriter::save(Order order, std::vector<Message> notes, std::chrono::milliseconds most) {
    return thread_->push_save(std::move(order), std::move(notes), most);
}

Result<void> JournalWriter::flush(std::chrono::milliseconds most) {
    return thread_->flush(most);
}

Result<void> JournalWriter::close(std::chrono::milliseconds most) {
    return thread_->close(most);
}

std::size_t JournalWriter::lost() const {
    return thread_->lost();
}

}  // namespace pbx::oksana
