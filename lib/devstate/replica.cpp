#include "devstate/replica.hpp"

#include <algorithm>

namespace pbx::devstate {

namespace {
std::string key_of(const Item& item) {
    return (item.kind == Kind::lamp ? 'L' : 'P') + item.name;
}

bool is_stale(const Replica::Entry& known, const Item& item, std::uint64_t epoch, std::uint64_t seq) {
    if (epoch != known.epoch) return false;
    // a table that knew no number swept it away, and only now it comes
    const bool revives = known.gone && !item.gone;
    return seq < known.seq || (seq == known.seq && !revives);
}
}  // namespace

Item Replica::item_of(const Row& row) {
    const auto& [key, entry] = row;
    return {.kind = key.front() == 'L' ? Kind::lamp : Kind::presence,
            .name = key.substr(1),
            .state = entry.state,
            .presence = entry.presence,
            .gone = entry.gone};
}

void Replica::raise(std::uint64_t epoch) {
    if (epoch <= epoch_) return;
    epoch_ = epoch;
    current_ = 0;
    complete_.reset();
}

void Replica::restart(std::uint64_t epoch) {
    epoch_ = epoch;
    current_ = 0;
    complete_.reset();
    for (auto& [key, entry] : rows_)
        entry.epoch = 0;
}

void Replica::move_to_end(Row& row, std::uint64_t stamp) {
    auto node = order_.extract(row.second.stamp);
    row.second.stamp = stamp;
    if (node.empty()) {
        order_.emplace_hint(order_.end(), stamp, &row);
        return;
    }
    node.key() = stamp;
    order_.insert(order_.end(), std::move(node));
}

Taken Replica::take(const Item& item, std::uint64_t epoch, std::uint64_t seq, std::uint64_t stamp,
                    const Row** row) {
    if (epoch < epoch_) return Taken::stale;
    raise(epoch);
    auto key = key_of(item);
    auto found = rows_.find(key);
    const bool fresh = found == rows_.end();
    if (!fresh && is_stale(found->second, item, epoch, seq)) return Taken::stale;
    const bool counted = !fresh && found->second.epoch == epoch && !found->second.gone;
    if (!item.gone && !counted && current_ >= most_) return Taken::full;
    if (fresh) {
        if (rows_.size() >= 2 * most_ + most_gone) return Taken::full;
        found = rows_.emplace(std::move(key), Entry{.id = next_id_++}).first;
    }
    auto& entry = found->second;
    if (counted) --current_;
    if (!item.gone) ++current_;
    const bool changed =
        fresh ? !item.gone
              : entry.gone != item.gone ||
                    (!item.gone && (entry.state != item.state || entry.presence != item.presence));
    if (!fresh && entry.gone) --gone_;
    if (item.gone) ++gone_;
    entry.epoch = epoch;
    entry.seq = seq;
    entry.gone = item.gone;
    if (!item.gone) {
        entry.state = item.state;
        entry.presence = item.presence;
    }
    move_to_end(*found, stamp);
    if (row != nullptr) *row = &*found;
    return changed ? Taken::changed : Taken::same;
}

void Replica::complete_to(std::uint64_t seq) {
    complete_ = std::max(complete_.value_or(0), seq);
}

const Replica::Row* Replica::find(const Item& item) const {
    const auto found = rows_.find(key_of(item));
    return found == rows_.end() ? nullptr : &*found;
}

void Replica::mark(Seen& seen, const Row& row) const {
    if (seen.size() < next_id_) seen.resize(next_id_);
    seen[row.second.id] = true;
}

void Replica::sweep(const Seen& seen, const Younger& younger, std::uint64_t& stamp,
                    const std::function<void(const Row&)>& gone) {
    std::vector<Row*> unseen;
    for (auto& row : rows_) {
        const auto& entry = row.second;
        const bool named = entry.id < seen.size() && seen[entry.id];
        const bool newer = entry.epoch == epoch_ && ((younger.seq && entry.seq > *younger.seq) ||
                                                     (younger.after && entry.stamp > *younger.after));
        if (!named && !newer && !entry.gone) unseen.push_back(&row);
    }
    for (auto* row : unseen) {
        auto& entry = row->second;
        entry.gone = true;
        ++gone_;
        if (entry.epoch == epoch_) {
            --current_;
            entry.seq = younger.seq.value_or(entry.seq);
            move_to_end(*row, ++stamp);
        }
        gone(*row);
    }
    drop_gone(true);
}

void Replica::drop_gone(bool only_old) {
    for (auto at = rows_.begin(); at != rows_.end();) {
        if (!at->second.gone || (only_old && at->second.epoch == epoch_)) {
            ++at;
            continue;
        }
        order_.erase(at->second.stamp);
        --gone_;
        at = rows_.erase(at);
    }
}

const Replica::Row* Replica::after(std::uint64_t stamp) const {
    const auto found = order_.upper_bound(stamp);
    return found == order_.end() ? nullptr : found->second;
}

void Replica::for_each(const std::function<void(const Row&)>& each) const {
    for (const auto& [stamp, row] : order_)
        if (!row->second.gone) each(*row);
}

Tally Replica::tally() const {
    Tally out;
    for (const auto& [key, entry] : rows_) {
        if (entry.gone) continue;
        if (key.front() == 'L')
            out.add(entry.state);
        else
            ++out.presences;
    }
    return out;
}

void Replica::renew(std::uint64_t epoch) {
    epoch_ = epoch;
    drop_gone(false);
    for (auto& [key, entry] : rows_)
        entry.epoch = epoch;
    current_ = rows_.size();
}

}  // namespace pbx::devstate
