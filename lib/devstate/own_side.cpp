#include "devstate/own_side.hpp"

#include "core/log.hpp"
#include "devstate/settable.hpp"
#include "devstate/snapshot_client.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

namespace pbx::devstate {

namespace {
constexpr std::chrono::seconds between_asks{1}, most_between_asks{30};  // when a snapshot failed
// When a list is unknown to Asterisk: its module may still be loaded, by hand or at the end of a long boot.
constexpr std::chrono::milliseconds between_looks{15'000};
constexpr std::chrono::minutes between_contested{1};
constexpr std::size_t most_held = 200'000;

std::string host_name() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

std::string server_name(std::string from) {
    std::replace_if(
        from.begin(), from.end(), [](char c) { return !is_server_name(std::string(1, c)); }, '-');
    from.resize(std::min(from.size(), max_server_name));
    return from;
}

// A custom lamp as Asterisk shows it: its state, or its presence.
std::string value_of(const Local& local) {
    return local.kind == Local::Kind::presence ? local.presence : std::string(name_of(local.state));
}
}  // namespace

OwnSide::OwnSide(net::Executor executor, const RelaySettings& settings, const Clock& clock, OwnEvents events)
    : executor_(executor),
      clock_(clock),
      events_(std::move(events)),
      wants_(settings.wants),
      writer_(settings.writer),
      offers_(settings.rules, settings.names),
      panel_settings_{.gone = settings.gone},
      rules_(settings.rules),
      names_(settings.names),
      asks_name_(settings.server.empty()),
      client_(executor, settings.ami, clock,
              {.on_up = [this](const ami::Banner& banner) { on_up(banner); },
               .on_event = [this](const ami::Message& event) { on_event(event); },
               .on_down = [this](const Error& error) { on_down(error); }}) {}

void OwnSide::name(const std::string& server) {
    panel_settings_.server = server;
    panel_.emplace(panel_settings_, rules_, names_);
}

void OwnSide::on_up(const ami::Banner& banner) {
    log::info("{}: logged in", client_.where());
    trouble_ = "no snapshot yet";
    banner_ = banner;
    source_.begin(banner);
    if (asks_name_)
        ask_name();
    else
        ask_table();
}

void OwnSide::ask_name() {
    auto sent = client_.send(ami::Action("CoreSettings"), [this](const Result<ami::Message>& answer) {
        if (!client_.is_up()) return;
        auto found = answer ? server_name(std::string(answer->get("SystemName"))) : std::string();
        if (found.empty()) found = server_name(host_name());
        asks_name_ = false;
        events_.on_name(found);
        ask_table();
    });
    if (!sent) log::warning("{}: {}", client_.where(), sent.error().text());
}

void OwnSide::ask_table() {
    ask_at_.reset();
    held_.clear();
    asking_ = true;
    auto done = [this, session = client_.logins()](Result<Table> table) {
        if (client_.is_up() && client_.logins() == session) take(std::move(table));
    };
    look_at_.reset();
    ask_snapshot(executor_, client_, source_, wants(), std::move(done));
}

// An Asterisk may have a hundred times as many devices as anybody is told of.
Wants OwnSide::wants() const {
    auto out = wants_;
    out.only = [this](const Local& local) { return concerns(local); };
    return out;
}

bool OwnSide::concerns(const Local& local) const {
    return panel_->is_remote(local.name) || rules_.send(local).has_value();
}

void OwnSide::take(Result<Table> table) {
    asking_ = false;
    auto newer = std::exchange(held_, {});
    if (!table) {
        log::warning("{}: snapshot: {}", client_.where(), table.error().text());
        ask_at_ = now() + std::min(between_asks * (1U << std::min(failed_++, 5U)), most_between_asks);
        settle();
        events_.on_alarm();
        return;
    }
    failed_ = 0;
    missing_ = std::move(table->missing);
    tell_missing();
    plan_look();
    lay_over(table->locals, std::move(newer));
    std::vector<std::pair<std::string, std::string>> shown;
    for (const auto& local : table->locals)
        if (panel_->is_remote(local.name)) shown.emplace_back(local.name, value_of(local));
    panel_->left(shown);
    writer_.shown(std::move(shown), now());
    events_.on_news(OwnTable{offers_.table(table->locals)});
    table_taken_ = true;
    trouble_.clear();
    if (left_over_) clear({});
    tell_remarks();
    settle();
    if (wake_at()) events_.on_alarm();
}

void OwnSide::tell_missing() {
    for (const auto& missing : missing_) {
        if (!wants_.needs_presences && missing.list == "PresenceStateList") continue;
        if (told_.insert(missing.what).second)
            log::warning("{}: no {}: {}", client_.where(), missing.what, missing.why.text());
    }
}

void OwnSide::plan_look() {
    const bool lacks = std::any_of(missing_.begin(), missing_.end(),
                                   [](const auto& missing) { return missing.why.code == Code::no; });
    look_at_.reset();
    if (lacks || source_.was_turned()) look_at_ = now() + between_looks;
}

// Asks for what was unknown alone: the snapshot follows when it is known.
void OwnSide::look() {
    look_at_.reset();
    std::vector<std::string> lists;
    for (const auto& missing : missing_)
        if (missing.why.code == Code::no && !missing.list.empty()) lists.push_back(missing.list);
    if (source_.was_turned()) lists.emplace_back("ExtensionStateList");
    looks_ = lists.size();
    for (const auto& list : lists) {
        auto done = [this, session = client_.logins()](const Result<ami::List>& answer) {
            if (client_.is_up() && client_.logins() == session)
                looked(answer.has_value() || answer.error().code == Code::refused);
        };
        if (!client_.send_list(
                ami::Action(list), [](const ami::Message&) {}, std::move(done)))
            looked(false);
    }
}

void OwnSide::looked(bool known) {
    if (looks_ == 0) return;  // another told already
    --looks_;
    if (known) {
        looks_ = 0;
        if (source_.was_turned()) source_.begin(banner_);
        ask_at_ = now();
    } else if (looks_ == 0) {
        plan_look();
    }
    events_.on_alarm();
}

void OwnSide::on_event(const ami::Message& event) {
    for (auto& local : source_.on(event)) {
        if (table_taken_) hear(local);
        if (!asking_ || !concerns(local)) continue;
        auto key = std::pair(local.kind, local.name);
        if (held_.size() < most_held || held_.contains(key))
            held_.insert_or_assign(std::move(key), std::move(local));
        else
            ask_at_ = now();  // its snapshot must be younger than what is lost here
    }
    if (table_taken_) {
        tell_remarks();
        settle();
    }
}

void OwnSide::hear(const Local& local) {
    if (panel_->is_remote(local.name)) {
        if (!local.gone) writer_.changed(local.name, value_of(local), now());
        return;
    }
    if (auto item = offers_.on(local)) events_.on_news(OwnItem{std::move(*item)});
}

void OwnSide::on_down(const Error& error) {
    if (table_taken_ || trouble_ != error.text()) log::warning("{}", error.text());
    trouble_ = error.text();
    ask_at_.reset();
    look_at_.reset();
    looks_ = 0;
    failed_ = 0;
    asking_ = false;
    held_.clear();
    writer_.cut();
    if (std::exchange(table_taken_, false)) events_.on_news(OwnDown{});
}

void OwnSide::tell_remarks() {
    for (const auto& remark : offers_.take_remarks())
        log::warning("devstate: {}", remark);
    if (panel_)
        for (const auto& remark : panel_->take_remarks())
            log::warning("devstate: {}", remark);
    tell_contested();
}

void OwnSide::tell_contested() {
    const auto contested = writer_.take_contested();
    if (contested.empty() || (told_contested_ && now() - *told_contested_ < between_contested)) return;
    told_contested_ = now();
    const auto others = contested.size() - 1;
    log::warning(
        "{}: {}{} {} written by someone else again and again, and left so for a minute: "
        "is there another relay at this Asterisk?",
        client_.where(), contested.front(), others == 0 ? std::string() : fmt::format(" and {} more", others),
        others == 0 ? "is" : "are");
}

void OwnSide::show(const Show& show) {
    const bool shown = panel_->show(show, writer_, now());
    if (shown && show.item.kind == Kind::presence && !std::exchange(wants_.needs_presences, true))
        tell_missing();
}

void OwnSide::hush(bool hushed) {
    if (std::exchange(hushed_, hushed) && !hushed) settle();
}

void OwnSide::settle() {
    if (hushed_) return;
    while (auto next = writer_.next(now()))
        if (auto sent = write(*next); !sent && client_.is_up()) land(*next, Unexpected(sent.error()));
}

Result<void> OwnSide::write(const Write& write) {
    if (events_.dry) {
        events_.dry(write);
        writer_.written(write.id, now());
        return {};
    }
    ami::Action action("Setvar");
    if (write.kind == Kind::lamp) {
        action.with("Variable", "DEVICE_STATE(" + write.device + ")").with("Value", write.value);
    } else {
        const auto value = presence_value(write.value);
        if (!value) return Unexpected(value.error());
        action.with("Variable", "PRESENCE_STATE(" + write.device + ")").with("Value", *value);
    }
    return client_.send(action,
                        [this, write](const Result<ami::Message>& answer) { answered(write, answer); });
}

void OwnSide::answered(const Write& write, const Result<ami::Message>& answer) {
    land(write, answer);
    settle();
    if (writer_.wake_at()) events_.on_alarm();
}

// Nothing more is written from here: settle() calls it.
void OwnSide::land(const Write& write, const Result<ami::Message>& answer) {
    if (answer) {
        writer_.written(write.id, now());
        if (events_.on_written) events_.on_written(now() - write.wanted_at);
    } else if (answer.error().code == Code::data || answer.error().code == Code::refused ||
               answer.error().code == Code::no) {
        if (writer_.refused(write.id, now()))
            log::warning("{}: {} = {} isn't taken: {}", client_.where(), write.device, write.value,
                         answer.error().text());
    } else if (client_.is_up() && table_taken_) {  // nobody knows whether it was done: a snapshot tells
        writer_.cut();
        ask_at_ = now();
        events_.on_alarm();
    }
}

std::optional<Moment> OwnSide::wake_at() const {
    auto out = hushed_ ? std::nullopt : writer_.wake_at();
    if (asking_) return out;
    for (const auto& at : {ask_at_, look_at_})
        if (at && (!out || *at < *out)) out = at;
    return out;
}

void OwnSide::tick() {
    const bool can_ask = !asking_ && client_.is_up();
    if (can_ask && ask_at_ && now() >= *ask_at_)
        ask_table();
    else if (can_ask && look_at_ && now() >= *look_at_)
        look();
    settle();
    tell_contested();
}

void OwnSide::reload(const RelaySettings& settings, const std::vector<Show>& all) {
    rules_ = settings.rules;
    names_ = settings.names;
    const bool needed = wants_.needs_presences;
    wants_ = settings.wants;
    wants_.needs_presences = wants_.needs_presences || needed;
    panel_settings_.gone = settings.gone;
    offers_.change(rules_, names_);
    told_.clear();
    if (!panel_) return;
    panel_->change(panel_settings_.gone, rules_, names_, all, writer_, now());
    tell_remarks();
    settle();
    if (table_taken_) ask_at_ = now();  // the table by the new rules
}

void OwnSide::clear_left(const std::set<std::string>& servers) {
    left_over_ = left_over_ || servers.empty();
    if (!panel_) return;
    clear(servers);
    settle();
}

void OwnSide::clear(const std::set<std::string>& servers) {
    panel_->clear_left(servers, events_.whole ? events_.whole() : std::set<std::string>{}, writer_, now());
}

std::size_t OwnSide::refused_names() const {
    return offers_.refused() + (panel_ ? panel_->refused() : 0);
}

}  // namespace pbx::devstate
