#include "numbering/cache.hpp"

#include <algorithm>
#include <utility>

namespace pbx::numbering {

using std::chrono::seconds;

namespace {
std::uint32_t whole_seconds(seconds time) {
    return static_cast<std::uint32_t>(std::clamp<seconds::rep>(time.count(), 0, UINT32_MAX));
}
}  // namespace

Cache::Key::Key(const dns::Question& question) {
    for (const auto octet : question.name.wire()) {
        const bool is_upper = octet >= 'A' && octet <= 'Z';  // lengths of labels are below
        octets_[size_++] = static_cast<char>(is_upper ? octet + ('a' - 'A') : octet);
    }
    const auto type = static_cast<std::uint16_t>(question.type);
    octets_[size_++] = static_cast<char>(type >> 8U);
    octets_[size_++] = static_cast<char>(type & 0xffU);
}

std::uint32_t Cache::Kept::age(Moment now) const {
    return whole_seconds(std::chrono::ceil<seconds>(now - since));
}

std::uint32_t Cache::Kept::left(Moment now) const {
    return whole_seconds(std::chrono::floor<seconds>(until - now));
}

seconds Cache::time_of(const dns::Answer& answer, const CacheLimits& limits) {
    const bool is_no = answer.rcode == dns::Rcode::no_such_name;
    // RFC 2181 9: what was cut is not kept; neither is nonsense. But it is not asked for by every call.
    if ((answer.rcode != dns::Rcode::no_error && !is_no) || answer.truncated || answer.cut ||
        answer.alias_loop)
        return std::min(trouble_time, limits.longest);
    const bool has_records = !answer.naptrs.empty() || !answer.texts.empty() || !answer.ebls.empty();
    return std::min({seconds(answer.ttl), limits.longest, has_records ? limits.longest : limits.longest_no});
}

const Cache::Kept* Cache::find(const Key& key, Moment now) {
    const auto place = places_.find(key.view());
    if (place != places_.end() && now < place->second->kept.until) {
        ++counts_.hits;
        entries_.splice(entries_.begin(), entries_, place->second);
        return &place->second->kept;
    }
    ++counts_.misses;
    if (place != places_.end()) drop(place->second);
    return nullptr;
}

void Cache::keep(const Key& key, std::span<const std::uint8_t> message, const dns::Answer& answer, Moment now,
                 dns::Security security) {
    if (message.empty()) return keep(key, Status::servfail, now);  // a validator had nothing to show
    put(key, {.message = {message.begin(), message.end()},
              .security = security,
              .since = now,
              .until = now + time_of(answer, limits_)});
}

void Cache::keep(const Key& key, Status failure, Moment now) {
    put(key, {.failure = failure, .since = now, .until = now + std::min(trouble_time, limits_.longest)});
}

void Cache::put(const Key& key, Kept kept) {
    if (const auto place = places_.find(key.view()); place != places_.end()) drop(place->second);
    if (kept.until <= kept.since) return;
    entries_.push_front({.key = std::string(key.view()), .kept = std::move(kept)});
    places_.emplace(entries_.front().key, entries_.begin());
    octets_ += cost(entries_.front());
    shrink();
}

void Cache::shrink() {
    while (!entries_.empty() && (entries_.size() > limits_.entries || octets_ > limits_.octets)) {
        drop(std::prev(entries_.end()));
        ++counts_.dropped;
    }
}

std::size_t Cache::cost(const Entry& entry) {
    return overhead + entry.key.size() + entry.kept.message.size();
}

void Cache::drop(Entries::iterator entry) {
    octets_ -= cost(*entry);
    places_.erase(entry->key);
    entries_.erase(entry);
}

void Cache::clear() {
    places_.clear();
    entries_.clear();
    octets_ = 0;
}

void Cache::limit(CacheLimits limits) {
    limits_ = limits;
    shrink();
}

}  // namespace pbx::numbering
