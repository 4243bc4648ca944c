#include "ami/settings.hpp"
#include "cmd/command.hpp"
#include "cmd/devstate_session.hpp"
#include "cmd/leaves.hpp"
#include "core/log.hpp"
#include "devstate/snapshot_client.hpp"
#include "net/bell.hpp"
#include "net/signals.hpp"

#include <csignal>
#include <map>
#include <optional>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
using devstate::Local;

constexpr std::chrono::milliseconds between_asks{1000};  // when a snapshot failed
constexpr std::size_t most_held = 200'000;

// What Asterisk shows and what is printed of it. After a cut, the difference to what it showed before.
class Watch {
  public:
    Watch(Frame& frame, Selection selection, net::Loop& loop)
        : frame_(frame), selection_(std::move(selection)), loop_(loop) {}

    [[nodiscard]] Result<int> run(ami::ClientOptions options);

  private:
    void on_up(const ami::Banner& banner);
    void on_down(const Error& error);
    void ask_table();
    static net::Task<void> ask_later(Watch* watch, std::uint64_t session);
    void on_table(Result<devstate::Table> table);
    void on_event(const ami::Message& event);
    void take(const Local& local);
    void take_gone(const std::vector<Local>& present);
    void print(const Local& local, std::string_view type);
    void event(nlohmann::ordered_json json);
    void end(std::optional<Error> error);

    Frame& frame_;
    Selection selection_;
    net::Loop& loop_;
    std::unique_ptr<ami::Client> client_;
    devstate::Source source_;
    std::map<std::pair<Local::Kind, std::string>, Local> shown_;
    std::vector<Local> held_;  // changes that came before the table
    std::string_view type_ = "state";
    bool has_table_ = false, was_complete_ = false;
    bool has_lost_ = false;  // of what was to be held
    std::optional<std::chrono::system_clock::time_point> down_since_;
    std::optional<Error> error_;
    int signal_ = 0;
};

void Watch::end(std::optional<Error> error) {
    error_ = std::move(error);
    client_->stop();
    loop_.stop();
}

void Watch::event(nlohmann::ordered_json json) {
    nlohmann::ordered_json whole{{"v", 1}};
    whole.update(json);
    whole["time"] = stamp(frame_.context.clock.wall());
    frame_.output.event(whole);
}

void Watch::print(const Local& local, std::string_view type) {
    if (frame_.output.json()) {
        nlohmann::ordered_json json{{"type", type}};
        json.update(to_json(local));
        event(std::move(json));
    } else {
        frame_.output.line(frame_.output.painted(
            paint_of(local), fmt::format("{}\t{}\t{}\t{}", stamp(frame_.context.clock.wall()),
                                         devstate::name_of(local.kind), local.name, value_of(local))));
        frame_.context.out.flush();
    }
    if (!frame_.context.out) end(std::nullopt);  // main tells of a stdout that takes no more
}

void Watch::take(const Local& local) {
    if (!selection_.takes(local)) return;
    const auto key = std::pair(local.kind, local.name);
    const auto known = shown_.find(key);
    if (known != shown_.end() ? known->second == local : local.gone) return;
    if (local.gone)
        shown_.erase(known);
    else
        shown_.insert_or_assign(key, local);
    print(local, type_);
}

void Watch::take_gone(const std::vector<Local>& present) {
    std::map<std::pair<Local::Kind, std::string>, bool> here;
    for (const auto& local : present)
        here[{local.kind, local.name}] = true;
    std::vector<Local> gone;
    for (const auto& [key, local] : shown_)
        if (!here.contains(key)) gone.push_back({.kind = local.kind, .name = local.name, .gone = true});
    for (const auto& local : gone)
        take(local);
}

void Watch::on_up(const ami::Banner& banner) {
    source_.begin(banner);
    ask_table();
}

void Watch::ask_table() {
    has_table_ = has_lost_ = false;
    held_.clear();
    auto done = [this, session = client_->logins()](Result<devstate::Table> table) {
        if (client_->is_up() && client_->logins() == session) on_table(std::move(table));
    };
    devstate::ask_snapshot(loop_.executor(), *client_, source_, selection_.wants, std::move(done));
}

net::Task<void> Watch::ask_later(Watch* watch, std::uint64_t session) {
    co_await net::sleep_for(between_asks);
    if (watch->client_->is_up() && watch->client_->logins() == session) watch->ask_table();
}

void Watch::on_table(Result<devstate::Table> table) {
    if (!table && !was_complete_) {
        auto error = table.error();
        if (error.where.empty()) error.where = client_->where();
        return end(std::move(error));
    }
    if (!table) {
        log::warning("{}: {}; asking again", client_->where(), table.error().text());
        return loop_.spawn(ask_later(this, client_->logins()));
    }
    auto told = tell_missing(*table, selection_.wants);
    if (!told && !was_complete_) return end(told.error());
    if (down_since_) {
        const auto gap = frame_.context.clock.wall() - *down_since_;
        log::warning("{}: back after {:.1f} s; what changed meanwhile follows", client_->where(),
                     std::chrono::duration<double>(gap).count());
        if (frame_.output.json())
            event({{"type", "up"}, {"gap_ms", std::chrono::floor<std::chrono::milliseconds>(gap).count()}});
        down_since_.reset();
    }
    has_table_ = true;
    type_ = was_complete_ ? "change" : "state";
    was_complete_ = true;
    if (table->missing.empty()) take_gone(table->locals);
    for (const auto& local : table->locals)
        take(local);
    type_ = "change";
    for (const auto& local : std::exchange(held_, {}))
        take(local);
    if (!has_lost_) return;
    log::warning("{}: more changes than can be held came before the table; asking again", client_->where());
    ask_table();
}

void Watch::on_event(const ami::Message& message) {
    for (auto& local : source_.on(message)) {
        if (has_table_)
            take(local);
        else if (held_.size() < most_held)
            held_.push_back(std::move(local));
        else
            has_lost_ = true;
    }
}

void Watch::on_down(const Error& error) {
    if (!was_complete_) return end(error);
    if (down_since_) return log::info("{}", error.text());
    down_since_ = frame_.context.clock.wall();
    has_table_ = false;
    log::warning("{}; trying again", error.text());
    if (frame_.output.json()) event({{"type", "down"}, {"error", error.text()}});
}

Result<int> Watch::run(ami::ClientOptions options) {
    ami::Client::Handlers handlers{.on_up = [this](const ami::Banner& banner) { on_up(banner); },
                                   .on_event = [this](const ami::Message& message) { on_event(message); },
                                   .on_down = [this](const Error& error) { on_down(error); }};
    client_ = std::make_unique<ami::Client>(loop_.executor(), std::move(options), frame_.context.clock,
                                            std::move(handlers));
    auto signals = net::Signals::watch(loop_.executor(), {SIGINT, SIGTERM}, [this](int number) {
        signal_ = number;
        end(std::nullopt);
    });
    if (!signals) return Unexpected(signals.error());
    client_->start();
    loop_.run();
    if (error_) return Unexpected(*error_);
    return signal_ == 0 ? 0 : 128 + signal_;
}

Result<int> run(Frame& frame) {
    auto settings = frame.settings();
    if (!settings) return Unexpected(settings.error());
    auto options =
        ami::client_options(**settings, frame.context.environment, std::string(devstate::source_events));
    if (!options) return Unexpected(options.error());
    net::Loop loop;
    Watch watch(frame, selection_of(frame.given), loop);
    return watch.run(std::move(*options));
}

constexpr Argument arguments[] = {
    {.name = "PATTERN", .help = "names to show, with * and ?; all when there is none", .required = false},
};
constexpr Option options[] = {
    {.name = "kind",
     .value = "KIND",
     .help = "show these alone; mailboxes only when asked for",
     .choices = kind_choices,
     .repeats = true},
};
constexpr Example examples[] = {
    {"pbxctl devstate watch 'PJSIP/1*'", "time, kind, name and state, separated by tabs"},
    {"pbxctl devstate watch --json | jq -c 'select(.type==\"change\")'",
     "one object a line: state (at the start), change, down, up"},
};
constexpr Exit exits[] = {
    {69, "Asterisk is down at the start"},
    {75, "Asterisk did not answer in time at the start"},
    {77, "the login, or the right to list, is refused"},
    {78, "[ami] is not set up"},
    {130, "ended by INT"},
    {143, "ended by TERM"},
};
}  // namespace

const Leaf devstate_watch{
    .noun = "devstate",
    .verb = "watch",
    .summary = "follow states as they change",
    .description =
        "Prints all states, then each change until it is ended. When Asterisk restarts it waits, tells how "
        "long nothing was heard, and prints what has changed meanwhile.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
