// Asks name servers: the exchange over real sockets. Many questions at once, each answer by a call of the
// sink.
//
//   while (more || client->in_flight() > 0) {
//       while (more && !client->full()) client->ask(question, token, deadline);
//       client->wait(deadline);
//   }
//
// One thread; no thread, timer or loop of its own. A single question is easier asked by Resolver
// (resolver.hpp), inside the event loop by LoopResolver (loop_resolver.hpp).
#pragma once

#include "core/context.hpp"
#include "dns/exchange.hpp"
#include "dns/server.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <vector>

namespace pbx::dns {

struct ClientSettings {
    std::vector<Server> servers;  // in order of preference, at most max_servers
    std::size_t window = 1;       // most questions at once; from 65 on their number adapts itself below that
    ExchangeSettings exchange{};  // its servers and slots are set from the above
};

class Client {
  public:
    [[nodiscard]] static Result<std::unique_ptr<Client>> open(const ClientSettings& settings,
                                                              const Clock& clock, Exchange::Sink sink);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    // false: no slot is free. From within the sink there always is one: the finished question's.
    [[nodiscard]] bool ask(const Question& question, std::uint64_t token, Moment deadline);
    [[nodiscard]] std::size_t in_flight() const;
    [[nodiscard]] bool full() const;  // enough is open for now

    // Sends, receives and waits until something came, or `until`. Never from within the sink.
    void wait(Moment until);

    // For an event loop: work() when the descriptor is readable, when next_moment() has come, and after
    // ask(). It never waits.
    void work();
    [[nodiscard]] int descriptor() const;
    [[nodiscard]] std::optional<Moment> next_moment() const;

    [[nodiscard]] const ExchangeCounts& counts() const;
    [[nodiscard]] std::size_t window() const;

  private:
    struct Inside;
    explicit Client(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace pbx::dns
