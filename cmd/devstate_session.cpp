#include "cmd/devstate_session.hpp"

#include "ami/settings.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "devstate/snapshot_client.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fnmatch.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

using devstate::Local;
using devstate::State;

Result<std::unique_ptr<ManagerSession>> ManagerSession::log_in(Frame& frame) {
    auto settings = frame.settings();
    if (!settings) return Unexpected(settings.error());
    return log_in(**settings, frame.context.environment, frame.context.clock);
}

Result<std::unique_ptr<ManagerSession>> ManagerSession::log_in(const config::Settings& settings,
                                                               const Environment& environment,
                                                               const Clock& clock) {
    auto options = ami::client_options(settings, environment, "off");
    if (!options) return Unexpected(options.error());
    std::unique_ptr<ManagerSession> session(new ManagerSession(std::move(*options), clock));
    auto banner = session->loop_.run_to_end(session->client_.log_in());
    if (!banner) return fail(Code::bug, "the loop ended before the login", session->client_.where());
    if (!*banner) return Unexpected(banner->error());
    session->banner_ = std::move(**banner);
    return session;
}

Result<ami::Message> ManagerSession::ask(ami::Action action) {
    auto answer = loop_.run_to_end(client_.ask(std::move(action)));
    if (!answer) return fail(Code::bug, "the loop ended before the answer", client_.where());
    return std::move(*answer);
}

Result<devstate::Table> ManagerSession::snapshot(devstate::Wants wants) {
    devstate::Source source;
    source.begin(banner_);
    auto table = loop_.run_to_end(devstate::take_snapshot(loop_.executor(), &client_, &source, wants));
    if (!table) return fail(Code::bug, "the loop ended before the answer", client_.where());
    return std::move(*table);
}

bool Selection::takes(const Local& local) const {
    const bool is_wanted = [&] {
        switch (local.kind) {
            case Local::Kind::device:
                return wants.devices;
            case Local::Kind::extension:
                return wants.extensions;
            case Local::Kind::presence:
                return wants.presences;
            case Local::Kind::mailbox:
                return wants.mailboxes;
        }
        return false;
    }();
    return is_wanted && (pattern.empty() || ::fnmatch(pattern.c_str(), local.name.c_str(), 0) == 0);
}

Selection selection_of(const Given& given) {
    Selection out{.wants = {}, .pattern = given.value_or("PATTERN", "")};
    const auto kinds = given.values("kind");
    if (kinds.empty()) return out;
    const auto has = [&](std::string_view kind) {
        return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    };
    out.wants = {.devices = has("device"),
                 .extensions = has("extension"),
                 .presences = has("presence"),
                 .mailboxes = has("mailbox")};
    return out;
}

std::string value_of(const Local& local) {
    if (local.gone) return "gone";
    return local.kind == Local::Kind::presence ? local.presence : std::string(devstate::name_of(local.state));
}

nlohmann::ordered_json to_json(const Local& local) {
    nlohmann::ordered_json out{{"kind", devstate::name_of(local.kind)}, {"name", local.name}};
    if (local.gone) {
        out["state"] = nullptr;
    } else if (local.kind == Local::Kind::presence) {
        const std::string_view text = local.presence;
        const auto first = std::min(text.find(','), text.size());
        const auto second = std::min(text.find(',', first + 1), text.size());
        out["state"] = text.substr(0, first);
        out["subtype"] = first < text.size() ? text.substr(first + 1, second - first - 1) : "";
        out["message"] = second < text.size() ? text.substr(second + 1) : "";
    } else {
        out["state"] = devstate::name_of(local.state);
    }
    return out;
}

Paint paint_of(const Local& local) {
    if (local.gone) return Paint::dim;
    if (local.kind == Local::Kind::presence) return Paint::none;
    switch (local.state) {
        case State::not_inuse:
            return Paint::none;
        case State::inuse:
        case State::busy:
        case State::onhold:
            return Paint::bad;
        case State::ringing:
        case State::ringinuse:
            return Paint::warn;
        case State::unknown:
        case State::invalid:
        case State::unavailable:
            return Paint::dim;
    }
    return Paint::none;
}

Result<void> tell_missing(const devstate::Table& table, const devstate::Wants& wants) {
    const auto wanted = static_cast<std::size_t>(wants.devices) + static_cast<std::size_t>(wants.extensions) +
                        static_cast<std::size_t>(wants.presences) + static_cast<std::size_t>(wants.mailboxes);
    const bool is_everything = table.locals.empty() && table.missing.size() >= wanted;
    for (const auto& missing : table.missing) {
        auto why = missing.why;
        // an action that isn't there is no "no": what was asked for could not be looked at
        if (why.code == Code::no) why.code = Code::unavailable;
        if (is_everything) return within(missing.what, std::move(why));
        why.where = missing.what;
        log::warning("{}", why.text());
    }
    return {};
}

}  // namespace pbx::cmd
