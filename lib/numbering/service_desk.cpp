#include "numbering/service_desk.hpp"

#include "core/log.hpp"

#include <memory>
#include <utility>

#include <fmt/format.h>

namespace pbx::numbering {

using std::chrono::milliseconds;

namespace {
// Seconds. A hit in the cache is in the first.
const std::vector<double> time_bounds{0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3};

constexpr std::size_t source_ports = 8;  // three bits more that a forger must hit

Order with_enough(Order order, std::size_t enough) {
    order.enough = enough;
    return order;
}

std::optional<Order> own_order(const Rules& rules, const Request& request) {
    if (!request.service) return std::nullopt;
    auto out = rules.all;
    const bool last_part = out.wanted.last_part;
    out.wanted = *request.service;
    out.wanted.last_part = last_part;
    return out;
}

bool wants_one(const Request& request) {
    using Print = Request::Print;
    const bool field = request.print == Print::uri || request.print == Print::status;
    return field && !request.json && request.record == 1;
}

milliseconds time_until(dns::Moment deadline, dns::Moment now) {
    return std::chrono::ceil<milliseconds>(deadline - now);
}

// Counters only grow, and so does what is counted.
void follow(service::Counter& counter, std::uint64_t& seen, std::uint64_t now) {
    counter.add(now - seen);
    seen = now;
}

// Nothing when nothing is validated.
Result<std::shared_ptr<dns::LoopValidator>> open_validator(net::Loop& loop, const LookupSettings& settings,
                                                           const Clock& clock) {
    if (settings.trust_anchor.empty()) return nullptr;
    return dns::LoopValidator::open(loop.executor(),
                                    {.servers = settings.servers, .anchors = settings.trust_anchor}, clock);
}
}  // namespace

Rules::Rules(DeskSettings settings)
    : desk(std::move(settings)),
      one(with_enough(desk.lookup.order, 1)),
      all(with_enough(desk.lookup.order, max_channel_uris)),
      rewriter(desk.lookup.reading) {}

Job::Job(std::shared_ptr<Rules> by, Request what)
    : rules(std::move(by)),
      request(std::move(what)),
      own(own_order(*rules, request)),
      lookup(own ? *own : (wants_one(request) ? rules->one : rules->all), rules->rewriter) {}

Found Job::found() const {
    const auto& settings = rules->desk.lookup;
    return {.outcome = outcome(),
            .settings = settings,
            .form = request.dial ? request.dial : settings.dial,
            .number = number,
            .record = request.record};
}

Desk::Desk(net::Loop& loop, const Clock& clock, service::Metrics& metrics)
    : loop_(loop),
      clock_(clock),
      questions_(std::make_shared<Questions>(loop.executor(), clock)),
      refused_(metrics.counter("pbxctl_enum_refused_total", "requests without a telephone number")),
      hits_(metrics.counter("pbxctl_enum_cache_hits_total", "questions answered out of the cache")),
      misses_(metrics.counter("pbxctl_enum_cache_misses_total", "questions the cache could not answer")),
      dropped_(metrics.counter("pbxctl_enum_cache_dropped_total", "answers dropped for want of room")),
      asked_(metrics.counter("pbxctl_enum_questions_total", "questions asked of name servers")),
      shared_(
          metrics.counter("pbxctl_enum_questions_shared_total", "questions that were on their way already")),
      failed_(metrics.counter("pbxctl_enum_questions_failed_total", "questions no name server answered")),
      turned_away_(metrics.counter("pbxctl_enum_questions_refused_total", "questions over the limit")),
      entries_(metrics.gauge("pbxctl_enum_cache_entries", "answers in the cache")),
      octets_(metrics.gauge("pbxctl_enum_cache_bytes", "memory of the cache")),
      time_(metrics.histogram("pbxctl_enum_lookup_seconds", "time of one lookup", time_bounds)),
      pool_(loop, 1, most_unverified) {
    for (std::size_t i = 0; i < statuses; ++i)
        outcomes_[i] = &metrics.counter("pbxctl_enum_lookups_total", "lookups by their outcome",
                                        {{"status", std::string(name_of(static_cast<Status>(i)))}});
}

Result<void> Desk::use(DeskSettings settings) {
    auto client = client_settings(settings.lookup);
    client.window = Questions::most_open;
    client.exchange.lanes = source_ports;
    auto resolver = dns::LoopResolver::open(loop_.executor(), client, clock_);
    if (!resolver) return Unexpected(resolver.error());
    auto validator = open_validator(loop_, settings.lookup, clock_);
    if (!validator) return Unexpected(validator.error());
    questions_->use(std::move(*resolver), std::move(*validator), settings.cache, settings.lookup.timeout);
    rules_ = std::make_shared<Rules>(std::move(settings));
    trouble_ = Status::ok;
    return {};
}

net::Task<std::unique_ptr<Job>> Desk::look_up(std::shared_ptr<Desk> self, Request request) {
    auto job = std::make_unique<Job>(self->rules_, std::move(request));
    auto number = parse_number(job->request.number, job->rules->desk.lookup.plan);
    if (!number) {
        job->refused = std::move(number.error());
        self->refused_.add();
        co_return job;
    }
    const auto began = self->clock_.now();
    const auto deadline = began + job->rules->desk.lookup.timeout;
    job->number = number->text();
    auto question = self->questions_->tell_kept(job->lookup, job->lookup.start(std::move(*number)));
    while (question) {
        const auto limit = time_until(deadline, self->clock_.now());
        if (limit.count() <= 0) {
            question = job->lookup.on(Status::timeout);
            continue;
        }
        auto asking = Questions::ask(self->questions_, *question, limit);
        auto heard = co_await std::move(asking);
        question = self->questions_->tell_kept(
            job->lookup, heard.reply ? job->lookup.on(*heard.reply) : job->lookup.on(heard.failure));
    }
    if (job->rules->desk.verify && !job->outcome().uris.empty()) {
        auto verifying = verify(self, job.get(), deadline);
        co_await std::move(verifying);
    }
    job->took = self->clock_.now() - began;
    self->account(*job);
    self->doubt();
    co_return job;
}

net::Task<void> Desk::verify(std::shared_ptr<Desk> self, Job* job, dns::Moment deadline) {
    // the thread has a copy of its own
    auto work = [verify = job->rules->desk.verify, outcome = job->outcome(),
                 digits = std::string(job->lookup.number().digits()), deadline]() mutable -> Result<Outcome> {
        auto kept = verify(outcome, digits, deadline);
        if (!kept) return Unexpected(kept.error());
        return std::move(outcome);
    };
    auto running = self->pool_.run(std::move(work));
    auto checked = co_await std::move(running);
    if (checked)
        job->checked = std::move(*checked);
    else
        job->refused = std::move(checked.error());
}

void Desk::account(const Job& job) {
    ++lookups_;
    time_.observe(std::chrono::duration<double>(job.took).count());
    if (job.refused) return refused_.add();
    outcomes_[static_cast<std::size_t>(job.found().status())]->add();
}

Desk::Visit::~Visit() {
    if (--desk_->visits_ == 0 && desk_->on_empty_) desk_->on_empty_();
}

void Desk::count() {
    const auto& cache = questions_->cache();
    const auto& questions = questions_->counts();
    follow(hits_, cache_seen_.hits, cache.counts().hits);
    follow(misses_, cache_seen_.misses, cache.counts().misses);
    follow(dropped_, cache_seen_.dropped, cache.counts().dropped);
    follow(asked_, questions_seen_.asked, questions.asked);
    follow(shared_, questions_seen_.shared, questions.shared);
    follow(failed_, questions_seen_.failed, questions.failed);
    follow(turned_away_, questions_seen_.turned_away, questions.turned_away);
    entries_.set(static_cast<double>(cache.entries()));
    octets_.set(static_cast<double>(cache.octets()));
}

// One number's own servers may be dead: who answers at all is asked at once.
void Desk::doubt() {
    if (questions_->last_failure() == Status::ok)
        trouble_ = Status::ok;
    else if (trouble_ == Status::ok)
        ask_again();
}

void Desk::ask_again() {
    if (questions_->last_failure() == Status::ok || probing_) return;
    probing_ = true;
    loop_.spawn(probe(shared_from_this()));
}

net::Task<void> Desk::probe(std::shared_ptr<Desk> self) {
    const auto rules = self->rules_;
    const dns::Question question{.name = rules->desk.lookup.order.suffixes.front()};
    auto asking = Questions::ask(self->questions_, question, rules->desk.lookup.timeout);
    auto heard = co_await std::move(asking);
    self->probing_ = false;
    if (rules == self->rules_) self->trouble_ = heard.reply ? Status::ok : heard.failure;
}

std::string Desk::trouble() const {
    if (trouble_ == Status::ok || questions_->last_failure() == Status::ok) return {};
    return error_of(trouble_, *rules_->desk.lookup.profile, "enum").text();
}

std::string Desk::summary() const {
    return fmt::format("{} lookups, {} of {} questions out of the cache of {}", lookups_, hits_.value(),
                       hits_.value() + misses_.value(), questions_->cache().entries());
}

}  // namespace pbx::numbering
