#include "numbering/service_questions.hpp"

#include "net/bell.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace pbx::numbering {

struct Questions::Flight {
    Heard heard{};
    std::vector<std::shared_ptr<net::Bell>> waiting{};
};

void Questions::use(std::shared_ptr<dns::LoopResolver> resolver, const CacheLimits& limits) {
    resolver_ = std::move(resolver);
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
        question = lookup.on(answer_);
    }
    return std::nullopt;
}

net::Task<Questions::Heard> Questions::ask(std::shared_ptr<Questions> self, dns::Question question,
                                           std::chrono::milliseconds limit) {
    const Cache::Key key(question);
    if (const auto found = self->flights_.find(std::string(key.view())); found != self->flights_.end()) {
        if (found->second->waiting.size() >= most_sharing) {
            ++self->counts_.turned_away;
            co_return Heard{.failure = Status::timeout};
        }
        ++self->counts_.shared;
        auto shared = co_await wait(found->second, self->executor_, limit);
        co_return shared;
    }
    const auto flight = std::make_shared<Flight>();
    const auto resolver = self->resolver_;
    self->flights_.emplace(key.view(), flight);
    ++self->counts_.asked;
    auto reply = co_await dns::LoopResolver::ask(resolver, question, limit);
    flight->heard = self->judge(key, std::move(reply), resolver == self->resolver_);
    self->land(key, flight);
    co_return flight->heard;
}

net::Task<Questions::Heard> Questions::wait(std::shared_ptr<Flight> flight, net::Executor executor,
                                            std::chrono::milliseconds limit) {
    const auto bell = std::make_shared<net::Bell>(std::move(executor));
    flight->waiting.push_back(bell);
    bool rung = co_await bell->wait(limit);
    co_return rung ? flight->heard : Heard{.failure = Status::timeout};
}

Questions::Heard Questions::judge(const Cache::Key& key, Result<dns::Reply> reply, bool keep) {
    if (!reply) {
        ++counts_.turned_away;
        return {.failure = Status::timeout};
    }
    const auto now = clock_.now();
    if (reply->outcome == dns::Outcome::answered) {
        if (keep) cache_.keep(key, reply->message, reply->answer, now);
        last_failure_ = Status::ok;
        return {.reply = std::make_shared<const dns::Reply>(std::move(*reply))};
    }
    const auto failure = reply->outcome == dns::Outcome::timed_out ? Status::timeout : Status::unreachable;
    if (keep) cache_.keep(key, failure, now);
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
