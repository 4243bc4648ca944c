// What name servers answered, kept for as long as it may be (RFC 1035 7.4, RFC 2181 5.2): a "no" as well as
// records (RFC 2308), and for a second that there was trouble (RFC 9520). Bounded in entries and octets: what
// was used longest ago goes first. Time is the caller's; nothing is asked here.
#pragma once

#include "dns/codec.hpp"
#include "dns/exchange.hpp"
#include "numbering/status.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pbx::numbering {

struct CacheLimits {
    std::size_t entries = 100'000;
    std::size_t octets = 64 * 1024 * 1024;
    std::chrono::seconds longest{24 * 60 * 60};    // of records; 0: nothing is kept
    std::chrono::seconds longest_no{3 * 60 * 60};  // RFC 2308 5: one to three hours work well
};

class Cache {
  public:
    using Moment = dns::Moment;
    static constexpr std::chrono::seconds trouble_time{1};  // RFC 9520 3.2: at least that, at most 5 minutes

    // A question, without the case of its letters.
    class Key {
      public:
        explicit Key(const dns::Question& question);
        [[nodiscard]] std::string_view view() const { return {octets_.data(), size_}; }

      private:
        std::array<char, dns::max_name + 2> octets_;
        std::size_t size_ = 0;
    };

    struct Kept {
        std::vector<std::uint8_t> message{};  // whole, as it came; empty: `failure`
        Status failure = Status::ok;
        dns::Security security = dns::Security::indeterminate;
        Moment since{}, until{};

        // Seconds that have gone and that are left; rounded so that nobody keeps it longer than we do.
        [[nodiscard]] std::uint32_t age(Moment now) const;
        [[nodiscard]] std::uint32_t left(Moment now) const;
    };

    struct Counts {
        std::uint64_t hits = 0, misses = 0;
        std::uint64_t dropped = 0;  // before their time, for want of room
    };

    explicit Cache(CacheLimits limits = {}) : limits_(limits) {}

    // Good until the next call that is not const; nothing: to be asked.
    [[nodiscard]] const Kept* find(const Key& key, Moment now);
    // `answer` is what `message` says.
    void keep(const Key& key, std::span<const std::uint8_t> message, const dns::Answer& answer, Moment now,
              dns::Security security = dns::Security::indeterminate);
    void keep(const Key& key, Status failure, Moment now);
    void clear();
    void limit(CacheLimits limits);

    [[nodiscard]] std::size_t entries() const { return places_.size(); }
    [[nodiscard]] std::size_t octets() const { return octets_; }
    [[nodiscard]] const Counts& counts() const { return counts_; }

    // How long an answer is kept.
    [[nodiscard]] static std::chrono::seconds time_of(const dns::Answer& answer, const CacheLimits& limits);

  private:
    struct Entry {
        std::string key;
        Kept kept;
    };
    using Entries = std::list<Entry>;             // used last at the front
    static constexpr std::size_t overhead = 256;  // of an entry: list, table, allocator

    [[nodiscard]] static std::size_t cost(const Entry& entry);
    void put(const Key& key, Kept kept);
    void drop(Entries::iterator entry);
    void shrink();

    CacheLimits limits_;
    Entries entries_;
    std::unordered_map<std::string_view, Entries::iterator> places_;  // views of the entries' keys
    std::size_t octets_ = 0;
    Counts counts_;
};

}  // namespace pbx::numbering
