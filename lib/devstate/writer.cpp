#include "devstate/writer.hpp"

#include "devstate/contest.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace pbx::devstate {

namespace {
constexpr std::size_t least_window = 4;
// Asterisk tells of our own writes, in order but later than it confirms them, and not of those that changed
// nothing. So many of a device, and for so long, are waited for; another change is someone else's. What can't
// be told apart at once is held against what is wanted after that time.
constexpr std::size_t most_echoes = 16;
constexpr std::chrono::seconds echo_time{2};

// A booting Asterisk takes logins up to 0.8 s before it knows DEVICE_STATE(): "Variable not set".
constexpr unsigned most_tries = 4;
constexpr std::chrono::seconds between_tries{1};

constexpr std::size_t least_sweep = 1'000;

struct Lamp {
    Kind kind = Kind::lamp;
    std::optional<std::string> wanted{};
    std::optional<std::string> shown{};
    std::optional<std::string> refused{};  // the value it was refused with
    std::uint64_t in_flight = 0;           // 0: none
    bool queued = false;
    bool told = false;
    bool last = false;   // no other value will be wanted
    unsigned tries = 0;  // that were refused
    Moment wanted_at{};
};
using Row = std::pair<const std::string, Lamp>;

struct Echo {
    std::deque<std::pair<std::string, Moment>> due{};
    std::string heard{};
    bool in_doubt = false;
};

struct Flight {
    Row* row = nullptr;
    std::string value{};
    Moment since{};
};
}  // namespace

struct Writer::Inside {
    explicit Inside(WriterSettings given) : settings(given), window(given.window) {}

    WriterSettings settings;
    std::size_t window;
    std::size_t confirmed = 0;  // since the window last grew
    bool open = false;
    std::unordered_map<std::string, Lamp> lamps;
    std::deque<Row*> queue;  // in the order they were first wanted
    std::unordered_map<std::uint64_t, Flight> flights;
    std::unordered_map<std::string, Echo> echoes;
    std::deque<std::pair<Moment, Row*>> doubts;  // one a device at most
    std::deque<std::pair<Moment, Row*>> again;   // refused, to be tried once more
    Contests contests;
    std::size_t forgotten = 0;  // still among lamps
    std::uint64_t ids = 0;
    std::optional<Moment> paced{};  // not before
    WriterCounts counts;

    [[nodiscard]] static bool is_right(const Lamp& lamp) {
        return !lamp.wanted || lamp.shown == lamp.wanted || lamp.refused == lamp.wanted;
    }
    void enqueue(Row& row) {
        auto& lamp = row.second;
        if (!open || lamp.queued || lamp.in_flight != 0 || is_right(lamp)) return;
        lamp.queued = true;
        queue.push_back(&row);
    }
    void forget_if_done(Lamp& lamp) {
        if (!lamp.last || !lamp.wanted || !open || lamp.queued || lamp.in_flight != 0 || !is_right(lamp))
            return;
        lamp.wanted.reset();
        ++forgotten;
    }
    void sweep(Moment now);
    std::optional<Flight> land(std::uint64_t id, Moment now);
    [[nodiscard]] bool is_echo(const std::string& device, const std::string& value, Moment now);
    void settle_doubts(Moment now);
    void try_again(Moment now);
    void put_right(Row& row, const std::string& value, Moment now);
    void end_contests(Moment now);
    [[nodiscard]] bool is_under_way(const Row& row, Moment now) const;
};

Writer::Writer(WriterSettings settings) : inside_(std::make_unique<Inside>(settings)) {}
Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;

void Writer::shown(std::vector<std::pair<std::string, std::string>> devices, Moment now) {
    auto& in = *inside_;
    if (!in.open) cut();
    in.open = true;
    for (auto& row : in.lamps) {
        if (in.is_under_way(row, now)) continue;
        row.second.shown.reset();
        row.second.refused.reset();
    }
    for (auto& [device, value] : devices) {
        auto& row = *in.lamps.try_emplace(device).first;
        if (!in.is_under_way(row, now)) row.second.shown = std::move(value);
    }
    for (auto& row : in.lamps) {
        if (row.second.wanted && row.second.shown == row.second.wanted) ++in.counts.suppressed;
        if (row.second.wanted_at == Moment{}) row.second.wanted_at = now;
        in.enqueue(row);
        in.forget_if_done(row.second);
    }
    in.sweep(now);
}

// A write that isn't answered, or whose echo is due, is newer than any snapshot: its echo tells.
bool Writer::Inside::is_under_way(const Row& row, Moment now) const {
    if (row.second.in_flight != 0) return true;
    const auto echo = echoes.find(row.first);
    return echo != echoes.end() && !echo->second.due.empty() &&
           now - echo->second.due.back().second <= echo_time;
}

void Writer::cut() {
    auto& in = *inside_;
    in.open = false;
    in.queue.clear();
    in.flights.clear();
    in.echoes.clear();
    in.doubts.clear();
    in.again.clear();
    in.contests.clear();
    in.window = in.settings.window;
    for (auto& [device, lamp] : in.lamps) {
        lamp.in_flight = 0;
        lamp.queued = false;
        lamp.shown.reset();
        lamp.refused.reset();
        lamp.tries = 0;
    }
}

bool Writer::is_open() const {
    return inside_->open;
}

bool Writer::want(Kind kind, const std::string& device, std::string value, Moment now) {
    auto& in = *inside_;
    auto found = in.lamps.find(device);
    if (found == in.lamps.end()) {
        if (in.lamps.size() >= in.settings.most) return false;
        found = in.lamps.try_emplace(device).first;
    }
    auto& row = *found;
    auto& lamp = row.second;
    lamp.kind = kind;
    if (std::exchange(lamp.last, false) && !lamp.wanted) --in.forgotten;
    if (lamp.wanted == value) {
        ++in.counts.suppressed;
        return true;
    }
    if (lamp.queued) ++in.counts.suppressed;  // the value before this one is never written
    lamp.wanted = std::move(value);
    lamp.wanted_at = now;
    in.contests.forget(device);
    if (in.open && lamp.in_flight == 0 && lamp.shown == lamp.wanted && !lamp.queued) ++in.counts.suppressed;
    in.enqueue(row);
    return true;
}

void Writer::want_last(Kind kind, const std::string& device, std::string value, Moment now) {
    if (!want(kind, device, std::move(value), now)) return;
    auto& lamp = inside_->lamps.at(device);
    lamp.last = true;
    inside_->forget_if_done(lamp);
    inside_->sweep(now);
}

// Takes out what was forgotten when it is the greater part, and nothing points at it.
void Writer::Inside::sweep(Moment now) {
    if (forgotten < least_sweep || forgotten * 2 < lamps.size()) return;
    std::unordered_set<const Row*> held;
    for (const auto* due : {&doubts, &again})
        for (const auto& [at, row] : *due)
            held.insert(row);
    std::erase_if(echoes, [&](const auto& echo) {
        return !echo.second.in_doubt &&
               (echo.second.due.empty() || now - echo.second.due.back().second > echo_time);
    });
    forgotten = 0;
    for (auto row = lamps.begin(); row != lamps.end();) {
        const bool is_forgotten = row->second.last && !row->second.wanted;
        if (is_forgotten && !held.contains(&*row)) {
            contests.forget(row->first);
            row = lamps.erase(row);
            continue;
        }
        forgotten += is_forgotten ? 1 : 0;
        ++row;
    }
}

const std::string* Writer::wanted(const std::string& device) const {
    const auto found = inside_->lamps.find(device);
    return found == inside_->lamps.end() || !found->second.wanted ? nullptr : &*found->second.wanted;
}

std::size_t Writer::devices() const {
    return inside_->lamps.size();
}

std::optional<Write> Writer::next(Moment now) {
    auto& in = *inside_;
    in.settle_doubts(now);
    in.try_again(now);
    in.end_contests(now);
    if (!in.open || in.flights.size() >= in.window || (in.paced && now < *in.paced)) return std::nullopt;
    while (!in.queue.empty()) {
        auto& row = *in.queue.front();
        auto& lamp = row.second;
        in.queue.pop_front();
        lamp.queued = false;
        if (Inside::is_right(lamp)) continue;
        lamp.in_flight = ++in.ids;
        in.flights.emplace(in.ids, Flight{.row = &row, .value = *lamp.wanted, .since = now});
        auto& due = in.echoes[row.first].due;
        due.emplace_back(*lamp.wanted, now);
        if (due.size() > most_echoes) due.pop_front();
        if (in.settings.writes_per_second != 0)
            in.paced = std::max(now, in.paced.value_or(now)) +
                       std::chrono::nanoseconds(std::chrono::seconds(1)) / in.settings.writes_per_second;
        return Write{.id = in.ids,
                     .kind = lamp.kind,
                     .device = row.first,
                     .value = *lamp.wanted,
                     .wanted_at = lamp.wanted_at};
    }
    return std::nullopt;
}

std::optional<Flight> Writer::Inside::land(std::uint64_t id, Moment now) {
    auto found = flights.extract(id);
    if (found.empty()) return std::nullopt;  // of a session that was cut
    auto flight = std::move(found.mapped());
    flight.row->second.in_flight = 0;
    if (now - flight.since > settings.slow) {
        window = std::max(least_window, window / 2);
        confirmed = 0;
    } else if (++confirmed >= window) {
        window = std::min(settings.window, window + std::max<std::size_t>(1, window / 8));
        confirmed = 0;
    }
    return flight;
}

void Writer::written(std::uint64_t id, Moment now) {
    auto& in = *inside_;
    auto flight = in.land(id, now);
    if (!flight) return;
    ++in.counts.written;
    flight->row->second.tries = 0;
    flight->row->second.shown = std::move(flight->value);
    in.enqueue(*flight->row);
    in.forget_if_done(flight->row->second);
    in.sweep(now);
}

bool Writer::refused(std::uint64_t id, Moment now) {
    auto& in = *inside_;
    auto flight = in.land(id, now);
    if (!flight) return false;
    ++in.counts.refused;
    auto& lamp = flight->row->second;
    if (++lamp.tries < most_tries) {
        in.again.emplace_back(now + between_tries, flight->row);
        return false;
    }
    lamp.tries = 0;
    lamp.refused = std::move(flight->value);
    in.enqueue(*flight->row);
    in.forget_if_done(lamp);
    return !std::exchange(lamp.told, true);
}

void Writer::Inside::try_again(Moment now) {
    for (; !again.empty() && now >= again.front().first; again.pop_front())
        enqueue(*again.front().second);
}

bool Writer::Inside::is_echo(const std::string& device, const std::string& value, Moment now) {
    const auto found = echoes.find(device);
    if (found == echoes.end()) return false;
    auto& echo = found->second;
    auto& due = echo.due;
    while (!due.empty() && now - due.front().second > echo_time)
        due.pop_front();
    const auto same =
        std::find_if(due.begin(), due.end(), [&](const auto& one) { return one.first == value; });
    const bool ours = same != due.end();
    if (ours) due.erase(due.begin(), std::next(same));  // they come in order: no earlier one follows
    echo.heard = value;
    if (due.empty() && !echo.in_doubt) echoes.erase(found);
    return ours;
}

void Writer::Inside::settle_doubts(Moment now) {
    while (!doubts.empty() && now >= doubts.front().first) {
        auto& row = *doubts.front().second;
        doubts.pop_front();
        auto& echo = echoes.at(row.first);
        echo.in_doubt = false;
        put_right(row, echo.heard, now);
    }
}

void Writer::Inside::put_right(Row& row, const std::string& value, Moment now) {
    auto& lamp = row.second;
    if (lamp.in_flight != 0) return;
    lamp.shown = value;
    if (lamp.queued || is_right(lamp) || !contests.may_put_right(row.first, now)) return;
    ++counts.put_right;
    enqueue(row);
}

void Writer::Inside::end_contests(Moment now) {
    while (const auto device = contests.next_over(now)) {
        const auto row = lamps.find(*device);
        if (row != lamps.end() && row->second.shown) put_right(*row, std::string(*row->second.shown), now);
    }
}

std::vector<std::string> Writer::take_contested() {
    return inside_->contests.take_left();
}

void Writer::changed(const std::string& device, const std::string& value, Moment now) {
    auto& in = *inside_;
    const auto found = in.lamps.find(device);
    if (!in.open || found == in.lamps.end()) return;
    auto& lamp = found->second;
    const bool ours = in.is_echo(device, value, now);
    if (!ours && lamp.in_flight == 0) {
        in.put_right(*found, value, now);
        return;
    }
    if (lamp.in_flight == 0 && lamp.shown == value) return;
    auto& echo = in.echoes[device];
    echo.heard = value;
    if (!std::exchange(echo.in_doubt, true)) in.doubts.emplace_back(now + echo_time, &*found);
}

std::optional<Moment> Writer::wake_at() const {
    std::optional<Moment> out;
    for (const auto* due : {&inside_->doubts, &inside_->again})
        if (!due->empty() && (!out || due->front().first < *out)) out = due->front().first;
    if (const auto over = inside_->contests.wake_at(); over && (!out || *over < *out)) out = over;
    const bool waits = !inside_->queue.empty() && inside_->flights.size() < inside_->window;
    if (waits && inside_->paced && (!out || *inside_->paced < *out)) out = inside_->paced;
    return out;
}

bool Writer::settled() const {
    return inside_->open && inside_->queue.empty() && inside_->flights.empty() && inside_->again.empty();
}

std::size_t Writer::pending() const {
    return inside_->queue.size() + inside_->flights.size();
}

Tally Writer::tally() const {
    Tally out;
    for (const auto& [device, lamp] : inside_->lamps) {
        if (!lamp.shown) continue;
        if (const auto state = state_of(*lamp.shown))
            out.add(*state);
        else
            ++out.presences;
    }
    return out;
}

WriterCounts Writer::counts() const {
    return inside_->counts;
}

}  // namespace pbx::devstate
