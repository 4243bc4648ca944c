#include "devstate/contest.hpp"

#include <algorithm>

namespace pbx::devstate {

namespace {
constexpr unsigned most_rights = 3;
constexpr std::chrono::seconds rights_time{10}, alone_time{60};
constexpr std::size_t least_sweep = 1'000;
constexpr std::size_t most_left = 1'000;  // to be told of at once
}  // namespace

bool Contests::may_put_right(const std::string& device, Moment now) {
    if (all_.size() >= least_sweep && !all_.contains(device))
        std::erase_if(all_, [now](const auto& one) {
            return !one.second.alone_until && now - one.second.since > rights_time;
        });
    auto& contest = all_[device];
    if (contest.alone_until) return false;
    if (now - contest.since > rights_time) contest = {.since = now};
    if (++contest.rights <= most_rights) return true;
    contest.alone_until = now + alone_time;
    alone_.emplace_back(*contest.alone_until, device);
    if (left_.size() < most_left) left_.push_back(device);
    return false;
}

void Contests::clear() {
    all_.clear();
    alone_.clear();
}

std::optional<std::string> Contests::next_over(Moment now) {
    while (!alone_.empty() && now >= alone_.front().first) {
        auto [until, device] = std::move(alone_.front());
        alone_.pop_front();
        const auto contest = all_.find(device);
        if (contest == all_.end() || contest->second.alone_until != until) continue;
        all_.erase(contest);
        return std::move(device);
    }
    return std::nullopt;
}

std::optional<Moment> Contests::wake_at() const {
    return alone_.empty() ? std::nullopt : std::optional(alone_.front().first);
}

}  // namespace pbx::devstate
