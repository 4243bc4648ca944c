// What the engine asks of the outside, one function an action that waits.
#include "core/log.hpp"
#include "dialog/transcript.hpp"
#include "oksana/call_state.hpp"
#include "oksana/recordings.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::oksana {

using namespace std::chrono_literals;

namespace {
constexpr int most_save_tries = 3;
constexpr std::chrono::milliseconds longest_bridged_call = 24h;
constexpr std::size_t longest_target = 128;

template <class... Functions>
struct Visitor : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Visitor(Functions...) -> Visitor<Functions...>;  // clang-tidy's clang 14 cannot deduce aggregates

// A transfer target may hold what a caller said: only what a dialled number or a device name is made of goes
// on.
bool is_target(std::string_view target) {
    return !target.empty() && target.size() <= longest_target &&
           std::all_of(target.begin(), target.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      std::string_view("_+*#./@-").find(c) != std::string_view::npos;
           });
}

// Variable names of the channel: who.2 goes as who_2.
std::string channel_name(std::string name) {
    std::replace(name.begin(), name.end(), '.', '_');
    return name;
}

// The action as a transcript's fact, without its "= ".
std::string remark_of(const dialog::Action& action) {
    auto line = log::cleaned(dialog::line_of(action));
    return line.starts_with("= ") ? line.substr(2) : line;
}

dialog::DialOutcome outcome_of(std::string_view status) {
    if (status == "ANSWER") return dialog::DialOutcome::answered;
    if (status == "BUSY") return dialog::DialOutcome::busy;
    if (status == "NOANSWER" || status == "CANCEL") return dialog::DialOutcome::noanswer;
    return dialog::DialOutcome::failed;
}
}  // namespace

net::Task<Result<void>> CallState::perform(dialog::Action action) {
    if (auto* wanted = std::get_if<dialog::Save>(&action)) {
        auto saved = co_await save(std::move(*wanted));
        co_return saved;
    }
    if (auto* wanted = std::get_if<dialog::Record>(&action)) {
        auto recorded = co_await record(std::move(*wanted));
        co_return recorded;
    }
    if (auto* wanted = std::get_if<dialog::Transfer>(&action)) {
        auto transferred = co_await transfer(std::move(*wanted));
        co_return transferred;
    }
    if (std::holds_alternative<dialog::Hangup>(action)) {
        auto done = co_await hang_up();
        co_return done;
    }
    std::visit(
        Visitor{[this](dialog::Say& say) {
                    to_say_.push_back(std::move(say));
                    says_pending_ = true;
                },
                [this](dialog::StopSpeaking&) { stop_speaking(); },
                [this](dialog::Listen& listen) { open_question(listen); },
                [this](dialog::Notify& wanted) { notify(wanted); },
                [this](dialog::Entered& entered) { note(TurnKind::step, entered.step); },
                [this](dialog::Remarked& remarked) { note(TurnKind::remark, remarked.text); }, [](auto&) {}},
        action);
    co_return Result<void>{};
}

net::Task<Result<void>> CallState::save(dialog::Save wanted) {
    Order order{.key = order_key(run_, ++saves_),
                .call = run_,
                .dialog = dialog_.name,
                .step = engine_->step(),
                .table = wanted.table,
                .fields = wanted.fields,
                .saved = services_.clock.wall()};
    auto work = [this, order] { return services_.journal.save(order); };
    Result<bool> saved = fail(Code::bug, "not tried");
    for (int tries = 0; tries < most_save_tries; ++tries) {  // the same key: never a second row
        saved = co_await services_.pool.run(work);
        if (saved || saved.error().code != Code::try_again) break;
    }
    if (!saved) {
        error_ = saved.error().text();
        log::error("call {}: not saved: {}", run_, error_);
        note(TurnKind::remark, fmt::format("not saved {}: {}", wanted.table, error_));
    } else {
        note(TurnKind::remark, remark_of(wanted));
    }
    take(dialog::Saved{saved.has_value()});
    co_return Result<void>{};
}

void CallState::notify(const dialog::Notify& wanted) {
    services_.journal.notify(Message{.key = message_key(run_, ++notes_),
                                     .call = run_,
                                     .kind = wanted.kind,
                                     .target = wanted.target,
                                     .text = wanted.text,
                                     .created = services_.clock.wall()});
    note(TurnKind::remark, remark_of(wanted));
}

net::Task<Result<void>> CallState::record(dialog::Record wanted) {
    close_question();
    const auto base = recording_base(settings_.recordings, run_, wanted.name);
    if (!base) {
        log::error("call {}: not recorded: {}", run_, base.error().text());
        note(TurnKind::remark, fmt::format("not recorded: {}", base.error().text()));
        take(dialog::Recorded{});
        co_return Result<void>{};
    }
    const std::string& file = *base;
    agi::RecordOrder order{.file = file, .most = wanted.most, .silence = {}, .beep = true};
    if (wanted.silence > 0ms) order.silence = std::chrono::ceil<std::chrono::seconds>(wanted.silence);
    auto recorded = co_await session_.record_file(order);
    if (!recorded && !agi::is_caller_left(recorded.error())) co_return Unexpected(recorded.error());
    using End = agi::Recorded::End;
    // a caller who hangs up after his message has left it all the same
    const bool written = recorded && recorded->end != End::not_written && recorded->samples > 0;
    if (recorded && recorded->end == End::not_written) {
        log::error("call {}: asterisk cannot write {}.wav", run_, file);
        note(TurnKind::remark, fmt::format("not recorded: asterisk cannot write {}.wav", file));
    } else {
        note(TurnKind::remark, written ? fmt::format("recorded {}.wav", file) : "recorded nothing");
    }
    take(dialog::Recorded{written ? file + ".wav" : std::string()});
    co_return Result<void>{};
}

net::Task<Result<void>> CallState::transfer(dialog::Transfer wanted) {
    close_question();
    transfer_ = wanted.target;
    note(TurnKind::remark, remark_of(wanted));
    Result<void> handed = co_await hand_over(wanted.context);
    if (!handed) co_return handed;
    auto outcome = co_await dial(wanted.target);
    if (!outcome) co_return Unexpected(outcome.error());
    take(dialog::Dialled{*outcome});
    co_return Result<void>{};
}

// Context goes along as inherited variables (__name); PBXCTL_CONTEXT names them for X- headers.
net::Task<Result<void>> CallState::hand_over(const dialog::Fields& context) {
    std::string names;
    for (const auto& [name, value] : context) {
        const std::string variable = channel_name(name);
        auto set = co_await session_.set_variable("__" + variable, log::cleaned(value));
        if (!set) co_return set;
        names += (names.empty() ? "" : ",") + variable;
    }
    if (names.empty()) co_return Result<void>{};
    auto set = co_await session_.set_variable("__PBXCTL_CONTEXT", names);
    co_return set;
}

net::Task<Result<dialog::DialOutcome>> CallState::dial(std::string target) {
    if (!is_target(target)) {
        log::error("call {}: '{}' is no transfer target", run_, log::cleaned(target));
        note(TurnKind::remark, "no transfer target");
        co_return dialog::DialOutcome::failed;
    }
    std::string device = target;
    std::string options;
    if (target.find('/') == std::string::npos) {
        std::string context = settings_.transfer_context;
        if (context.empty()) context = session_.environment().get("context");
        device = fmt::format("Local/{}@{}", target, context);
    } else if (!settings_.header_context.empty()) {
        options = fmt::format(",b({}^s^1)", settings_.header_context);
    }
    const std::string data = fmt::format("{},{}{}", device, settings_.ring_time.count(), options);
    auto dialled = co_await session_.exec("Dial", data, longest_bridged_call);
    if (!dialled) co_return Unexpected(dialled.error());
    auto status = co_await session_.get_variable("DIALSTATUS");
    if (!status) co_return Unexpected(status.error());
    co_return outcome_of(status->value_or("CHANUNAVAIL"));
}

net::Task<Result<void>> CallState::hang_up() {
    close_question();
    hung_up_by_us_ = true;
    Result<void> told = co_await tell_result();
    if (!told) co_return told;
    auto done = co_await session_.hangup();
    co_return done;
}

net::Task<Result<void>> CallState::tell_result() {
    const std::string outcome = error_.empty() ? std::string(dialog::name_of(engine_->outcome())) : "failed";
    auto set = co_await session_.set_variable("PBXCTL_RESULT", outcome);
    if (set) set = co_await session_.set_variable("PBXCTL_ERROR", log::cleaned(error_));
    if (set) set = co_await session_.set_variable("PBXCTL_STEP", engine_->step());
    if (set) set = co_await session_.set_variable("PBXCTL_CALL", run_);
    co_return set;
}

net::Task<Result<void>> CallState::record_whole_call() {
    const auto base = recording_base(settings_.recordings, run_, "");
    if (!base) {
        log::error("call {}: not recorded: {}", run_, base.error().text());
        co_return Result<void>{};
    }
    recording_ = *base + ".wav";
    auto started = co_await session_.exec("MixMonitor", recording_, 10s);
    if (started && !started->found) {
        recording_.clear();
        log::error("call {}: not recorded: asterisk has no MixMonitor; load app_mixmonitor.so", run_);
    }
    if (!started) co_return Unexpected(started.error());
    co_return Result<void>{};
}

}  // namespace pbx::oksana
