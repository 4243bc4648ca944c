#include "ami/exchange.hpp"

#include "ami/answer.hpp"
#include "ami/digest.hpp"
#include "core/text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace pbx::ami {

namespace {
// app_voicemail answers so when a list is empty, and no list follows.
constexpr std::string_view empty_list = "There are no ";

std::string_view hint_or(const ClientOptions& options, std::string_view other) {
    return options.hint.empty() ? other : std::string_view(options.hint);
}
}  // namespace

Exchange::Exchange(const ClientOptions& options, Handlers handlers, Moment now)
    : options_(options),
      handlers_(std::move(handlers)),
      heard_(now),
      pinged_(now),
      login_due_(now + options.connect_limit) {}

std::string Exchange::take_output() {
    return std::exchange(output_, std::string{});
}

Exchange::Moment Exchange::wake() const {
    if (stage_ != Stage::up) return login_due_;
    const auto ping = std::max(heard_, pinged_) + options_.dead_after / 3;
    const auto first = std::min(ping, heard_ + options_.dead_after);
    return pending_.empty() ? first : std::min(first, pending_.front().due);
}

Result<void> Exchange::on_time(Moment now) {
    if (stage_ == Stage::ended) return {};
    if (stage_ != Stage::up) {
        if (now < login_due_) return {};
        return fail(
            Code::try_again, stage_ == Stage::banner ? "no banner came" : "no answer to the login", {},
            "is it Asterisk's manager port (with tls = yes if it is tlsbindaddr's), and is Asterisk alive?");
    }
    if (now - heard_ >= options_.dead_after)
        return fail(Code::try_again, fmt::format("nothing came for {} ms", (now - heard_) / milliseconds(1)));
    while (!pending_.empty() && pending_.front().due <= now) {
        auto late = close(0);
        const Error error{Code::try_again, late.name + " was not answered in time", {}, {}};
        finish(std::move(late), error);
        if (stage_ == Stage::ended) return {};
    }
    if (now - std::max(heard_, pinged_) >= options_.dead_after / 3) {
        pinged_ = now;
        send_internally(Action("Ping"), {}, now);
    }
    return {};
}

Result<void> Exchange::add(const Action& action, Pending pending) {
    if (in_flight_ >= options_.most_pending)
        return fail(Code::try_again, fmt::format("{} actions are in flight", in_flight_));
    const auto id = first_id_ + pending_.size();
    if (auto encoded = encode(action, std::to_string(id), output_); !encoded) return encoded;
    pending_.push_back(std::move(pending));
    ++in_flight_;
    return {};
}

Result<void> Exchange::send(const Action& action, Client::Answered done, Moment now) {
    if (stage_ != Stage::up) return fail(Code::unavailable, "not logged in");
    return add(action, {.name = action.name(), .due = now + options_.answer_limit, .done = std::move(done)});
}

Result<void> Exchange::send_list(const Action& action, std::size_t most, Client::Listed done, Moment now) {
    auto listing = std::make_unique<Listing>();
    listing->done = std::move(done);
    listing->most = most;
    return add(action, std::move(listing), now);
}

Result<void> Exchange::send_list(const Action& action, Client::Entry on_entry, Client::Listed done,
                                 Moment now) {
    auto listing = std::make_unique<Listing>();
    listing->done = std::move(done);
    listing->on_entry = std::move(on_entry);
    return add(action, std::move(listing), now);
}

Result<void> Exchange::add(const Action& action, std::unique_ptr<Listing> listing, Moment now) {
    if (stage_ != Stage::up) return fail(Code::unavailable, "not logged in");
    return add(action,
               {.name = action.name(), .due = now + options_.answer_limit, .listing = std::move(listing)});
}

void Exchange::send_internally(const Action& action, Client::Answered done, Moment now) {
    auto sent =
        add(action, {.name = action.name(), .due = now + options_.answer_limit, .done = std::move(done)});
    // A user's name that AMI can't carry; a Ping that finds no room is let go: so many actions are answered
    if (!sent && stage_ == Stage::login) login_error_ = sent.error();
}

void Exchange::log_in(Moment now) {
    stage_ = Stage::login;
    if (options_.login == Login::md5)
        return send_internally(
            Action("Challenge").with("AuthType", "MD5"),
            [this, now](const Result<Message>& answer) {
                if (answer && answer->find("Challenge")) return send_login(*answer, now);
                refuse_login(answer ? Error{Code::protocol, "no Challenge came", {}, {}} : answer.error(),
                             "set [ami] login = plain for a manager without Challenge");
            },
            now);
    send_internally(
        Action("Login")
            .with("Username", options_.user)
            .with("Secret", options_.secret.read())
            .with("Events", options_.events),
        [this](const Result<Message>& answer) { on_login(answer); }, now);
}

void Exchange::send_login(const Message& challenge, Moment now) {
    send_internally(
        Action("Login")
            .with("AuthType", "MD5")
            .with("Username", options_.user)
            .with("Key", login_key(challenge.get("Challenge"), options_.secret))
            .with("Events", options_.events),
        [this](const Result<Message>& answer) { on_login(answer); }, now);
}

void Exchange::on_login(const Result<Message>& answer) {
    // Asterisk says the same for a wrong user, a wrong secret and an address its permit leaves out
    if (!answer)
        return refuse_login(answer.error(), hint_or(options_,
                                                    "check [ami] user and secret_file, and permit in "
                                                    "manager.conf"));
    stage_ = Stage::up;
    if (handlers_.on_up) handlers_.on_up(banner_);
}

void Exchange::refuse_login(Error error, std::string_view hint) {
    if (login_error_ || stage_ != Stage::login) return;
    error.hint = hint;
    login_error_ = std::move(error);
}

Result<void> Exchange::feed(std::string_view bytes, Moment now) {
    heard_ = now;
    decoder_.feed(bytes);
    if (stage_ == Stage::banner) {
        auto banner = decoder_.next_banner();
        if (!banner) return tl::unexpected(banner.error());
        if (!*banner) return {};
        banner_ = std::move(**banner);
        log_in(now);
    }
    while (stage_ != Stage::ended) {
        if (login_error_) return tl::unexpected(*login_error_);
        auto message = decoder_.next();
        if (!message) return tl::unexpected(message.error());
        if (!*message) return {};
        auto taken = take(std::move(**message), now);
        if (!taken) return taken;
    }
    return {};
}

std::optional<std::size_t> Exchange::find(const Message& message) const {
    const auto text = message.get("ActionID");
    std::uint64_t id = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), id);
    if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size())
        return std::nullopt;
    if (id < first_id_ || id - first_id_ >= pending_.size()) return std::nullopt;
    const auto index = static_cast<std::size_t>(id - first_id_);
    return pending_[index].is_open ? std::optional(index) : std::nullopt;
}

Result<void> Exchange::take(Message message, Moment now) {
    const auto index = find(message);
    if (text::iequal_ascii(message[0].name, "Event")) {
        if (index && pending_[*index].listing)
            take_entry(*index, std::move(message), now);
        else if (handlers_.on_event && stage_ == Stage::up)
            handlers_.on_event(message);
        return {};
    }
    if (index) {
        take_answer(*index, std::move(message), now);
        return {};
    }
    // An answer without an ActionID: Asterisk could not read what was sent, and the rest is out of step
    if (message.is_error() && message.get("ActionID").empty())
        return fail(Code::protocol, "Asterisk says: " + log_name(message.get("Message")));
    return {};
}

void Exchange::take_answer(std::size_t index, Message message, Moment now) {
    auto& pending = pending_[index];
    if (message.is_error()) {
        const auto error = error_of(pending.name, message, options_.user);
        return finish(close(index), error);
    }
    if (!pending.listing) {
        auto done = close(index).done;
        if (done) done(std::move(message));
        return;
    }
    pending.due = now + options_.answer_limit;
    pending.listing->list.response = std::move(message);
    const auto& response = pending.listing->list.response;
    if (response.find("EventList") || !response.get("Message").starts_with(empty_list)) return;
    auto listing = std::move(close(index).listing);
    listing->done(std::move(listing->list));
}

void Exchange::take_entry(std::size_t index, Message message, Moment now) {
    auto& pending = pending_[index];
    auto& listing = *pending.listing;
    pending.due = now + options_.answer_limit;
    if (!ends_list(message)) {
        if (listing.on_entry) return listing.on_entry(message);
        if (listing.is_over) return;
        if (listing.list.entries.size() < listing.most)
            return listing.list.entries.push_back(std::move(message));
        listing.is_over = true;
        listing.list = {};
        return;
    }
    auto closed = close(index);
    if (closed.listing->is_over) {
        const Error error{Code::protocol,
                          fmt::format("{} gave more than {} entries", closed.name, closed.listing->most),
                          {},
                          {}};
        return finish(std::move(closed), error);
    }
    closed.listing->list.end = std::move(message);
    closed.listing->done(std::move(closed.listing->list));
}

Exchange::Pending Exchange::close(std::size_t index) {
    auto pending = std::move(pending_[index]);
    pending_[index].is_open = false;
    --in_flight_;
    while (!pending_.empty() && !pending_.front().is_open) {
        pending_.pop_front();
        ++first_id_;
    }
    return pending;
}

void Exchange::finish(Pending pending, const Error& error) {
    if (pending.listing) return pending.listing->done(tl::unexpected(error));
    if (pending.done) pending.done(tl::unexpected(error));
}

void Exchange::end(const Error& error) {
    if (std::exchange(stage_, Stage::ended) == Stage::ended) return;
    auto all = std::exchange(pending_, {});
    in_flight_ = 0;
    for (auto& pending : all)
        if (pending.is_open) finish(std::move(pending), error);
}

}  // namespace pbx::ami
