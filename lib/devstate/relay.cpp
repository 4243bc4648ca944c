#include "devstate/relay.hpp"

#include "core/log.hpp"
#include "devstate/own_side.hpp"
#include "devstate/peers.hpp"
#include "devstate/relay_numbers.hpp"
#include "service/health.hpp"
#include "service/life.hpp"

#include <algorithm>
#include <memory>
#include <ostream>
#include <set>
#include <utility>

#include <boost/asio/steady_timer.hpp>

namespace pbx::devstate {

namespace {
constexpr std::chrono::seconds between_looks{1};
constexpr std::chrono::milliseconds between_once_looks{50}, once_quiet{500};
constexpr std::chrono::milliseconds goodbye_limit{2'000};

class Relay {
  public:
    Relay(net::Loop& loop, const Context& context, RelayMode mode, RelaySettings settings)
        : loop_(loop),
          context_(context),
          mode_(mode),
          settings_(std::move(settings)),
          numbers_(metrics_),
          alarm_(loop.executor()),
          look_(loop.executor()),
          own_(loop.executor(), settings_, context.clock, own_events()) {}

    [[nodiscard]] Result<int> run(const std::function<Result<RelaySettings>()>& read) {
        auto life = service::Life::begin(
            loop_, context_, {.reload = [this, &read] { return reload(read); }, .stop = [this] { stop(); }});
        if (!life) return Unexpected(life.error());
        life_ = std::move(*life);
        started_ = now();
        if (auto opened = open_health(); !opened) return Unexpected(opened.error());
        if (!settings_.server.empty()) begin(settings_.server);
        if (failed_) return Unexpected(*failed_);
        own_.start();
        look();
        loop_.run();
        if (failed_) return Unexpected(*failed_);
        return mode_.once && done_ ? 0 : life_->exit_status();
    }

  private:
    [[nodiscard]] Moment now() const { return context_.clock.now(); }

    OwnEvents own_events() {
        OwnEvents out{.on_news = [this](HubEvent event) { own_news(std::move(event)); },
                      .on_name = [this](const std::string& name) { begin(name); },
                      .on_written = [this](std::chrono::nanoseconds after) { numbers_.written(after); },
                      .on_alarm = [this] { set_alarm(); },
                      .whole = [this] { return whole_servers(); }};
        if (mode_.dry)
            out.dry = [this](const Write& write) {
                context_.out << "write " << write.device << ' ' << write.value << std::endl;
            };
        return out;
    }

    [[nodiscard]] std::set<std::string> whole_servers() const {
        std::set<std::string> out;
        if (hub_)
            for (const auto& one : hub_->servers())
                if (one.known_up) out.insert(one.server);
        return out;
    }

    // A dry run must not be taken for the relay that may be running under this name.
    [[nodiscard]] std::string shown_name(const std::string& server) const {
        return mode_.dry ? server.substr(0, max_server_name - 2) + ".n" : server;
    }

    // The name is known: from here on there are others.
    void begin(const std::string& server) {
        const auto wall = context_.clock.wall().time_since_epoch();
        const auto instance = static_cast<std::uint64_t>(wall / std::chrono::microseconds(1));
        const auto name = shown_name(server);
        own_name_ = server;
        hub_.emplace(HubSettings{.server = name,
                                 .instance = instance,
                                 .grace = settings_.grace,
                                 .stays = mode_.once && !mode_.dry});
        peers_.emplace(loop_.executor(), *hub_, [this](HubEvent event) { handle(std::move(event)); });
        own_.name(server);
        log::info("devstate: this server is {}", server);
        if (auto opened = peers_->open(name, instance, settings_); !opened) fail_with(opened.error());
        instance_ = instance;
    }

    void fail_with(Error error) {
        if (!failed_) failed_ = std::move(error);
        loop_.post([this] { life_->finished(); });
    }

    void own_news(HubEvent event) {
        if (mode_.dry) {
            print_told(event);
            if (std::holds_alternative<OwnTable>(event)) mark_ready();
            return;
        }
        const bool table = std::holds_alternative<OwnTable>(event);
        handle(std::move(event));
        if (table) mark_ready();
    }

    void mark_ready() {
        if (!std::exchange(ready_, true)) life_->ready();
    }

    void print_told(const HubEvent& event) {
        const auto print = [this](const Item& item) {
            context_.out << "tell " << item.name << ' '
                         << (item.gone                 ? std::string("-")
                             : item.kind == Kind::lamp ? std::string(name_of(item.state))
                                                       : item.presence)
                         << std::endl;
        };
        if (const auto* table = std::get_if<OwnTable>(&event))
            for (const auto& item : table->items)
                print(item);
        else if (const auto* one = std::get_if<OwnItem>(&event))
            print(one->item);
    }

    void handle(HubEvent event) {
        if (!hub_) return;
        was_linked_ = was_linked_ || std::holds_alternative<LinkUp>(event);
        act(hub_->on(std::move(event), now()));
    }

    void act(std::vector<HubAction> actions) {
        for (auto& action : actions) {
            if (auto* show = std::get_if<Show>(&action)) {
                changed_at_ = now();
                if (show->origin != own_name_) own_.show(*show);
            } else if (auto* wake = std::get_if<Wake>(&action)) {
                peers_->wake(wake->link);
            } else if (auto* refuse = std::get_if<Refuse>(&action)) {
                peers_->refuse(refuse->link, refuse->reason);
            } else {
                const auto& tell = std::get<Tell>(action);
                tell.warning ? log::warning("devstate: {}", tell.text) : log::info("devstate: {}", tell.text);
            }
        }
        look_at_name();
        own_.settle();
        set_alarm();
    }

    // Another relay has our name and was there first, or others who know it have kept us out since the start.
    [[nodiscard]] bool is_name_taken() const {
        if (!hub_) return false;
        if (!hub_->trouble().empty()) return true;
        if (peers_->is_name_taken()) return true;
        if (was_linked_) return false;
        const auto links = peers_->links();
        return std::any_of(links.begin(), links.end(), [](const auto& link) { return link.name_taken; });
    }

    // It may be this Asterisk's own, as when one is started by hand beside the service: its lamps are right.
    void look_at_name() {
        const bool taken = is_name_taken();
        if (taken == name_taken_) return;
        name_taken_ = taken;
        if (taken)
            log::warning("devstate: another relay is {}: nothing is written to Asterisk", own_name_);
        else
            log::info("devstate: this relay alone is {}", own_name_);
        own_.hush(taken);
    }

    // Wakes when hub, writer or the first minute's leftovers have something to do.
    void set_alarm() {
        auto at = own_.wake_at();
        const auto sooner = [&at](std::optional<Moment> other) {
            if (other && (!at || *other < *at)) at = other;
        };
        if (hub_) sooner(hub_->wake_at());
        if (!left_cleared_ && !mode_.once) sooner(started_ + settings_.dead + settings_.grace);
        if (!at || (alarm_at_ && *alarm_at_ <= *at)) return;  // rung too early, it is set anew
        alarm_at_ = at;
        alarm_.expires_at(*at);
        alarm_.async_wait([this](const boost::system::error_code& error) {
            if (error) return;
            alarm_at_.reset();
            ring();
        });
    }

    void ring() {
        look_at_name();
        if (!left_cleared_ && !mode_.once && now() >= started_ + settings_.dead + settings_.grace) {
            left_cleared_ = true;
            own_.clear_left({});
        }
        own_.tick();
        if (hub_)
            act(hub_->tick(now()));
        else
            set_alarm();
    }

    [[nodiscard]] Result<void> open_health() {
        if (!settings_.health) return {};
        auto monitor = service::serve_health(loop_.executor(),
                                             {.listen = *settings_.health,
                                              .trouble = [this] { return trouble(); },
                                              .refresh = [this] { count(); },
                                              .status = [this] { return encode(status()); }},
                                             metrics_);
        if (!monitor) return Unexpected(monitor.error());
        monitor_ = std::move(*monitor);
        return {};
    }

    void count() {
        if (hub_) numbers_.count(*hub_, own_, *peers_);
    }

    [[nodiscard]] RelayStatus status() const {
        auto out = status_of(hub_ ? &*hub_ : nullptr, own_, peers_ ? &*peers_ : nullptr,
                             hub_ ? shown_name(own_name_) : std::string());
        out.server = own_name_;
        out.instance = instance_;
        out.uptime = std::chrono::duration_cast<std::chrono::milliseconds>(now() - started_);
        out.trouble = trouble();
        out.lag = numbers_.lag();
        return out;
    }

    [[nodiscard]] std::string trouble() const {
        std::string out = own_.trouble();
        const auto add = [&out](const std::string& more) {
            if (!out.empty() && !more.empty()) out += "; ";
            out += more;
        };
        if (hub_) add(hub_->trouble());
        if (peers_) add(peers_->trouble());
        return out;
    }

    void look() {
        if (life_->stopping()) return;
        look_at_name();
        count();
        const auto trouble_now = trouble();
        if (hub_)
            life_->status(trouble_now.empty() ? summary(*hub_, own_)
                                              : summary(*hub_, own_) + "; " + trouble_now);
        if (mode_.once && look_once(trouble_now)) return;
        if (own_.has_left()) own_.clear_left({});
        set_alarm();
        look_.expires_after(mode_.once ? std::chrono::milliseconds(between_once_looks) : between_looks);
        look_.async_wait([this](const boost::system::error_code& error) {
            if (!error) look();
        });
    }

    // True when it is over: everybody in reach was given everything and showed everything, and nothing came
    // for a while; or the time is.
    bool look_once(const std::string& trouble_now) {
        const auto time = now();
        if (time - started_ > mode_.limit) {
            fail_with({Code::try_again, "not done in time", "devstate relay --once",
                       trouble_now.empty() ? "is the other side a running relay?" : trouble_now});
            return true;
        }
        if (!hub_ || !own_.settled() || !trouble_now.empty() || !peers_->is_drained()) return false;
        const auto servers = hub_->servers();
        const bool heard =
            std::any_of(servers.begin(), servers.end(), [](const auto& one) { return one.distance > 0; });
        if (!heard || time - std::max(changed_at_, started_) < once_quiet) return false;
        if (!std::exchange(left_cleared_, true)) {
            const auto known = whole_servers();
            if (!known.empty()) own_.clear_left(known);
            return false;
        }
        done_ = true;
        stop();
        return true;
    }

    Result<void> reload(const std::function<Result<RelaySettings>()>& read) {
        auto fresh = read();
        if (!fresh) return Unexpected(fresh.error());
        if (!fresh->server.empty() && fresh->server != own_name_ && hub_)
            return fail(Code::config, "another name takes a restart", "[devstate] server");
        if (hub_)
            if (auto opened = peers_->open(shown_name(own_name_), instance_, *fresh); !opened) return opened;
        settings_ = std::move(*fresh);
        own_.reload(settings_, hub_ ? hub_->shown() : std::vector<Show>());
        set_alarm();
        return {};
    }

    // Others are told first, so that they needn't wait for our silence.
    void stop() {
        look_.cancel();
        if (hub_ && !mode_.once) handle(Leaving{});
        loop_.spawn(leave());
    }

    net::Task<void> leave() {
        if (peers_) co_await peers_->close(goodbye_limit);
        own_.stop();
        alarm_.cancel();
        life_->finished();
    }

    net::Loop& loop_;
    const Context& context_;
    RelayMode mode_;
    RelaySettings settings_;
    service::Metrics metrics_;
    RelayNumbers numbers_;
    std::optional<Hub> hub_;
    std::optional<Peers> peers_;
    boost::asio::steady_timer alarm_, look_;
    std::optional<Moment> alarm_at_;
    std::unique_ptr<service::Life> life_;
    std::unique_ptr<net::Listener> monitor_;
    std::string own_name_;
    std::uint64_t instance_ = 0;
    Moment started_{}, changed_at_{};
    bool ready_ = false, done_ = false, left_cleared_ = false, was_linked_ = false, name_taken_ = false;
    std::optional<Error> failed_;
    OwnSide own_;  // the last: what it has in flight ends with it, and sets the alarm
};
}  // namespace

Result<int> run_relay(net::Loop& loop, const Context& context, RelayMode mode,
                      const std::function<Result<RelaySettings>()>& read) {
    auto settings = read();
    if (!settings) return Unexpected(settings.error());
    if (mode.once && settings->broker)
        return fail(Code::usage, "a broker's lamps turn dark when the relay leaves it", "--once",
                    "it goes with --peer");
    if (mode.once && settings->links.peers.empty())
        return fail(Code::usage, "needs a relay to link with", "--once", "--peer wss://HOST");
    auto relay = std::make_unique<Relay>(loop, context, mode, std::move(*settings));
    return relay->run(read);
}

}  // namespace pbx::devstate
