// Threads for what blocks: recognisers, synthesizers, fsync. Results come back to the loop. The queue is
// bounded: a full one is an error, not a wait.
#pragma once

#include "net/loop.hpp"

#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace pbx::net {

class Pool {
  public:
    Pool(Loop& loop, std::size_t threads, std::size_t max_waiting = 1024);
    ~Pool();  // waits for the work that runs; what still waits is dropped
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    // `work` on a thread, then `done` on the loop. false: the queue is full, or the system gives
    // no thread; nothing was taken.
    [[nodiscard]] bool submit(std::function<void()> work, std::function<void()> done);

    // For long work that wants to end early: the pool is going away.
    [[nodiscard]] bool is_stopping() const;

    // One thread's worth of order: what is submitted here runs one after another, for engines that are not
    // thread-safe (one recogniser of one call).
    class Lane {
      public:
        explicit Lane(Pool& pool);
        ~Lane();  // what has not begun is dropped; no `done` is called any more
        Lane(const Lane&) = delete;
        Lane& operator=(const Lane&) = delete;
        [[nodiscard]] bool submit(std::function<void()> work, std::function<void()> done);

      private:
        struct Order;
        std::shared_ptr<Order> order_;
    };

    // co_await pool.run([=] { return blocking(); })  -> Result<T>. `work` must return Result<T>.
    template <class Work>
    [[nodiscard]] auto run(Work work) -> Task<decltype(work())> {
        return run_in<decltype(work())>(*this, std::move(work));
    }

  private:
    friend class Lane;
    template <class R>
    static Task<R> run_in(Pool& pool, std::function<R()> work);
    // Suspends until `work` ran on a thread; false: the queue was full.
    [[nodiscard]] Task<bool> await(std::function<void()> work);

    struct Inside;
    std::shared_ptr<Inside> inside_;
};

template <class R>
Task<R> Pool::run_in(Pool& pool, std::function<R()> work) {
    auto out = std::make_shared<std::optional<R>>();
    std::function<void()> job = [out, work = std::move(work)] { out->emplace(work()); };
    bool taken = co_await pool.await(std::move(job));
    if (!taken || !*out) co_return fail(Code::try_again, "too much work is waiting");
    co_return std::move(**out);
}

}  // namespace pbx::net
