// Questions of many lookups at once: answered out of the cache where it knows, and asked once where several
// want the same.
#pragma once

#include "core/context.hpp"
#include "dns/loop_resolver.hpp"
#include "dns/loop_validator.hpp"
#include "numbering/cache.hpp"
#include "numbering/lookup.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

namespace pbx::numbering {

class Questions {
  public:
    // What came of a question: an answer, or a failure.
    struct Heard {
        std::shared_ptr<const dns::Reply> reply{};
        Status failure = Status::ok;
    };
    struct Counts {
        std::uint64_t asked = 0;
        std::uint64_t shared = 0;  // were asked already by another lookup
        std::uint64_t failed = 0;  // no name server answered
        std::uint64_t turned_away = 0;
    };
    static constexpr std::size_t most_open = 1024;    // questions at once; further ones are turned away
    static constexpr std::size_t most_sharing = 256;  // lookups that wait for one of them

    Questions(net::Executor executor, const Clock& clock) : executor_(std::move(executor)), clock_(clock) {}

    // Whom to ask from now on; what the others answered is forgotten. With a validator each answer is
    // validated that a trust anchor covers. Who had less than most of `patience` says nothing of a server.
    void use(std::shared_ptr<dns::LoopResolver> resolver, std::shared_ptr<dns::LoopValidator> validator,
             const CacheLimits& limits, std::chrono::milliseconds patience);

    // Tells the lookup what is kept of its questions, until one must be asked; nothing: it has its outcome.
    [[nodiscard]] std::optional<dns::Question> tell_kept(Lookup& lookup,
                                                         std::optional<dns::Question> question);
    [[nodiscard]] static net::Task<Heard> ask(std::shared_ptr<Questions> self, dns::Question question,
                                              std::chrono::milliseconds limit);

    [[nodiscard]] const Cache& cache() const { return cache_; }
    [[nodiscard]] const Counts& counts() const { return counts_; }
    // Of the question asked last; ok: a server answered it. One number's own servers may be dead.
    [[nodiscard]] Status last_failure() const { return last_failure_; }

  private:
    struct Flight;
    using Flights = std::unordered_map<std::string, std::shared_ptr<Flight>>;

    [[nodiscard]] static net::Task<Result<dns::Reply>> fetch(std::shared_ptr<dns::LoopResolver> resolver,
                                                             std::shared_ptr<dns::LoopValidator> validator,
                                                             const Clock* clock, dns::Question question,
                                                             std::chrono::milliseconds limit);
    [[nodiscard]] static net::Task<Heard> wait(std::shared_ptr<Flight> flight, net::Executor executor,
                                               std::chrono::milliseconds limit);
    [[nodiscard]] Heard judge(const Cache::Key& key, Result<dns::Reply> reply, bool keep,
                              std::chrono::milliseconds limit);
    void land(const Cache::Key& key, const std::shared_ptr<Flight>& flight);

    net::Executor executor_;
    const Clock& clock_;
    std::shared_ptr<dns::LoopResolver> resolver_;
    std::shared_ptr<dns::LoopValidator> validator_;
    Cache cache_;
    Flights flights_;
    dns::Answer answer_;  // its room is used again
    Counts counts_;
    Status last_failure_ = Status::ok;
    std::chrono::milliseconds patience_{};
};

}  // namespace pbx::numbering
