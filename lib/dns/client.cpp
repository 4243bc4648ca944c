#include "dns/client.hpp"

#include "dns/knee.hpp"
#include "dns/lanes.hpp"
#include "dns/streams.hpp"
#include "dns/window.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include <sys/epoll.h>

namespace pbx::dns {

namespace {

constexpr std::size_t max_batch = 64;  // datagrams in one system call; more gain nothing
constexpr std::chrono::milliseconds longest_wait{60'000};
constexpr unsigned max_unread_turns = 16;  // thousands of datagrams; who floods us must not stop our clock

ExchangeSettings exchange_settings(const ClientSettings& settings) {
    auto out = settings.exchange;
    out.servers = settings.servers.size();
    out.slots = settings.window;
    out.lanes = std::clamp<std::size_t>(out.lanes, 1, max_lanes);
    return out;
}

}  // namespace

struct Client::Inside {
    Inside(const ClientSettings& settings, const Clock& the_clock, Descriptor the_poll, Exchange::Sink sink)
        : clock(the_clock),
          poll(std::move(the_poll)),
          exchange(exchange_settings(settings), kernel_random(), std::move(sink)),
          lanes(settings.servers, exchange_settings(settings).lanes, std::min(settings.window, max_batch),
                poll.get()),
          streams(settings.servers, lanes.count(), poll.get()),
          window(settings.window, settings.exchange.first_wait),
          knee(settings.window) {}

    void flush();
    // Sends, waits for at most so long, takes what came.
    void turn(std::chrono::milliseconds limit);
    void adapt(Moment now);

    const Clock& clock;
    Descriptor poll;
    Exchange exchange;
    Lanes lanes;
    Streams streams;
    Window window;
    Knee knee;
    ExchangeCounts seen;
    std::array<epoll_event, 16> events{};
    unsigned unread_turns = 0;  // in a row that left datagrams for later
};

// Sending may tell of a closed port, and then there is something to send to another server.
void Client::Inside::flush() {
    const auto now = clock.now();
    std::size_t turns = 0;
    do {
        lanes.send(exchange, now);
    } while (!exchange.sends().empty() && ++turns < max_servers);
    streams.take(exchange, now);
}

void Client::Inside::turn(std::chrono::milliseconds limit) {
    const auto finished = exchange.counts().finished;
    flush();
    if (exchange.counts().finished != finished || !exchange.sends().empty()) limit = {};
    const int count = ::epoll_wait(poll.get(), events.data(), static_cast<int>(events.size()),
                                   static_cast<int>(limit.count()));
    const auto now = clock.now();
    bool more = false;
    for (std::size_t i = 0; count > 0 && i < static_cast<std::size_t>(count); ++i) {
        const auto number = static_cast<std::size_t>(events[i].data.u64);
        if (number < lanes.count()) {
            more |= lanes.on_ready(number, events[i].events, exchange, now);
        } else {
            streams.on_ready(number, exchange, now);
        }
    }
    // after a pause of ours: what came meanwhile is read before anything is said not to have come
    if (!more || ++unread_turns == max_unread_turns) {
        exchange.on_time(now);
        unread_turns = 0;
    }
    adapt(now);
}

void Client::Inside::adapt(Moment now) {
    const auto& counts = exchange.counts();
    window.on_answers(counts.answered - seen.answered);
    knee.on_answers(counts.answered - seen.answered, now);
    if (counts.lost != seen.lost) window.on_losses(counts.lost - seen.lost, now);
    seen = counts;
}

Result<std::unique_ptr<Client>> Client::open(const ClientSettings& settings, const Clock& clock,
                                             Exchange::Sink sink) {
    if (settings.servers.empty() || settings.servers.size() > max_servers)
        return fail(Code::config, "1 to 16 name servers are needed", "dns");
    auto checked = settings;
    checked.window = std::clamp<std::size_t>(settings.window, 1, max_slots);
    Descriptor poll(::epoll_create1(EPOLL_CLOEXEC));
    if (!poll.is_open()) return fail(Code::unavailable, std::generic_category().message(errno), "dns");
    auto inside = std::make_unique<Inside>(checked, clock, std::move(poll), std::move(sink));
    return std::unique_ptr<Client>(new Client(std::move(inside)));
}

Client::Client(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}

Client::~Client() = default;

bool Client::ask(const Question& question, std::uint64_t token, Moment deadline) {
    return inside_->exchange.ask(question, token, deadline, inside_->clock.now());
}

std::size_t Client::in_flight() const {
    return inside_->exchange.in_flight();
}

bool Client::full() const {
    return in_flight() >= window();
}

void Client::wait(Moment until) {
    const auto finished = [this] { return inside_->exchange.counts().finished; };
    const auto before = finished();
    do {
        const auto now = inside_->clock.now();
        const auto nearest = std::min(until, next_moment().value_or(until));
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(nearest - now);
        inside_->turn(std::clamp(left, std::chrono::milliseconds(0), longest_wait));
    } while (finished() == before && in_flight() > 0 && inside_->clock.now() < until);
}

void Client::work() {
    inside_->turn(std::chrono::milliseconds(0));
    inside_->flush();
}

int Client::descriptor() const {
    return inside_->poll.get();
}

std::optional<Moment> Client::next_moment() const {
    return inside_->exchange.next_moment();
}

const ExchangeCounts& Client::counts() const {
    return inside_->exchange.counts();
}

std::size_t Client::window() const {
    return std::min(inside_->window.size(), inside_->knee.size());
}

}  // namespace pbx::dns
