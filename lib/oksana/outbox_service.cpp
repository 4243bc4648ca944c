#include "oksana/outbox_service.hpp"

#include "core/backoff.hpp"
#include "core/log.hpp"
#include "net/pool.hpp"
#include "oksana/journal.hpp"
#include "service/health.hpp"
#include "service/life.hpp"

#include <algorithm>
#include <atomic>
#include <random>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <unistd.h>

namespace pbx::oksana {

namespace {
using std::chrono::milliseconds;
// Other processes put messages in without telling us: a look costs one SELECT of an index.
constexpr milliseconds between_looks{1'000};
constexpr milliseconds least_pause{50};
constexpr DeliverLimits one_round{.most = 100, .whole = milliseconds(20'000)};
constexpr milliseconds first_trouble{1'000}, longest_trouble{30'000};

struct Round {
    Result<Delivered> delivered{Delivered{}};
    OutboxCount left{};
    std::optional<Outbox::Time> next{};
};

class Service {
  public:
    Service(net::Loop& loop, const Context& context, OutboxService first, store::Database database)
        : clock_(context.clock),
          database_(std::move(database)),
          senders_(std::make_shared<const Senders>(std::move(first.senders))),
          timer_(loop.executor()),
          pool_(loop, 1) {}

    [[nodiscard]] Result<int> run(net::Loop& loop, const Context& context,
                                  const std::optional<net::ListenOptions>& health,
                                  const std::function<Result<OutboxService>()>& read) {
        auto life = service::Life::begin(
            loop, context, {.reload = [this, &read] { return reload(read); }, .stop = [this] { stop(); }});
        if (!life) return Unexpected(life.error());
        life_ = std::move(*life);
        auto monitor = listen(loop, health);
        if (!monitor) return Unexpected(monitor.error());
        loop.post([this] {
            life_->ready();
            look();
        });
        loop.run();
        // A send cannot be broken off, and waiting for it would outlast what systemd was told.
        if (busy_) {
            log::warning("outbox: a message was on its way; it is sent again when its lease has run out");
            _exit(life_->exit_status());
        }
        return life_->exit_status();
    }

  private:
    Result<std::unique_ptr<net::Listener>> listen(net::Loop& loop,
                                                  const std::optional<net::ListenOptions>& health) {
        if (!health) return nullptr;
        return service::serve_health(loop.executor(),
                                     {.listen = *health, .trouble = [this] { return trouble_; }}, metrics_);
    }

    Result<void> reload(const std::function<Result<OutboxService>()>& read) {
        auto fresh = read();
        if (!fresh) return Unexpected(fresh.error());
        senders_ = std::make_shared<const Senders>(std::move(fresh->senders));
        return {};
    }

    void stop() {
        stopping_ = true;
        timer_.cancel();
        if (!busy_) life_->finished();
    }

    void look() {
        if (stopping_) return;
        auto round = std::make_shared<Round>();
        busy_ = pool_.submit([this, round, senders = senders_] { *round = deliver(*senders); },
                             [this, round] { looked(*round); });
    }

    // on the pool's thread, which alone has the database
    Round deliver(const Senders& senders) {
        Outbox outbox(database_, {});
        Round round;
        round.delivered = deliver_due(
            outbox, senders, one_round, clock_, [this] { return spread_(random_); },
            [this] { return !stopping_; });
        if (!round.delivered) return round;
        auto left = outbox.count();
        auto next = outbox.next_due();
        if (left && next) {
            round.left = *left;
            round.next = *next;
        } else {
            round.delivered = Unexpected(left ? next.error() : left.error());
        }
        return round;
    }

    void looked(const Round& round) {
        busy_ = false;
        if (stopping_) return life_->finished();
        wait(round.delivered ? account(round) : fault(round.delivered.error()));
    }

    milliseconds account(const Round& round) {
        if (!trouble_.empty()) log::warning("outbox: the database answers again");
        trouble_.clear();
        backoff_.reset();
        sent_.add(static_cast<std::uint64_t>(round.delivered->sent));
        again_.add(static_cast<std::uint64_t>(round.delivered->again));
        refused_.add(static_cast<std::uint64_t>(round.delivered->refused));
        waiting_.set(static_cast<double>(round.left.waiting));
        const auto now = clock_.wall();
        const auto age = round.left.oldest ? now - *round.left.oldest : Outbox::Time::duration{};
        oldest_.set(std::chrono::duration<double>(age).count());
        life_->status(fmt::format("{} sent, {} given up, {} wait", sent_.value(), refused_.value(),
                                  round.left.waiting));
        if (!round.next) return between_looks;
        return std::clamp(std::chrono::duration_cast<milliseconds>(*round.next - now), least_pause,
                          between_looks);
    }

    milliseconds fault(const Error& error) {
        if (trouble_ != error.text()) log::error("outbox: {}", error.text());
        trouble_ = error.text();
        life_->status(trouble_);
        return backoff_.next(spread_(random_));
    }

    void wait(milliseconds pause) {
        timer_.expires_after(pause);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) look();
        });
    }

    const Clock& clock_;
    store::Database database_;
    std::shared_ptr<const Senders> senders_;
    boost::asio::steady_timer timer_;
    std::unique_ptr<service::Life> life_;
    service::Metrics metrics_;
    service::Counter& sent_ = metrics_.counter("pbxctl_outbox_sent_total", "messages delivered");
    service::Counter& again_ =
        metrics_.counter("pbxctl_outbox_retries_total", "tries that failed, to be repeated");
    service::Counter& refused_ = metrics_.counter("pbxctl_outbox_refused_total", "messages given up");
    service::Gauge& waiting_ = metrics_.gauge("pbxctl_outbox_waiting", "messages not delivered yet");
    service::Gauge& oldest_ =
        metrics_.gauge("pbxctl_outbox_oldest_seconds", "age of the oldest message not delivered yet");
    std::minstd_rand random_{std::random_device{}()};
    std::uniform_real_distribution<double> spread_{0, 1};
    Backoff backoff_{first_trouble, longest_trouble};
    std::string trouble_;
    std::atomic<bool> stopping_ = false;
    bool busy_ = false;
    net::Pool pool_;  // the last: its thread ends before what it uses
};
}  // namespace

Result<int> serve_outbox(net::Loop& loop, const Context& context,
                         const std::function<Result<OutboxService>()>& read) {
    auto first = read();
    if (!first) return Unexpected(first.error());
    auto database = open_database(first->database);
    if (!database) return Unexpected(database.error());
    const auto health = first->health;
    Service service(loop, context, std::move(*first), std::move(*database));
    return service.run(loop, context, health, read);
}

}  // namespace pbx::oksana
