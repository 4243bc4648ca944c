#include "devstate/source.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::devstate {

namespace {

using ami::Message;

std::string extension_of(const Message& event) {
    return fmt::format("{}@{}", event.get("Exten"), event.get("Context"));
}

int number_of(std::string_view text, int otherwise) {
    const auto value = text::to_integer(text);
    return value && *value >= -1000 && *value <= 1'000'000 ? static_cast<int>(*value) : otherwise;
}

std::string presence_of(const Message& event, std::string_view status) {
    return fmt::format("{},{},{}", event.get(status), event.get("Subtype"), event.get("Message"));
}

// "SIP/101-00000a1f" is SIP/101's; Local/101@x-00000a1f;2 too
std::string device_of(std::string_view channel) {
    return std::string(channel.substr(0, channel.rfind('-')));
}

// include/asterisk/channelstate.h: 5 is ringing; 2 off hook, 3 dialing, 4 ring, 6 up, 7 busy and 8 to 10 are
// in use; 0 down and 1 reserved are not yet anything.
constexpr int channel_ringing = 5;
bool is_call(int channel_state) {
    return channel_state >= 2 && channel_state <= 10;
}

// A hint's own state and what its channels say.
State combined(State hint, std::optional<State> channels) {
    if (!channels) return hint;
    switch (hint) {
        case State::unknown:
        case State::not_inuse:
        case State::invalid:
        case State::unavailable:
            return *channels;
        case State::inuse:
            return *channels == State::inuse ? hint : State::ringinuse;
        case State::ringing:
            return *channels == State::ringing ? hint : State::ringinuse;
        case State::busy:
        case State::ringinuse:
        case State::onhold:
            return hint;
    }
    return hint;
}

std::vector<std::string> devices_of(std::string_view hint) {
    std::vector<std::string> out;
    for (const auto device : text::split(hint.substr(0, hint.find(',')), '&'))
        if (!text::trim(device).empty()) out.emplace_back(text::trim(device));
    return out;
}

std::vector<Local> on_device(const Message& event) {
    const auto state = state_of(event.get("State"));
    if (!state || event.get("Device").empty()) return {};
    return {{.kind = Local::Kind::device, .name = std::string(event.get("Device")), .state = *state}};
}

std::vector<Local> on_presence(const Message& event) {
    if (event.get("Presentity").empty()) return {};
    return {{.kind = Local::Kind::presence,
             .name = std::string(event.get("Presentity")),
             .presence = presence_of(event, "Status")}};
}

// New and Old are missing when a caller leaves the mailbox' menu (app_voicemail.c).
std::vector<Local> on_mailbox(const Message& event) {
    if (event.get("Mailbox").empty()) return {};
    const auto count = event.find("New");
    const bool has_new = number_of(count ? *count : event.get("Waiting"), 0) > 0;
    return {{.kind = Local::Kind::mailbox,
             .name = std::string(event.get("Mailbox")),
             .state = has_new ? State::inuse : State::not_inuse}};
}

}  // namespace

std::string_view name_of(Local::Kind kind) {
    switch (kind) {
        case Local::Kind::device:
            return "device";
        case Local::Kind::extension:
            return "extension";
        case Local::Kind::presence:
            return "presence";
        case Local::Kind::mailbox:
            return "mailbox";
    }
    return {};
}

void Source::begin(const ami::Banner& banner) {
    *this = Source{};
    age_ = banner.major <= 1 ? Age::old : Age::modern;
    may_be_old_ = banner.major <= 2;
}

bool Source::turn_old() {
    if (may_be_old_) age_ = Age::old;
    turned_ = may_be_old_;
    return may_be_old_;
}

std::vector<Local> Source::on(const Message& event) {
    const auto name = event.event();
    if (name == "DeviceStateChange") return on_device(event);
    if (name == "ExtensionStatus") return on_extension(event);
    if (name == "PresenceStateChange") return on_presence(event);
    if (name == "MessageWaiting") return on_mailbox(event);
    if (age_ == Age::modern) return {};
    if (name == "PresenceStatus") return on_presence_hint(event);
    if (name == "Newstate" || name == "Newchannel")
        return learn_channel(event.get("Channel"), number_of(event.get("ChannelState"), 0));
    if (name == "Hangup") return drop_channel(event.get("Channel"));
    if (name == "Rename") return on_rename(event);
    return {};
}

std::vector<Local> Source::on_extension(const Message& event) {
    const auto extension = extension_of(event);
    const int status = number_of(event.get("Status"), -2);
    if (age_ == Age::old) return learn(extension, event.get("Hint"), status);
    const auto state = state_of_extension(status);
    return {{.kind = Local::Kind::extension,
             .name = extension,
             .state = state.value_or(State::unknown),
             .gone = !state,
             .hint = std::string(event.get("Hint"))}};
}

// A hint's presence provider stands behind its comma.
std::vector<Local> Source::on_presence_hint(const Message& event) const {
    const auto hint = event.get("Hint");
    const auto comma = hint.find(',');
    if (comma == std::string_view::npos) return {};
    return {{.kind = Local::Kind::presence,
             .name = std::string(text::trim(hint.substr(comma + 1))),
             .presence = presence_of(event, "Status")}};
}

std::vector<Local> Source::learn(const std::string& extension, std::string_view hint, int status) {
    const auto known = hints_.find(extension);
    if (known != hints_.end()) {
        for (const auto& device : known->second.devices)
            if (const auto at = by_device_.find(device); at != by_device_.end()) at->second.erase(extension);
        hints_.erase(known);
    }
    const auto state = state_of_extension(status);
    if (!state) return {{.kind = Local::Kind::extension, .name = extension, .gone = true}};
    Hint now{.devices = devices_of(hint), .state = state, .text = std::string(hint)};
    std::vector<Local> out = {
        {.kind = Local::Kind::extension, .name = extension, .state = shown(now), .hint = now.text}};
    // a hint of one device is that device's state, and nothing else tells it
    if (now.devices.size() == 1)
        out.push_back({.kind = Local::Kind::device, .name = now.devices.front(), .state = shown(now)});
    if (hints_.size() >= max_hints) return out;
    for (const auto& device : now.devices)
        by_device_[device].insert(extension);
    hints_.emplace(extension, std::move(now));
    return out;
}

std::vector<Local> Source::learn_channel(std::string_view channel, int channel_state) {
    if (channel.empty()) return {};
    const auto device = device_of(channel);
    const auto before = state_by_channels(device);
    const auto known = channels_.find(std::string(channel));
    if (known != channels_.end())
        known->second = channel_state;
    else if (channels_.size() < max_channels) {
        channels_.emplace(channel, channel_state);
        of_device_[device].emplace(channel);
    }
    return state_by_channels(device) == before ? std::vector<Local>{} : around(device);
}

std::vector<Local> Source::drop_channel(std::string_view channel) {
    const std::string name(channel);
    if (channels_.erase(name) == 0) return {};
    const auto device = device_of(channel);
    const auto before = [&] {
        const auto of = of_device_.find(device);
        if (of == of_device_.end()) return false;
        of->second.erase(name);
        if (of->second.empty()) of_device_.erase(of);
        return true;
    }();
    return before ? around(device) : std::vector<Local>{};
}

// A masquerade gives a channel another's name.
std::vector<Local> Source::on_rename(const Message& event) {
    const auto old_name = event.find("Channel") ? event.get("Channel") : event.get("Oldname");
    const auto known = channels_.find(std::string(old_name));
    if (known == channels_.end()) return {};
    const int state = known->second;
    auto out = drop_channel(old_name);
    auto more = learn_channel(event.get("Newname"), state);
    std::move(more.begin(), more.end(), std::back_inserter(out));
    return out;
}

std::optional<State> Source::state_by_channels(const std::string& device) const {
    const auto of = of_device_.find(device);
    if (of == of_device_.end()) return std::nullopt;
    bool rings = false, calls = false;
    for (const auto& channel : of->second) {
        const auto known = channels_.find(channel);
        if (known == channels_.end() || !is_call(known->second)) continue;
        (known->second == channel_ringing ? rings : calls) = true;
    }
    if (rings) return calls ? State::ringinuse : State::ringing;
    return calls ? std::optional(State::inuse) : std::nullopt;
}

State Source::shown(const Hint& hint) const {
    bool rings = false, calls = false;
    for (const auto& device : hint.devices) {
        const auto state = state_by_channels(device);
        rings = rings || state == State::ringing || state == State::ringinuse;
        calls = calls || state == State::inuse || state == State::ringinuse;
    }
    const auto own = hint.state.value_or(State::unknown);
    if (!rings && !calls) return own;
    const auto channels = !calls ? State::ringing : rings ? State::ringinuse : State::inuse;
    return combined(own, channels);
}

// What a change of a device's channels makes anew: the device, and the extensions whose hints name it.
std::vector<Local> Source::around(const std::string& device) const {
    std::vector<Local> out;
    const auto extensions = by_device_.find(device);
    std::optional<State> own;
    if (extensions != by_device_.end()) {
        for (const auto& extension : extensions->second) {
            const auto& hint = hints_.at(extension);
            out.push_back(
                {.kind = Local::Kind::extension, .name = extension, .state = shown(hint), .hint = hint.text});
            if (hint.devices.size() == 1) own = hint.state;
        }
    }
    const auto state = combined(own.value_or(State::not_inuse), state_by_channels(device));
    out.push_back({.kind = Local::Kind::device, .name = device, .state = state});
    return out;
}

}  // namespace pbx::devstate
