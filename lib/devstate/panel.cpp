#include "devstate/panel.hpp"

#include "devstate/settable.hpp"

namespace pbx::devstate {

namespace {
constexpr std::string_view lamp_prefix = "Custom:", presence_prefix = "CustomPresence:";
constexpr std::size_t most_remembered = 10'000;  // names complained of once
constexpr std::size_t most_left = 200'000;       // lamps from before the start

Kind kind_of(std::string_view device) {
    return device.starts_with(presence_prefix) ? Kind::presence : Kind::lamp;
}
}  // namespace

Panel::Panel(PanelSettings settings, Rules rules, NameTemplate names)
    : settings_(std::move(settings)), rules_(std::move(rules)), names_(std::move(names)) {}

std::optional<std::string> Panel::device_of(const std::string& server, const Item& item) {
    auto extension = names_.encode(item.name, server);
    if (extension)
        return std::string(item.kind == Kind::lamp ? lamp_prefix : presence_prefix) + std::move(*extension);
    refuse(server, item, extension.error());
    return std::nullopt;
}

void Panel::refuse(const std::string& server, const Item& item, const Error& why) {
    const auto what = item.name + " of " + server;
    if (refused_.size() < most_remembered && refused_.insert(what).second)
        remarks_.push_back(what + " isn't shown here: " + why.what);
}

void Panel::want_dark(Kind kind, const std::string& device, bool removed, Writer& writer, Moment now) const {
    if (settings_.gone == Gone::keep && !removed) return;
    const bool idle = settings_.gone == Gone::not_inuse;
    std::string value(name_of(idle ? State::not_inuse : State::unavailable));
    if (kind == Kind::presence) value = idle ? "not_set,," : "unavailable,,";
    if (removed)
        writer.want_last(kind, device, std::move(value), now);
    else
        writer.want(kind, device, std::move(value), now);
}

bool Panel::want(const std::string& server, const Item& item, const std::string& device, std::string value,
                 Writer& writer, Moment now) {
    if (writer.want(item.kind, device, std::move(value), now)) return true;
    refuse(server, item, Error{.what = "there are too many lamps"});
    return false;
}

bool Panel::show(const Show& show, Writer& writer, Moment now) {
    const auto item = rules_.take(show.origin, show.item);
    if (!item) return false;
    const auto device = device_of(show.origin, *item);
    if (!device) return false;
    left_.erase(*device);
    if (show.dark)
        want_dark(item->kind, *device, show.item.gone, writer, now);
    else if (item->kind == Kind::lamp)
        return want(show.origin, *item, *device, std::string(name_of(writable(item->state))), writer, now);
    else if (const auto value = presence_value(item->presence))  // as Asterisk will show it; OwnSide encodes
        return want(show.origin, *item, *device, item->presence, writer, now);
    else {
        refuse(show.origin, *item, value.error());
        want_dark(item->kind, *device, true, writer, now);
    }
    return true;
}

void Panel::change(Gone gone, Rules rules, NameTemplate names, std::span<const Show> all, Writer& writer,
                   Moment now) {
    std::map<std::string, Kind> before;
    for (const auto& one : all)
        if (const auto item = rules_.take(one.origin, one.item))
            if (const auto device = device_of(one.origin, *item)) before.emplace(*device, item->kind);
    settings_.gone = gone;
    rules_ = std::move(rules);
    names_ = std::move(names);
    refused_.clear();
    for (const auto& one : all) {
        if (const auto item = rules_.take(one.origin, one.item))
            if (const auto device = device_of(one.origin, *item)) before.erase(*device);
        static_cast<void>(show(one, writer, now));
    }
    for (const auto& [device, kind] : before)
        want_dark(kind, device, true, writer, now);
}

bool Panel::is_remote(std::string_view device) const {
    for (const auto prefix : {presence_prefix, lamp_prefix}) {
        if (!device.starts_with(prefix)) continue;
        const auto name = names_.decode(device.substr(prefix.size()));
        return name && name->server != settings_.server;
    }
    return false;
}

void Panel::left(std::span<const std::pair<std::string, std::string>> devices) {
    left_.clear();
    for (const auto& [device, value] : devices)
        if (left_.size() < most_left && is_remote(device)) left_.insert(device);
}

void Panel::clear_left(const std::set<std::string>& servers, const std::set<std::string>& whole,
                       Writer& writer, Moment now) {
    for (const auto& device : std::exchange(left_, {})) {
        const auto name = names_.decode(device.substr(device.find(':') + 1));
        const bool due = servers.empty() || (name && servers.contains(name->server));
        if (!due || writer.wanted(device) != nullptr) continue;
        const bool removed = name && whole.contains(name->server);
        if (settings_.gone == Gone::keep && !removed)
            left_.insert(device);
        else
            want_dark(kind_of(device), device, removed, writer, now);
    }
}

}  // namespace pbx::devstate
