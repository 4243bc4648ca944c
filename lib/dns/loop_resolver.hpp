// Questions asked from coroutines on the event loop, for services. Every question of one turn of the loop
// leaves in one system call.
#pragma once

#include "dns/resolver.hpp"
#include "net/task.hpp"

#include <memory>

namespace pbx::dns {

class LoopResolver {
  public:
    // `settings.window` is the most questions at once.
    [[nodiscard]] static Result<std::shared_ptr<LoopResolver>> open(const net::Executor& executor,
                                                                    const ClientSettings& settings,
                                                                    const Clock& clock);
    ~LoopResolver();
    LoopResolver(const LoopResolver&) = delete;
    LoopResolver& operator=(const LoopResolver&) = delete;

    // try_again: too many questions are open.
    [[nodiscard]] static net::Task<Result<Reply>> ask(std::shared_ptr<LoopResolver> self, Question question,
                                                      net::milliseconds limit);
    [[nodiscard]] const Client& client() const;

    struct Inside;

  private:
    explicit LoopResolver(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}
    std::shared_ptr<Inside> inside_;
};

}  // namespace pbx::dns
