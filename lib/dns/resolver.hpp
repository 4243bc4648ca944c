// One question, waited for: a command's whole DNS. No thread, no loop, no library to load; the sockets are
// opened with the first question. For many questions at once see client.hpp.
#pragma once

#include "dns/client.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pbx::dns {

// An answer that owns what it shows.
struct Reply {
    Outcome outcome = Outcome::timed_out;
    Answer answer{};  // empty unless answered
    std::vector<std::uint8_t> message{};
    std::size_t server = 0;  // its place in the settings
    unsigned tries = 0;
    bool tcp = false;
    std::chrono::nanoseconds took{};
    Security security = Security::indeterminate;  // Validator says (validator.hpp); bogus: `answer` is empty
    std::string why{};                            // of bogus, for people
};

[[nodiscard]] Reply own(const Finished& finished, const Question& question);

class Resolver {
  public:
    [[nodiscard]] static Result<Resolver> open(const ClientSettings& settings, const Clock& clock);

    [[nodiscard]] Reply ask(const Question& question, Moment deadline);
    [[nodiscard]] const Client& client() const { return *client_; }

  private:
    struct Waiting {
        const Question* question = nullptr;
        Reply reply;
        bool done = false;
    };
    std::unique_ptr<Waiting> waiting_;
    std::unique_ptr<Client> client_;
};

}  // namespace pbx::dns
