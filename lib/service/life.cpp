#include "service/life.hpp"

#include "core/duration.hpp"
#include "core/log.hpp"
#include "net/signals.hpp"

#include <csignal>
#include <optional>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <unistd.h>

namespace pbx::service {

struct Life::Inside : std::enable_shared_from_this<Inside> {
    Inside(net::Loop& on, const Context& context, Hooks do_what, std::chrono::milliseconds to_finish)
        : loop(on),
          clock(context.clock),
          notify(context.environment),
          watchdog(watchdog_interval(context.environment)),
          hooks(std::move(do_what)),
          patience(to_finish),
          heartbeat(on.executor()),
          alarm(on.executor()) {}

    void on_signal(int number) {
        if (number == SIGHUP) return reload();
        if (signal != 0) leave(number);
        signal = number;
        stop();
    }

    void reload() {
        if (signal != 0) return;
        notify.reloading(clock);
        auto done = hooks.reload ? hooks.reload() : Result<void>();
        if (!done) log::error("service: reload refused, the old settings stay: {}", done.error().text());
        notify.status(done ? "reloaded" : "reload refused: " + done.error().text());
        notify.ready();
    }

    void stop() {
        notify.stopping();
        alarm.expires_after(patience);
        alarm.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (error) return;
            log::warning("service: not finished after {}, leaving", format_duration(self->patience));
            self->loop.stop();
        });
        if (hooks.stop)
            hooks.stop();
        else
            loop.stop();
    }

    // Asked twice: no destructor that waits for a peer or a disk may hold us. What is accepted is on disk
    // already.
    [[noreturn]] static void leave(int number) { _exit(128 + number); }

    // From the loop, so that a loop that hangs is noticed.
    void beat() {
        notify.watchdog();
        heartbeat.expires_after(*watchdog);
        heartbeat.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
            if (!error) self->beat();
        });
    }

    void end() {
        alarm.cancel();
        heartbeat.cancel();
        signals.reset();
    }

    net::Loop& loop;
    const Clock& clock;
    Notify notify;
    std::optional<std::chrono::milliseconds> watchdog;
    Hooks hooks;
    std::chrono::milliseconds patience;
    boost::asio::steady_timer heartbeat, alarm;
    std::unique_ptr<net::Signals> signals;
    int signal = 0;  // that asked us to stop
};

Life::Life(std::shared_ptr<Inside> inside) : inside_(std::move(inside)) {}

Life::~Life() {
    inside_->end();
}

Result<std::unique_ptr<Life>> Life::begin(net::Loop& loop, const Context& context, Hooks hooks,
                                          std::chrono::milliseconds to_finish) {
    net::ignore_broken_pipes();
    auto inside = std::make_shared<Inside>(loop, context, std::move(hooks), to_finish);
    std::weak_ptr<Inside> weak = inside;  // the signals are the inside's own
    auto signals = net::Signals::watch(loop.executor(), {SIGINT, SIGTERM, SIGHUP}, [weak](int number) {
        if (auto self = weak.lock()) self->on_signal(number);
    });
    if (!signals) return tl::unexpected(signals.error());
    inside->signals = std::move(*signals);
    return std::unique_ptr<Life>(new Life(std::move(inside)));
}

void Life::ready() {
    inside_->notify.ready();
    if (inside_->watchdog) inside_->beat();
}

void Life::status(std::string_view text) {
    inside_->notify.status(text);
}

void Life::finished() {
    inside_->end();
    inside_->loop.stop();
}

bool Life::stopping() const {
    return inside_->signal != 0;
}

int Life::exit_status() const {
    return inside_->signal == 0 ? 0 : 128 + inside_->signal;
}

}  // namespace pbx::service
