#include "numbering/service.hpp"

#include "agi/fastagi.hpp"
#include "core/log.hpp"
#include "numbering/service_agi.hpp"
#include "numbering/service_http.hpp"
#include "service/health.hpp"
#include "service/life.hpp"
#include "service/sockets.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include <boost/asio/steady_timer.hpp>

namespace pbx::numbering {

namespace {
constexpr std::chrono::seconds between_ticks{1};
constexpr std::size_t most_body = 1024;  // of an HTTP request: it has no use for one
constexpr net::milliseconds answer_limit{5'000};

// Where callers come in. Of one kind all count together.
struct Door {
    std::string_view name;
    std::unique_ptr<net::Listener> listener;
    service::Counter& turned_away;
    std::uint64_t turned_away_seen = 0;
};

bool is_same(const net::ListenOptions& a, const net::ListenOptions& b) {
    return a.address == b.address && a.port == b.port && a.inherited == b.inherited;
}

bool answers_at_the_same(const LookupService& a, const LookupService& b) {
    const bool same_health =
        a.health && b.health ? is_same(*a.health, *b.health) : a.health.has_value() == b.health.has_value();
    return same_health && std::equal(a.agi.begin(), a.agi.end(), b.agi.begin(), b.agi.end(), is_same) &&
           std::equal(a.http.begin(), a.http.end(), b.http.begin(), b.http.end(), is_same);
}

class Service {
  public:
    Service(net::Loop& loop, const Context& context)
        : loop_(loop),
          desk_(std::make_shared<Desk>(loop, context.clock, metrics_)),
          agi_requests_(requests("fastagi")),
          http_requests_(requests("http")),
          timer_(loop.executor()) {}

    [[nodiscard]] Result<int> run(const Context& context, LookupService first,
                                  const std::function<Result<LookupService>()>& read) {
        auto life = service::Life::begin(
            loop_, context, {.reload = [this, &read] { return reload(read); }, .stop = [this] { stop(); }});
        if (!life) return Unexpected(life.error());
        life_ = std::move(*life);
        if (auto used = desk_->use(std::move(first.desk)); !used) return Unexpected(used.error());
        begun_ = {.agi = first.agi, .http = first.http, .health = first.health};
        take_passed(context, first);
        if (auto opened = open_doors(first); !opened) return Unexpected(opened.error());
        loop_.post([this] {
            life_->ready();
            tick();
        });
        loop_.run();
        return life_->exit_status();
    }

  private:
    service::Counter& requests(const char* door) {
        return metrics_.counter("pbxctl_enum_requests_total", "requests by the door they came in",
                                {{"door", door}});
    }

    static void take_passed(const Context& context, LookupService& service) {
        const auto sockets = service::passed_sockets(context.environment);
        const auto named = [&](std::string_view name) -> std::optional<net::ListenOptions> {
            for (const auto& socket : sockets)
                if (socket.name == name) return net::ListenOptions{.inherited = socket.descriptor};
            return std::nullopt;
        };
        if (const int agi = service::passed_socket(sockets, "agi"); agi >= 0)
            service.agi.push_back({.inherited = agi});
        if (auto http = named("http")) service.http.push_back(std::move(*http));
        if (auto health = named("health")) service.health = std::move(*health);
    }

    [[nodiscard]] Result<void> open_doors(LookupService& service) {
        if (service.agi.empty() && service.http.empty())
            return fail(Code::config, "nowhere to listen", "enum lookup --serve",
                        "--listen 127.0.0.1:4573, --http 127.0.0.1:8053, or [enum] listen and http");
        for (const auto& address : service.agi)
            if (auto added = add("fastagi", open_agi(address), address); !added) return added;
        for (const auto& address : service.http)
            if (auto added = add("http", open_http(address), address); !added) return added;
        if (!service.health) return {};
        auto monitor = service::serve_health(loop_.executor(),
                                             {.listen = *service.health,
                                              .trouble = [this] { return desk_->trouble(); },
                                              .refresh = [this] { count(); }},
                                             metrics_);
        if (!monitor) return Unexpected(monitor.error());
        monitor_ = std::move(*monitor);
        return {};
    }

    Result<void> add(std::string_view name, Result<std::unique_ptr<net::Listener>> door,
                     const net::ListenOptions& address) {
        if (!door) return Unexpected(door.error());
        log::info("enum: {} on {}:{}", name, address.inherited ? "a socket passed to us" : address.address,
                  (*door)->port());
        auto& turned_away =
            metrics_.counter("pbxctl_enum_connections_refused_total",
                             "connections over the limit of an address", {{"door", std::string(name)}});
        doors_.push_back({.name = name, .listener = std::move(*door), .turned_away = turned_away});
        return {};
    }

    void count() {
        desk_->count();
        for (auto& door : doors_) {
            const auto refused = door.listener->refused();
            const auto more = refused - std::exchange(door.turned_away_seen, refused);
            if (more > 0)
                log::warning("enum: {}: {} connections over the limit were closed", door.name, more);
            door.turned_away.add(more);
        }
    }

    Result<std::unique_ptr<net::Listener>> open_agi(net::ListenOptions address) {
        return agi::serve_fastagi(loop_.executor(),
                                  {.listen = std::move(address), .session = {.answer_limit = answer_limit}},
                                  [this](std::shared_ptr<agi::Session> session) {
                                      agi_requests_.add();
                                      return answer_agi(desk_, std::move(session));
                                  });
    }

    Result<std::unique_ptr<net::Listener>> open_http(net::ListenOptions address) {
        net::HttpTask handler = [this](net::HttpRequest request) {
            http_requests_.add();
            return answer_http(desk_, std::move(request));
        };
        return net::serve_http(loop_.executor(), {.listen = std::move(address), .max_body = most_body},
                               std::move(handler));
    }

    Result<void> reload(const std::function<Result<LookupService>()>& read) {
        auto fresh = read();
        if (!fresh) return Unexpected(fresh.error());
        if (!answers_at_the_same(*fresh, begun_))
            log::warning(
                "enum: [enum] listen and http and [service] health_listen have changed, but are read at "
                "the start only: restart");
        return desk_->use(std::move(fresh->desk));
    }

    // Posted: what was just looked up is still to be written.
    void stop() {
        doors_.clear();
        timer_.cancel();
        desk_->on_empty([this] { loop_.post([this] { life_->finished(); }); });
        if (desk_->visits() == 0) life_->finished();
    }

    void tick() {
        if (life_->stopping()) return;
        count();
        desk_->ask_again();
        if (auto trouble = desk_->trouble(); trouble != trouble_) {
            if (trouble.empty())
                log::warning("enum: name servers answer again");
            else
                log::error("{}", trouble);
            trouble_ = std::move(trouble);
        }
        life_->status(trouble_.empty() ? desk_->summary() : trouble_);
        timer_.expires_after(between_ticks);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) tick();
        });
    }

    net::Loop& loop_;
    service::Metrics metrics_;
    std::shared_ptr<Desk> desk_;
    service::Counter &agi_requests_, &http_requests_;
    boost::asio::steady_timer timer_;
    std::unique_ptr<service::Life> life_;
    std::vector<Door> doors_;
    LookupService begun_;  // its addresses
    std::unique_ptr<net::Listener> monitor_;
    std::string trouble_;
};
}  // namespace

Result<int> serve_lookups(net::Loop& loop, const Context& context,
                          const std::function<Result<LookupService>()>& read) {
    auto first = read();
    if (!first) return Unexpected(first.error());
    Service service(loop, context);
    return service.run(context, std::move(*first), read);
}

}  // namespace pbx::numbering
