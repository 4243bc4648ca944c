// Questions whose answers are held against a DNSSEC trust anchor (RFC 4033 5), by the unbound driver. It asks
// the servers for all the keys and proofs on the way itself and keeps them for the next question.
#pragma once

#include "core/context.hpp"
#include "dns/anchor.hpp"
#include "dns/resolver.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dns {

inline constexpr std::string_view validator_package = "libunbound8";

struct ValidatorSettings {
    std::vector<Server> servers;
    std::string anchors{root_anchor};  // a file
};

// What came of a question. Bogus: nothing of it may be used. Views end with the sink's return.
struct Judged {
    std::uint64_t token = 0;
    Security security = Security::indeterminate;
    Rcode rcode = Rcode::server_failure;      // what could not be had is server_failure
    std::uint32_t ttl = 0;                    // seconds
    std::span<const std::uint8_t> message{};  // empty: no answer was had
    std::string_view why{};  // of bogus: "signature crypto failed from 192.0.2.1 for DNSKEY example. ..."
};

class Validator {
  public:
    // unavailable: no driver. The anchor file's faults are read_anchors'.
    [[nodiscard]] static Result<std::unique_ptr<Validator>> open(const ValidatorSettings& settings,
                                                                 const Clock& clock);
    ~Validator();
    Validator(const Validator&) = delete;
    Validator& operator=(const Validator&) = delete;

    // Waits for it, no longer than until `deadline`.
    [[nodiscard]] Reply ask(const Question& question, Moment deadline);

    // For many at once or an event loop: work() when the descriptor is readable, the sink hears each end; a
    // question that took too long is cancelled by its token. Not to be mixed with the waiting ask().
    using Sink = std::function<void(const Judged&)>;
    void set_sink(Sink sink);
    [[nodiscard]] bool start(const Question& question, std::uint64_t token);  // false: it cannot
    void cancel(std::uint64_t token);
    [[nodiscard]] int descriptor() const;
    void work();

    [[nodiscard]] bool covers(const Name& name) const;

    struct Inside;

  private:
    explicit Validator(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

[[nodiscard]] Reply own(const Judged& judged, const Question& question);

}  // namespace pbx::dns
