// Signals as events on the loop. SIGPIPE is ignored for the whole process: a write to a peer that is gone is
// an error value.
#pragma once

#include "net/task.hpp"

#include <functional>
#include <initializer_list>
#include <memory>

namespace pbx::net {

class Signals {
  public:
    // `handler` runs on the loop for each of `numbers` that comes, until this is destroyed.
    [[nodiscard]] static Result<std::unique_ptr<Signals>> watch(Executor executor,
                                                                std::initializer_list<int> numbers,
                                                                std::function<void(int)> handler);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

  private:
    struct Inside;
    std::shared_ptr<Inside> inside_;
    explicit Signals(std::shared_ptr<Inside> inside);
};

void ignore_broken_pipes();

}  // namespace pbx::net
