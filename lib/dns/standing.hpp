// How the name servers do: which one to ask next, which to spare, what each has shown it cannot do. Pure.
#pragma once

#include "dns/due_list.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace pbx::dns {

inline constexpr std::size_t max_servers = 16;
using ServerMask = std::uint16_t;  // one bit for each

[[nodiscard]] constexpr ServerMask bit(std::size_t server) {
    return static_cast<ServerMask>(1U << server);
}

class Standing {
  public:
    // `spread`: ask the servers in turn, not the first one that does well.
    Standing(std::size_t servers, bool spread) : count_(servers), spread_(spread) {}

    // Not one of `without`; one that rests only if there is no other. Nothing: all were taken.
    [[nodiscard]] std::optional<std::size_t> choose(ServerMask without);
    // A resting server whose time has come to be asked beside a good one: so that nobody waits for it.
    [[nodiscard]] std::optional<std::size_t> take_probe(Moment now, ServerMask without);

    void on_answer(std::size_t server, Moment now);
    // A query sent at `sent` was not answered in time. If others were meanwhile, it was lost on the way.
    void on_silence(std::size_t server, Moment sent, Moment now);
    void on_refused(std::size_t server, Moment now);
    [[nodiscard]] bool is_resting(std::size_t server) const { return servers_[server].resting; }

    enum class Edns : std::uint8_t { unknown, spoken, refused };
    [[nodiscard]] Edns edns(std::size_t server) const { return servers_[server].edns; }
    void set_edns(std::size_t server, Edns edns) { servers_[server].edns = edns; }

    // Does it give back the question's letters as they were? One that never does is not asked in mixed case.
    void note_case(std::size_t server, bool kept);
    [[nodiscard]] bool keeps_case(std::size_t server) const { return servers_[server].folded < most_folded; }

  private:
    static constexpr std::chrono::milliseconds first_rest{1000}, most_rest{30'000}, in_time{200};
    static constexpr unsigned most_folded = 4;
    struct Server {
        bool resting = false;
        bool case_kept = false;
        Edns edns = Edns::unknown;
        unsigned folded = 0;
        Moment answered{}, probed{}, next_probe{};
        std::chrono::milliseconds rest = first_rest;
    };
    void rest(Server& server, Moment now);

    std::array<Server, max_servers> servers_{};
    std::size_t count_;
    std::size_t turn_ = 0;
    bool spread_;
};

}  // namespace pbx::dns
