// What the devstate commands share: the Asterisk of [ami], logged in, and its states as they are shown.
#pragma once

#include "ami/client.hpp"
#include "cmd/command.hpp"
#include "cmd/output.hpp"
#include "devstate/snapshot.hpp"
#include "net/loop.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace pbx::cmd {

// One command's connection. Each ask runs the loop until it is answered.
class ManagerSession {
  public:
    [[nodiscard]] static Result<std::unique_ptr<ManagerSession>> log_in(Frame& frame);
    [[nodiscard]] static Result<std::unique_ptr<ManagerSession>> log_in(const config::Settings& settings,
                                                                        const Environment& environment,
                                                                        const Clock& clock);
    [[nodiscard]] const ami::Banner& banner() const { return banner_; }

    [[nodiscard]] Result<ami::Message> ask(ami::Action action);
    [[nodiscard]] Result<devstate::Table> snapshot(devstate::Wants wants);

  private:
    ManagerSession(ami::ClientOptions options, const Clock& clock)
        : client_(loop_.executor(), std::move(options), clock, {}) {}
    net::Loop loop_;
    ami::Client client_;
    ami::Banner banner_;
};

// What --kind and PATTERN leave. Without --kind all but mailboxes.
struct Selection {
    devstate::Wants wants;
    std::string pattern;  // * and ?; empty: all

    [[nodiscard]] bool takes(const devstate::Local& local) const;
};
[[nodiscard]] Selection selection_of(const Given& given);

// "INUSE", "dnd,sub,message"
[[nodiscard]] std::string value_of(const devstate::Local& local);
// {"kind","name","state"}, a presence with "subtype" and "message"
[[nodiscard]] nlohmann::ordered_json to_json(const devstate::Local& local);
[[nodiscard]] Paint paint_of(const devstate::Local& local);

// Warns of what could not be had; an error when that is everything that was wanted.
[[nodiscard]] Result<void> tell_missing(const devstate::Table& table, const devstate::Wants& wants);

inline constexpr std::string_view kind_choices = "device extension presence mailbox";

}  // namespace pbx::cmd
