#include "devstate/offers.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <tuple>

namespace pbx::devstate {

namespace {
// Names that were complained of once are remembered so long.
constexpr std::size_t most_remembered = 10'000;
// Things that wait for a name another has; over so many they take it only when they change.
constexpr std::size_t most_waiting = 20'000;
}  // namespace

void Offers::change(Rules rules, NameTemplate names) {
    rules_ = std::move(rules);
    names_ = std::move(names);
    refused_.clear();
}

// "Custom:101*b", "101*b@lamps", "CustomPresence:101*b": shown here for another server, never told to others.
bool Offers::is_remote_lamp(const Local& local) const {
    std::string_view name = local.name;
    const auto cut = local.kind == Local::Kind::extension || local.kind == Local::Kind::mailbox
                         ? std::string_view::npos
                         : name.find(':');
    if (cut != std::string_view::npos) name.remove_prefix(cut + 1);
    if (names_.decode(name)) return true;
    const auto context = name.rfind('@');
    return context != std::string_view::npos && names_.decode(name.substr(0, context)).has_value();
}

// "PJSIP/101&Custom:101*b": told to b, which has such a hint too, it would hold both lit for ever.
bool Offers::names_remote_lamp(std::string_view hint) const {
    for (const auto part : text::split(hint, ','))
        for (const auto device : text::split(part, '&'))
            if (names_.decode(text::trim(device.substr(device.find(':') + 1)))) return true;
    return false;
}

void Offers::remark(const std::string& name, std::string text) {
    if (refused_.size() < most_remembered && refused_.insert(name).second)
        remarks_.push_back(std::move(text));
}

std::vector<Item> Offers::table(std::span<const Local> locals) {
    owners_.clear();
    waiting_.clear();
    waits_ = 0;
    std::map<std::pair<Kind, std::string>, Item> found;
    for (const auto& local : locals) {
        auto item = on(local);
        if (item && !item->gone) found[{item->kind, item->name}] = std::move(*item);
    }
    std::vector<Item> out;
    out.reserve(found.size());
    for (auto& [key, item] : found)
        out.push_back(std::move(item));
    return out;
}

std::optional<Item> Offers::on(const Local& local) {
    if (is_remote_lamp(local)) return std::nullopt;
    auto sent = rules_.send(local);
    if (!sent) return std::nullopt;
    auto& item = sent->item;
    const auto thing = std::string(name_of(local.kind)) + " " + local.name;
    auto fault = fault_of_name(item.name);
    if (item.presence.size() > max_presence_text)
        fault = "a presence longer than " + std::to_string(max_presence_text) + " bytes";
    if (!text::is_plain_line(item.presence) || !text::is_utf8(item.presence))
        fault = "a presence with control bytes, or not UTF-8";
    if (!fault.empty()) {
        remark(thing, thing + " isn't told to others: " + fault);
        return std::nullopt;
    }
    if (names_remote_lamp(local.hint)) {
        remark(thing,
               thing + " isn't told to others: its hint names a lamp of another server: " + local.hint);
        if (!owners_.contains({item.kind, item.name})) return std::nullopt;
        item.gone = true;
    }
    Claim claim{.thing = thing, .rule = sent->rule, .state = item.state, .presence = item.presence};
    return settle(std::move(claim), std::move(item));
}

// Who has the name, who had it, and who is to wait for it.
std::optional<Item> Offers::settle(Claim claim, Item item) {
    const Key key(item.kind, item.name);
    const auto owner = owners_.find(key);
    if (owner == owners_.end()) {
        if (!item.gone) owners_.emplace(key, std::move(claim));
        return item;
    }
    if (owner->second.thing == claim.thing) {
        if (item.gone) return hand_over(owner, std::move(item));
        owner->second = std::move(claim);
        return item;
    }
    if (item.gone) {
        forget(key, claim.thing);
        return std::nullopt;
    }
    const bool goes_before = claim.rule < owner->second.rule;
    auto& loser = goes_before ? owner->second : claim;
    const auto& winner = goes_before ? claim : owner->second;
    remark(loser.thing + " " + item.name,
           loser.thing + " isn't told to others as " + item.name + ": " + winner.thing + " is");
    forget(key, claim.thing);
    if (goes_before) std::swap(owner->second, claim);
    wait(key, std::move(claim));
    if (!goes_before) return std::nullopt;
    return item;
}

void Offers::forget(const Key& key, const std::string& thing) {
    const auto found = waiting_.find(key);
    if (found == waiting_.end()) return;
    waits_ -= std::erase_if(found->second, [&thing](const Claim& one) { return one.thing == thing; });
    if (found->second.empty()) waiting_.erase(found);
}

void Offers::wait(const Key& key, Claim claim) {
    if (waits_ >= most_waiting) return;
    ++waits_;
    auto& line = waiting_[key];
    const auto order = [](const Claim& one) { return std::tie(one.rule, one.thing); };
    const auto at = std::find_if(line.begin(), line.end(),
                                 [&](const Claim& other) { return order(claim) < order(other); });
    line.insert(at, std::move(claim));
}

Item Offers::hand_over(std::map<Key, Claim>::iterator owner, Item gone) {
    const auto line = waiting_.find(owner->first);
    if (line == waiting_.end()) {
        owners_.erase(owner);
        return gone;
    }
    owner->second = line->second.front();
    forget(owner->first, owner->second.thing);
    return {.kind = gone.kind,
            .name = gone.name,
            .state = owner->second.state,
            .presence = owner->second.presence};
}

}  // namespace pbx::devstate
