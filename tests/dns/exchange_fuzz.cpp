// A server that sends anything at any time: every question is finished exactly once, and not after its
// deadline.
#include "dns/codec_table.hpp"
#include "dns/exchange.hpp"

#include <cstdlib>
#include <map>

namespace {

using namespace pbx::dns;
using namespace std::chrono_literals;

struct Play {
    explicit Play(ExchangeSettings settings)
        : exchange(
              settings, [this](std::span<std::uint8_t> into) { roll(into); },
              [this](const Finished& finished) { finish(finished); }) {}

    void roll(std::span<std::uint8_t> into) {
        for (auto& octet : into)
            octet = static_cast<std::uint8_t>(state = state * 1103515245U + 12345U, state >> 16U);
    }
    void finish(const Finished& finished) {
        if (++finishes[finished.token] != 1 || now > deadlines[finished.token] + 1ms) std::abort();
    }
    void ask() {
        const auto token = deadlines.size();
        const Question question{.name = Name::parse(test::sample_name).value(), .type = Type::naptr};
        const auto deadline = now + 2s;
        if (exchange.ask(question, token, deadline, now)) deadlines[token] = deadline;
    }
    // The first query that waits, answered with these octets in place of its own.
    void answer(std::size_t server, std::span<const std::uint8_t> bytes, bool by_stream) {
        Exchange::Ticket ticket;
        if (by_stream) {
            const auto streams = exchange.take_streams();
            if (streams.empty()) return;
            ticket = streams.front();
        } else if (!exchange.sends().empty()) {
            ticket = exchange.sends().front();
            exchange.drop_sends(1);
        }
        const auto query = exchange.query(ticket);
        std::vector<std::uint8_t> message(bytes.begin(), bytes.end());
        if (!query.empty() && message.size() > 2) std::copy_n(query.begin(), 2, message.begin());
        if (by_stream) {
            exchange.on_stream_message(ticket, message, now);
        } else {
            exchange.on_datagram(server, 0, message, now);
        }
    }

    std::uint32_t state = 1;
    Moment now{1h};
    std::map<std::uint64_t, Moment> deadlines;
    std::map<std::uint64_t, int> finishes;
    Exchange exchange;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1) return 0;
    static const auto table = test::codec_table();
    const std::size_t servers = 1 + data[0] % 3U;
    Play play({.servers = servers,
               .slots = 1 + data[0] / 3U % 4U,
               .tcp = (data[0] & 0x20U) != 0,
               .mixed_case = (data[0] & 0x40U) != 0,
               .wait_refused = (data[0] & 0x80U) != 0});
    for (std::size_t i = 1; i + 1 < size; i += 2) {
        const std::size_t value = data[i + 1];
        switch (data[i] % 6U) {
            case 0:
                play.ask();
                break;
            case 1: {
                auto message = table[value % table.size()].message;
                if (i + 3 < size) message[data[i + 2] % message.size()] ^= data[i + 3];
                play.answer(value % servers, message, false);
                break;
            }
            case 2:
                play.answer(0, table[value % table.size()].message, true);
                break;
            case 3:
                play.exchange.on_refused(value % servers, play.now);
                break;
            case 4: {
                const auto next = play.exchange.next_moment();
                play.now = next ? std::max(*next, play.now) : play.now + 1s;
                play.exchange.on_time(play.now);
                break;
            }
            default:
                play.exchange.drop_sends(play.exchange.sends().size());
        }
    }
    while (const auto next = play.exchange.next_moment()) {
        play.now = std::max(*next, play.now);
        play.exchange.on_time(play.now);
    }
    if (play.exchange.in_flight() != 0 || play.finishes.size() != play.deadlines.size()) std::abort();
    return 0;
}
