#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "cmd/screen.hpp"
#include "config/settings.hpp"
#include "core/duration.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "devstate/status_client.hpp"
#include "devstate/top.hpp"
#include "net/bell.hpp"
#include "net/loop.hpp"
#include "net/signals.hpp"
#include "service/health.hpp"

#include <algorithm>
#include <csignal>
#include <limits>
#include <ostream>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace pbx::cmd {

namespace {
using devstate::Mood;
using devstate::Seen;
using std::chrono::milliseconds;

constexpr milliseconds patience{2'000};  // with one relay that does not answer
constexpr milliseconds least_interval{100}, most_interval{3'600'000};
constexpr std::size_t most_relays = 64;
constexpr unsigned looks_of_once = 2;  // a rate is the difference between two

Paint paint_of(const devstate::TopLine& line) {
    if (line.head) return Paint::bold;
    switch (line.mood) {
        case Mood::plain:
            return Paint::none;
        case Mood::good:
            return Paint::good;
        case Mood::warn:
            return Paint::warn;
        case Mood::bad:
            return Paint::bad;
        case Mood::dim:
            return Paint::dim;
    }
    return Paint::none;
}

nlohmann::ordered_json to_json(const std::optional<devstate::Rates>& rates) {
    if (!rates) return nullptr;
    const auto ms = [](std::optional<double> seconds) {
        return seconds ? nlohmann::ordered_json(devstate::rounded_ms(*seconds))
                       : nlohmann::ordered_json(nullptr);
    };
    return {{"seconds", rates->seconds}, {"written", rates->written}, {"suppressed", rates->suppressed},
            {"taken", rates->taken},     {"stale", rates->stale},     {"p50_ms", ms(rates->p50)},
            {"p99_ms", ms(rates->p99)}};
}

struct Relay {
    net::ListenOptions place{};
    Seen seen{};
    std::optional<Error> error{};
    bool told_down = false;
};

// Asks all relays, at once, again and again.
class Top {
  public:
    Top(Frame& frame, net::Loop& loop, std::vector<Relay> relays, milliseconds interval)
        : frame_(frame),
          loop_(loop),
          relays_(std::move(relays)),
          interval_(interval),
          once_(frame.given.has("once") || (!frame.output.json() && !Screen::is_possible(frame.context))),
          screen_(frame.context),
          answered_(loop.executor()) {}

    [[nodiscard]] Result<int> run();

  private:
    net::Task<void> watch();
    net::Task<void> ask(std::size_t which);
    bool show(unsigned looks);  // false: it is over
    void on_signal(int number);
    void draw();
    void print_tables();
    void print_json();
    void print_event(const Relay& relay, const char* type, nlohmann::ordered_json json);
    [[nodiscard]] std::vector<devstate::TopTable> tables() const;
    [[nodiscard]] Result<int> outcome() const;

    Frame& frame_;
    net::Loop& loop_;
    std::vector<Relay> relays_;
    milliseconds interval_;
    bool once_;
    Screen screen_;
    net::Bell answered_;
    std::size_t asked_ = 0;  // and not answered yet
    int signal_ = 0;
};

std::vector<devstate::TopTable> Top::tables() const {
    std::vector<Seen> all;
    for (const auto& relay : relays_)
        all.push_back(relay.seen);
    return devstate::top_tables(all);
}

void Top::draw() {
    const auto size = screen_.size();
    const auto all = tables();
    const auto seconds = std::chrono::system_clock::to_time_t(frame_.context.clock.wall());
    std::vector<std::string> lines{fmt::format("{:%F %T}  {} relay{}, every {}", fmt::localtime(seconds),
                                               relays_.size(), relays_.size() == 1 ? "" : "s",
                                               format_duration(interval_))
                                       .substr(0, size.width)};
    for (const auto& line :
         devstate::top_lines(all, size.width, size.height - std::min<std::size_t>(size.height, 1)))
        lines.push_back(frame_.output.painted(paint_of(line), line.text));
    screen_.draw(lines);
}

// On a terminal as it is drawn, else a line a row, behind the word of its table.
void Top::print_tables() {
    constexpr auto no_end = std::numeric_limits<std::size_t>::max();
    const auto all = tables();
    if (frame_.output.terminal()) {
        for (const auto& line : devstate::top_lines(all, no_end, no_end))
            frame_.output.line(frame_.output.painted(paint_of(line), line.text));
        return;
    }
    for (const auto& table : all)
        for (const auto& row : table.rows)
            frame_.output.line(fmt::format("{}\t{}", table.what, text::join(row.cells, "\t")));
}

void Top::print_event(const Relay& relay, const char* type, nlohmann::ordered_json json) {
    nlohmann::ordered_json whole{
        {"v", 1}, {"type", type}, {"time", stamp(frame_.context.clock.wall())}, {"from", relay.seen.from}};
    whole.update(json);
    frame_.output.event(whole);
}

void Top::print_json() {
    for (auto& relay : relays_) {
        const auto& seen = relay.seen;
        if (relay.error) {
            if (!std::exchange(relay.told_down, true))
                print_event(relay, "down", {{"error", relay.error->text()}});
            continue;
        }
        relay.told_down = false;
        auto json = devstate::to_json(*seen.now);
        json["rates"] =
            to_json(seen.before ? devstate::rates_between(*seen.before, *seen.now) : std::nullopt);
        print_event(relay, "status", std::move(json));
    }
}

net::Task<void> Top::ask(std::size_t which) {
    const auto place = relays_[which].place;
    auto status = co_await devstate::ask_status(place.address, place.port, patience);
    auto& relay = relays_[which];
    relay.error = status ? std::nullopt : std::optional(status.error());
    relay.seen.take(std::move(status));
    if (--asked_ == 0) answered_.ring();
}

bool Top::show(unsigned looks) {
    const bool silent = std::all_of(relays_.begin(), relays_.end(),
                                    [](const auto& relay) { return relay.error.has_value(); });
    if (looks == 1 && silent) return false;
    if (once_ && looks < looks_of_once) return true;
    if (frame_.output.json()) {
        print_json();
    } else if (once_) {
        print_tables();
    } else {
        screen_.enter();
        draw();
    }
    return !once_ && static_cast<bool>(frame_.context.out);  // main tells of a stdout that takes no more
}

net::Task<void> Top::watch() {
    for (unsigned looks = 1;; ++looks) {
        const auto next = frame_.context.clock.now() + interval_;
        asked_ = relays_.size();
        for (std::size_t i = 0; i < relays_.size(); ++i)
            loop_.spawn(ask(i));
        bool rung = false;
        while (!rung)
            rung = co_await answered_.wait(2 * patience);
        const bool goes_on = show(looks);
        if (!goes_on) break;
        const auto left = std::chrono::ceil<milliseconds>(next - frame_.context.clock.now());
        co_await net::sleep_for(std::max(left, milliseconds{0}));
    }
    loop_.stop();
}

void Top::on_signal(int number) {
    if (number == SIGWINCH) {
        if (screen_.is_entered()) draw();
    } else if (number == SIGTSTP) {  // ^Z: the shell gets its terminal as it was
        const bool was = screen_.is_entered();
        screen_.leave();
        ::kill(::getpid(), SIGSTOP);
        if (was) screen_.enter();
        if (was) draw();
    } else {
        signal_ = number;
        loop_.stop();
    }
}

// What did not answer is an error; what did was printed.
Result<int> Top::outcome() const {
    std::vector<Error> errors;
    for (const auto& relay : relays_)
        if (relay.error) errors.push_back(*relay.error);
    if (signal_ != 0) return 128 + signal_;
    if (errors.empty()) return 0;
    std::stable_sort(errors.begin(), errors.end(),
                     [](const auto& a, const auto& b) { return a.code < b.code; });
    for (std::size_t i = 0; i + 1 < errors.size(); ++i)
        log::error("{}", errors[i].text());
    return Unexpected(errors.back());
}

Result<int> Top::run() {
    auto signals = net::Signals::watch(loop_.executor(), {SIGINT, SIGTERM, SIGWINCH, SIGTSTP},
                                       [this](int number) { on_signal(number); });
    if (!signals) return Unexpected(signals.error());
    loop_.spawn(watch());
    loop_.run();
    screen_.leave();
    return outcome();
}

Result<std::vector<Relay>> relays_of(Frame& frame) {
    auto places = frame.given.values("from");
    const bool given = !places.empty();
    if (!given) {
        auto settings = frame.settings();
        if (!settings) return Unexpected(settings.error());
        auto own = (*settings)->text("service", "health_listen");
        if (own.empty())
            return fail(Code::config, "no relay to ask", "[service] health_listen",
                        "set it, for the relay too, or say --from 127.0.0.1:9100");
        places.push_back(std::move(own));
    }
    if (places.size() > most_relays)
        return fail(Code::usage, fmt::format("more than {} relays", most_relays), "--from");
    std::vector<Relay> out;
    for (auto& place : places) {
        auto address = service::reach_address(place);
        if (!address && given) return fail(Code::usage, "no HOST:PORT", place, "write --from 127.0.0.1:9100");
        if (!address) return Unexpected(address.error());
        out.push_back({.place = std::move(*address), .seen = {.from = std::move(place)}});
    }
    return out;
}

Result<int> run(Frame& frame) {
    auto interval = parse_duration(frame.given.value_or("interval", "1s"));
    if (!interval || *interval < least_interval || *interval > most_interval)
        return fail(Code::usage, "not between 100ms and 1h", "--interval", "write 2s or 500ms");
    auto relays = relays_of(frame);
    if (!relays) return Unexpected(relays.error());
    net::Loop loop;
    Top top(frame, loop, std::move(*relays), *interval);
    return top.run();
}

constexpr Option options[] = {
    {.name = "from",
     .value = "HOST:PORT",
     .help = "a relay's health_listen; again for another; pbxctl.conf's without it",
     .repeats = true},
    {.name = "interval", .value = "TIME", .help = "between two looks", .preset = "1s"},
    {.name = "once", .help = "look twice, print one table and end: as in a pipe"},
};
constexpr Example examples[] = {
    {"pbxctl devstate top", "the relay of this machine, until ^C"},
    {"pbxctl devstate top --from 127.0.0.1:9100 --from 192.0.2.7:9100", "two in one table"},
    {"pbxctl devstate top | awk -F '\\t' '$1 == \"server\" && $4 == \"dark\" { print $3 }'",
     "servers whose lamps are dark"},
    {"pbxctl devstate top --json | jq -c '[.time, .rates.written, .lag.p99_ms]'", "one object a look"},
};
constexpr Exit exits[] = {
    {0, "shown"},
    {64, "wrong options"},
    {69, "no relay runs there"},
    {75, "the relay did not answer in time"},
    {76, "something else answers there"},
    {78, "[service] health_listen is not set, and no --from"},
    {130, "ended by INT"},
    {143, "ended by TERM"},
};
}  // namespace

const Leaf devstate_top{
    .noun = "devstate",
    .verb = "top",
    .summary = "see what running relays do",
    .description =
        "A table of relays, servers and links, drawn anew each second: who is up and who is dark, lamps by "
        "state, writes and news a second, how long a lamp takes (p50, p99 of those written meanwhile), and "
        "what is wrong. It asks the relay's [service] health_listen for /status.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
