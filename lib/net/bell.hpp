// Wakes a coroutine: wait() until someone rings on the same loop. A ring with nobody waiting is kept, so it
// is never missed; several kept rings are one.
#pragma once

#include "net/task.hpp"

#include <chrono>
#include <memory>

namespace pbx::net {

class Bell {
  public:
    explicit Bell(Executor executor);
    ~Bell();
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    void ring();
    // true: rung; false: the limit passed, or the loop is going down. One waiter at a time.
    [[nodiscard]] Task<bool> wait(std::chrono::milliseconds limit);

  private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
};

// A pause that costs no thread.
[[nodiscard]] Task<void> sleep_for(std::chrono::milliseconds time);

}  // namespace pbx::net
