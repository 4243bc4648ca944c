#include "devstate/rules.hpp"

#include "devstate/frame.hpp"

#include <algorithm>
#include <array>

namespace pbx::devstate {

namespace {
constexpr std::array<std::string_view, 7> presence_words{"not_set", "unavailable", "available", "away",
                                                         "xa",      "chat",        "dnd"};

// "101@internal" -> "101": an extension is asked for without its context.
std::string_view plain_name(const Local& local) {
    const std::string_view name = local.name;
    const bool has_context = local.kind == Local::Kind::extension || local.kind == Local::Kind::mailbox;
    return has_context ? name.substr(0, name.find('@')) : name;
}

std::string filled(std::string_view as, std::string_view part, std::string_view name,
                   std::string_view server) {
    std::string out;
    for (std::size_t i = 0; i < as.size();) {
        const auto rest = as.substr(i);
        const auto put = [&](std::string_view word, std::string_view value) {
            if (!rest.starts_with(word)) return false;
            out.append(value);
            i += word.size();
            return true;
        };
        if (put("{1}", part) || put("{name}", name) || put("{server}", server)) continue;
        out.push_back(as[i++]);
    }
    return out;
}
}  // namespace

std::string_view presence_word(std::string_view presence) {
    return presence.substr(0, presence.find(','));
}

bool is_presence_word(std::string_view word) {
    return std::find(presence_words.begin(), presence_words.end(), word) != presence_words.end();
}

State Rules::mapped(State state, const std::string* server) const {
    for (const auto& map : map_) {
        const bool here =
            server == nullptr ? map.on_send : !map.on_send && (map.server == "*" || map.server == *server);
        if (here && map.from == state) return map.to;
    }
    return state;
}

std::optional<Rules::Sent> Rules::send(const Local& local) const {
    for (const auto& thing : hide_)
        if (thing.kind == local.kind && thing.pattern.match(local.name)) return std::nullopt;
    for (std::size_t i = 0; i < send_.size(); ++i) {
        const auto& rule = send_[i];
        if (rule.thing.kind != local.kind) continue;
        const auto part = rule.thing.pattern.match(local.name);
        if (!part) continue;
        Item item{.name = filled(rule.as, *part, plain_name(local), {}), .gone = local.gone};
        if (local.kind != Local::Kind::presence) {
            item.state = mapped(local.state, nullptr);
        } else if (rule.lamp) {
            const auto state = presence_.find(presence_word(local.presence));
            item.state = mapped(state == presence_.end() ? State::not_inuse : state->second, nullptr);
        } else {
            item.kind = Kind::presence;
            item.presence = local.presence;
        }
        return Sent{.item = std::move(item), .rule = i};
    }
    return std::nullopt;
}

std::optional<Item> Rules::take(const std::string& server, const Item& item) const {
    const auto from = [&server](const Take& rule) { return rule.server == "*" || rule.server == server; };
    for (const auto& rule : refuse_)
        if (from(rule) && rule.pattern.match(item.name)) return std::nullopt;
    Item out = item;
    const auto rule = std::find_if(take_.begin(), take_.end(), [&](const Take& one) {
        return from(one) && one.pattern.match(item.name).has_value();
    });
    if (rule == take_.end() && !take_.empty()) return std::nullopt;
    if (rule != take_.end()) out.name = filled(rule->as, *rule->pattern.match(item.name), item.name, server);
    if (out.kind == Kind::lamp) out.state = mapped(out.state, &server);
    return out;
}

bool Rules::sends(Local::Kind kind) const {
    return std::any_of(send_.begin(), send_.end(),
                       [kind](const Send& rule) { return rule.thing.kind == kind; });
}

}  // namespace pbx::devstate
