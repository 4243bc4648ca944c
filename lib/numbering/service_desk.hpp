// The desk of the service: takes one caller's request after the other, looks its number up, and counts. How
// requests come and how answers are written is the doors' business (service_http, service_agi).
#pragma once

#include "net/pool.hpp"
#include "numbering/channel.hpp"
#include "numbering/number.hpp"
#include "numbering/request.hpp"
#include "numbering/service_questions.hpp"
#include "service/metrics.hpp"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace pbx::numbering {

// Takes out of an outcome what is not signed. It blocks, and so runs on a thread.
using Verify = std::function<Result<void>(Outcome&, std::string_view digits, dns::Moment deadline)>;

// What is read anew at HUP.
struct DeskSettings {
    LookupSettings lookup{};
    CacheLimits cache{};
    Verify verify{};  // empty: records are taken as they come
};

// What all lookups between two HUPs share.
struct Rules {
    explicit Rules(DeskSettings settings);
    DeskSettings desk;
    Order one;  // for requests that want a single URI
    Order all;
    Rewriter rewriter;
};

// One request and what came of it.
struct Job {
    Job(std::shared_ptr<Rules> by, Request what);
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    [[nodiscard]] const Outcome& outcome() const { return checked ? *checked : lookup.outcome(); }
    [[nodiscard]] Found found() const;

    std::shared_ptr<Rules> rules;
    Request request;
    std::optional<Order> own;  // when the request names services
    Lookup lookup;
    std::string number{};              // as it was asked
    std::optional<Outcome> checked{};  // by Verify
    std::optional<Error> refused{};    // no number, or it could not be verified; then there is no outcome
    std::chrono::nanoseconds took{};
};

class Desk : public std::enable_shared_from_this<Desk> {
  public:
    static constexpr std::size_t most_unverified = 256;  // lookups that wait for Verify

    Desk(net::Loop& loop, const Clock& clock, service::Metrics& metrics);

    [[nodiscard]] Result<void> use(DeskSettings settings);
    [[nodiscard]] static net::Task<std::unique_ptr<Job>> look_up(std::shared_ptr<Desk> self, Request request);

    // For as long as it lives, somebody is being served.
    class Visit {
      public:
        explicit Visit(std::shared_ptr<Desk> desk) : desk_(std::move(desk)) { ++desk_->visits_; }
        ~Visit();
        Visit(const Visit&) = delete;
        Visit& operator=(const Visit&) = delete;

      private:
        std::shared_ptr<Desk> desk_;
    };
    [[nodiscard]] std::size_t visits() const { return visits_; }
    void on_empty(std::function<void()> handler) { on_empty_ = std::move(handler); }

    void count();  // brings the metrics up to date
    // After a failure, once a second or so: asks for the tree's own name, by which a number's trouble is told
    // from that of all, and without callers it is found out that it is over.
    void ask_again();
    [[nodiscard]] std::string trouble() const;  // one line; empty: name servers answer
    [[nodiscard]] std::string summary() const;  // for systemctl status

  private:
    static constexpr std::size_t statuses = static_cast<std::size_t>(Status::bogus) + 1;

    [[nodiscard]] static net::Task<void> probe(std::shared_ptr<Desk> self);
    [[nodiscard]] static net::Task<void> verify(std::shared_ptr<Desk> self, Job* job, dns::Moment deadline);
    void account(const Job& job);
    void doubt();

    net::Loop& loop_;
    const Clock& clock_;
    std::shared_ptr<Rules> rules_;
    std::shared_ptr<Questions> questions_;
    std::size_t visits_ = 0;
    std::function<void()> on_empty_;
    bool probing_ = false;
    Status trouble_ = Status::ok;  // of the tree's own name
    std::uint64_t lookups_ = 0;

    std::array<service::Counter*, statuses> outcomes_{};
    service::Counter &refused_, &hits_, &misses_, &dropped_, &asked_, &shared_, &failed_, &turned_away_;
    service::Gauge &entries_, &octets_;
    service::Histogram& time_;
    Cache::Counts cache_seen_;
    Questions::Counts questions_seen_;
    net::Pool pool_;  // the last: its thread ends before what it uses
};

}  // namespace pbx::numbering
