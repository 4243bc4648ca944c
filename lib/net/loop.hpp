// The one event loop: one thread runs it, everything else is a coroutine on it. Other threads only post().
#pragma once

#include "net/task.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace pbx::net {

// Starts a coroutine at the loop's next turn; it must return, not throw.
void spawn(const Executor& executor, Task<void> task);

class Loop {
  public:
    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    [[nodiscard]] Executor executor();
    // Until stop(), or until nothing is left to wait for.
    void run();
    void stop();                            // from any thread
    void post(std::function<void()> work);  // from any thread; runs on the loop
    void spawn(Task<void> task);            // net::spawn on this loop

    // Runs the loop until this coroutine ends and gives what it returned: a one-off command's whole life.
    // Coroutines still waiting then are dropped with the loop. Nothing if the loop was stopped before.
    template <class T>
    [[nodiscard]] std::optional<T> run_to_end(Task<T> task) {
        auto out = std::make_shared<std::optional<T>>();
        spawn(keep(*this, std::move(task), out));
        run();
        return std::move(*out);
    }

  private:
    template <class T>
    static Task<void> keep(Loop& loop, Task<T> task, std::shared_ptr<std::optional<T>> out) {
        T value = co_await std::move(task);
        out->emplace(std::move(value));
        loop.stop();
    }

    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace pbx::net
