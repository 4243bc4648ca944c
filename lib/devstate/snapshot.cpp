#include "devstate/snapshot.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace pbx::devstate {

namespace {

using ami::Action;
using ami::Message;

bool is_cut(const Error& error) {
    return error.code == Code::unavailable || error.code == Code::try_again || error.code == Code::protocol;
}

// core show hints: "   101@internal            : SIP/101               State:Idle            Watchers  0";
// the context is cut to 20 characters (main/pbx.c of 1.8 to 12).
std::optional<std::pair<std::string, std::string>> hint_line(std::string_view line) {
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos || line.find("State:") == std::string_view::npos) return std::nullopt;
    const auto extension = text::trim(line.substr(0, colon));
    const auto at = extension.rfind('@');
    if (at == std::string_view::npos || at == 0 || extension.starts_with('_')) return std::nullopt;
    return std::pair(std::string(extension.substr(0, at)), std::string(text::trim(extension.substr(at + 1))));
}

// devstate list: "--- Name: 'Custom:x'  State: 'INUSE'" (funcs/func_devstate.c)
std::optional<Local> custom_line(std::string_view line) {
    constexpr std::string_view head = "--- Name: '", middle = "'  State: '";
    if (!line.starts_with(head)) return std::nullopt;
    line.remove_prefix(head.size());
    const auto at = line.rfind(middle);
    if (at == std::string_view::npos || !line.ends_with('\'')) return std::nullopt;
    const auto word = line.substr(at + middle.size(), line.size() - at - middle.size() - 1);
    return Local{.name = std::string(line.substr(0, at)), .state = state_of(word).value_or(State::unknown)};
}

int integer(std::string_view text, int otherwise) {
    const auto value = text::to_integer(text);
    return value && *value >= -1000 && *value <= 1000 ? static_cast<int>(*value) : otherwise;
}

}  // namespace

void lay_over(std::vector<Local>& locals, Newer newer) {
    if (newer.empty()) return;
    std::set<std::pair<Local::Kind, std::string>> listed;
    for (auto& local : locals) {
        auto key = std::pair(local.kind, local.name);
        const auto told = newer.find(key);
        if (told == newer.end()) continue;
        local = told->second;
        listed.insert(std::move(key));
    }
    for (auto& [key, local] : newer)
        if (!listed.contains(key)) locals.push_back(std::move(local));
    std::erase_if(locals, [](const Local& local) { return local.gone; });
}

Snapshot::Snapshot(Wants wants, Source& source) : source_(source), wants_(std::move(wants)) {
    const auto ask_list = [this](About about) { ask(about, Action(list_of(about)), true); };
    if (wants_.mailboxes) ask_list(About::mailboxes);
    if (source.age() == Age::old) {
        go_the_old_way();
        return;
    }
    // the first one tells whether this is 13: it is in the core, not in a module
    ask_list(About::extensions);
    if (wants_.devices) ask_list(About::devices);
    if (wants_.presences) ask_list(About::presences);
}

void Snapshot::ask(About about, Action action, bool is_list) {
    asked_.push_back(about);
    next_.push_back({asked_.size() - 1, std::move(action), is_list});
}

void Snapshot::go_the_old_way() {
    modern_missing_.clear();
    ask(About::hints, Action("Command").with("Command", "core show hints"), false);
    if (wants_.devices) ask(About::customs, Action("Command").with("Command", "devstate list"), false);
    ask(About::channels, Action(list_of(About::channels)), true);
}

std::vector<Snapshot::Question> Snapshot::questions() {
    open_ += next_.size();
    return std::exchange(next_, {});
}

void Snapshot::on_list(std::size_t number, const Result<ami::List>& list) {
    --open_;
    const auto about = asked_[number];
    if (!list) return miss(about, list.error());
    for (const auto& entry : list->entries)
        take_entry(about, entry);
}

void Snapshot::on_entry(std::size_t number, const Message& entry) {
    take_entry(asked_[number], entry);
}

void Snapshot::take_entry(About about, const Message& entry) {
    if (about == About::channels)
        return add(source_.learn_channel(entry.get("Channel"), integer(entry.get("ChannelState"), 0)));
    if (about != About::mailboxes) {
        if (about != About::extensions || wants_.extensions) add(source_.on(entry));
        return;
    }
    const bool has_new = integer(entry.get("NewMessageCount"), 0) > 0;
    add({{.kind = Local::Kind::mailbox,
          .name = fmt::format("{}@{}", entry.get("VoiceMailbox"), entry.get("VMContext")),
          .state = has_new ? State::inuse : State::not_inuse}});
}

void Snapshot::on_answer(std::size_t number, const Result<Message>& answer) {
    --open_;
    const auto about = asked_[number];
    if (!answer) return miss(about, answer.error());
    if (about == About::hints) return take_hints(*answer);
    if (about == About::customs) return take_customs(*answer);
    // the context of a hint's line was cut: there is no such extension
    const int status = integer(answer->get("Status"), -1);
    if (status < 0 && answer->get("Hint").empty()) return;
    add(source_.learn(fmt::format("{}@{}", answer->get("Exten"), answer->get("Context")), answer->get("Hint"),
                      status));
}

void Snapshot::take_hints(const Message& answer) {
    for (const auto line : answer.all("Output")) {
        const auto hint = hint_line(line);
        if (!hint || asked_.size() >= max_hints) continue;
        ask(About::hint, Action("ExtensionState").with("Exten", hint->first).with("Context", hint->second),
            false);
    }
}

void Snapshot::take_customs(const Message& answer) {
    for (const auto line : answer.all("Output"))
        if (auto custom = custom_line(line)) add({std::move(*custom)});
}

std::string_view Snapshot::subject(About about) {
    switch (about) {
        case About::devices:
            return "device states";
        case About::extensions:
            return "extension states";
        case About::presences:
            return "presence states";
        case About::mailboxes:
            return "mailboxes";
        case About::hints:
            return "hints";
        case About::hint:
            return "a hint's state";
        case About::channels:
            return "channels";
        case About::customs:
            return "Custom: device states";
    }
    return {};
}

std::string_view Snapshot::list_of(About about) {
    switch (about) {
        case About::devices:
            return "DeviceStateList";
        case About::extensions:
            return "ExtensionStateList";
        case About::presences:
            return "PresenceStateList";
        case About::mailboxes:
            return "VoicemailUsersList";
        case About::channels:
            return "CoreShowChannels";
        case About::hints:
        case About::hint:
        case About::customs:
            return {};
    }
    return {};
}

void Snapshot::miss(About about, const Error& why) {
    if (is_cut(why)) {
        failed_ = why;
        return;
    }
    if (about == About::extensions && why.code == Code::no && source_.turn_old()) return go_the_old_way();
    const std::string what(subject(about));
    if (std::any_of(table_.missing.begin(), table_.missing.end(),
                    [&](const Missing& m) { return m.what == what; }))
        return;  // one of many hints
    const bool is_modern = about == About::devices || about == About::presences;
    (is_modern ? modern_missing_ : table_.missing)
        .push_back({.what = what, .why = why, .list = std::string(list_of(about))});
}

bool lacks_lists(const Table& table, const Wants& wants) {
    return std::any_of(table.missing.begin(), table.missing.end(), [&](const Missing& missing) {
        const bool is_needed = wants.needs_presences || missing.list != "PresenceStateList";
        return missing.why.code == Code::no && is_needed;
    });
}

bool Snapshot::is_wanted(const Local& local) const {
    const bool kind = [&] {
        switch (local.kind) {
            case Local::Kind::device:
                return wants_.devices;
            case Local::Kind::extension:
                return wants_.extensions;
            case Local::Kind::presence:
                return wants_.presences;
            case Local::Kind::mailbox:
                return wants_.mailboxes;
        }
        return true;
    }();
    return kind && (!wants_.only || wants_.only(local));
}

void Snapshot::add(std::vector<Local> locals) {
    std::erase_if(locals, [this](const Local& local) { return !is_wanted(local); });
    if (table_.locals.size() + locals.size() > max_snapshot) {
        failed_ = Error{Code::protocol, fmt::format("more than {} things to look at", max_snapshot), {}, {}};
        return;
    }
    std::move(locals.begin(), locals.end(), std::back_inserter(table_.locals));
}

Result<Table> Snapshot::take() {
    if (failed_) return tl::unexpected(*failed_);
    // an Asterisk without those actions has no modules for them either
    if (source_.age() == Age::modern)
        std::move(modern_missing_.begin(), modern_missing_.end(), std::back_inserter(table_.missing));
    return std::move(table_);
}

}  // namespace pbx::devstate
