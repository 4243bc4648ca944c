#include "numbering/service_questions.hpp"

#include "net/bell.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace pbx::numbering {

struct Questions::Flight {
    Heard heard{};
    std::vector<std::shared_ptr<net::Bell>> waiting{};
    dns::Moment deadline{};
};

void Questions::use(std::shared_ptr<dns::LoopResolver> resolver,
                    std::shared_ptr<dns::LoopValidator> validator, const CacheLimits& limits,
                    std::chrono::milliseconds patience) {
    patience_ = patience;
    resolver_ = std::move(resolver);
    validator_ = std::move(validator);
    cache_.clear();
    cache_.limit(limits);
    flights_.clear();  // they land where they are waited for, and nowhere else
    last_failure_ = Status::ok;
}

std::optional<dns::Question> Questions::tell_kept(Lookup& lookup, std::optional<dns::Question> question) {
    const auto now = clock_.now();
    while (question) {
        const auto* kept = cache_.find(Cache::Key(*question), now);
        if (kept == nullptr) return question;
        if (kept->message.empty()) {
            question = lookup.on(kept->failure);
            continue;
        }
        if (!dns::decode(kept->message, *question, answer_)) return question;
        const auto age = kept->age(now);
        for (auto& record : answer_.naptrs)
            record.ttl -= std::min(record.ttl, age);
        answer_.ttl = std::min(answer_.ttl, kept->left(now));
        question = lookup.on(answer_, kept->security);
    }
    return std::nullopt;
}

net::Task<Questions::Heard> Questions::ask(std::shared_ptr<Questions> self, dns::Question question,
                                           std::chrono::milliseconds limit) {
    const Cache::Key key(question);
    const auto deadline = self->clock_.now() + limit;
    while (limit.count() > 0) {
        const auto found = self->flights_.find(std::string(key.view()));
        if (found == self->flights_.end()) break;
        const auto other = found->second;
        if (other->waiting.size() >= most_sharing) {
            ++self->counts_.turned_away;
            co_return Heard{.failure = Status::timeout};
        }
        ++self->counts_.shared;
        auto shared = co_await wait(other, self->executor_, limit);
        // who asked may have had less time than is left to us
        if (shared.failure != Status::timeout || other->deadline >= deadline) co_return shared;
        limit = std::chrono::ceil<std::chrono::milliseconds>(deadline - self->clock_.now());
    }
    if (limit.count() <= 0) co_return Heard{.failure = Status::timeout};
    const auto flight = std::make_shared<Flight>();
    const auto resolver = self->resolver_;
    flight->deadline = deadline;
    self->flights_.emplace(key.view(), flight);
    ++self->counts_.asked;
    auto fetching = fetch(resolver, self->validator_, &self->clock_, question, limit);
    auto reply = co_await std::move(fetching);
    flight->heard = self->judge(key, std::move(reply), resolver == self->resolver_, limit);
    self->land(key, flight);
    co_return flight->heard;
}

// Our own client asks first: it knows at once what is closed, silent or refuses, which libunbound does not
// tell.
net::Task<Result<dns::Reply>> Questions::fetch(std::shared_ptr<dns::LoopResolver> resolver,
                                               std::shared_ptr<dns::LoopValidator> validator,
                                               const Clock* clock, dns::Question question,
                                               std::chrono::milliseconds limit) {
    const auto deadline = clock->now() + limit;
    auto reply = co_await dns::LoopResolver::ask(resolver, question, limit);
    if (!validator || !reply || reply->outcome != dns::Outcome::answered) co_return reply;
    const auto rcode = reply->answer.rcode;
    const bool has_answer = rcode == dns::Rcode::no_error || rcode == dns::Rcode::no_such_name;
    if (!has_answer || !validator->covers(question.name)) co_return reply;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - clock->now());
    reply = co_await dns::LoopValidator::ask(validator, question, left);
    co_return reply;
}

net::Task<Questions::Heard> Questions::wait(std::shared_ptr<Flight> flight, net::Executor executor,
                                            std::chrono::milliseconds limit) {
    const auto bell = std::make_shared<net::Bell>(std::move(executor));
    flight->waiting.push_back(bell);
    bool rung = co_await bell->wait(limit);
    co_return rung ? flight->heard : Heard{.failure = Status::timeout};
}

Questions::Heard Questions::judge(const Cache::Key& key, Result<dns::Reply> reply, bool keep,
                                  std::chrono::milliseconds limit) {
    if (!reply) {
        ++counts_.turned_away;
        return {.failure = Status::timeout};
    }
    const auto now = clock_.now();
    if (reply->outcome == dns::Outcome::answered) {
        // bogus is not kept: a zone that was mended is good at once
        if (keep && reply->security != dns::Security::bogus)
            cache_.keep(key, reply->message, reply->answer, now, reply->security);
        last_failure_ = Status::ok;
        return {.reply = std::make_shared<const dns::Reply>(std::move(*reply))};
    }
    const auto failure = reply->outcome == dns::Outcome::timed_out ? Status::timeout : Status::unreachable;
    const bool hurried = failure == Status::timeout && limit < patience_ * 9 / 10;
    if (keep && !hurried) cache_.keep(key, failure, now);
    last_failure_ = failure;
    ++counts_.failed;
    return {.failure = failure};
}

void Questions::land(const Cache::Key& key, const std::shared_ptr<Flight>& flight) {
    const auto found = flights_.find(std::string(key.view()));
    if (found != flights_.end() && found->second == flight) flights_.erase(found);
    for (const auto& bell : flight->waiting)
        bell->ring();
}

}  // namespace pbx::numbering
