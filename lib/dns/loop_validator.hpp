// Validated questions asked from coroutines on the event loop: the validator for services.
#pragma once

#include "dns/validator.hpp"
#include "net/task.hpp"

#include <memory>

namespace pbx::dns {

class LoopValidator {
  public:
    static constexpr std::size_t most_open = 256;  // questions at once: each is several of libunbound's

    [[nodiscard]] static Result<std::shared_ptr<LoopValidator>> open(const net::Executor& executor,
                                                                     const ValidatorSettings& settings,
                                                                     const Clock& clock);
    ~LoopValidator();

    // Reply{} is "timed out". try_again: too many questions are open.
    [[nodiscard]] static net::Task<Result<Reply>> ask(std::shared_ptr<LoopValidator> self, Question question,
                                                      net::milliseconds limit);
    [[nodiscard]] bool covers(const Name& name) const;

    struct Inside;

  private:
    explicit LoopValidator(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}
    std::shared_ptr<Inside> inside_;
};

}  // namespace pbx::dns
