#include "oksana/call.hpp"

#include "core/log.hpp"
#include "oksana/call_state.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::oksana {

namespace {
// A question stays open under these; any other action closes it (dialog/action.hpp, Listen).
bool keeps_question(const dialog::Action& action) {
    return std::holds_alternative<dialog::StopSpeaking>(action) ||
           std::holds_alternative<dialog::Entered>(action) ||
           std::holds_alternative<dialog::Remarked>(action);
}
}  // namespace

CallState::CallState(agi::Session& session, agi::EagiAudio* audio, const dialog::Dialog& dialog,
                     CallServices services, CallSettings settings)
    : session_(session),
      audio_(audio),
      dialog_(dialog),
      services_(std::move(services)),
      settings_(std::move(settings)),
      language_(call_language(dialog, session.environment())),
      hearing_(services_.pool, services_.open_ear, hearing_handlers()),
      started_(services_.clock.now()),
      alarm_(std::make_shared<agi::Session*>(&session)) {}

net::Task<Result<CallResult>> CallState::run() {
    Result<void> walked = co_await set_up();
    if (walked) walked = co_await walk();
    if (audio_ != nullptr) audio_->pause();
    *alarm_ = nullptr;
    Result<void> finished = co_await finish(std::move(walked));
    if (!finished) co_return Unexpected(finished.error());
    co_return CallResult{run_, std::string(dialog::name_of(engine_->outcome()))};
}

net::Task<Result<void>> CallState::set_up() {
    run_ = run_id(session_.environment().get("uniqueid"), services_.clock.wall());
    Result<void> answered = co_await session_.answer();
    if (!answered && !agi::is_caller_left(answered.error())) co_return answered;
    Result<void> imported = co_await import_variables();
    if (!imported) co_return imported;
    engine_.emplace(dialog_, known_variables(), services_.local_time(services_.clock.wall()));
    note_begin();
    if (settings_.record_calls) {
        Result<void> recording = co_await record_whole_call();
        if (!recording) co_return recording;
    }
    if (audio_ != nullptr && services_.open_ear) {
        audio_->listen([this](const agi::AudioFrame& frame) {
            audio::Frame samples{};
            std::copy_n(frame.samples.begin(), std::min(frame.samples.size(), samples.size()),
                        samples.begin());
            hearing_.on(samples, frame.arrived);
        });
    }
    co_return Result<void>{};
}

net::Task<Result<void>> CallState::import_variables() {
    for (const auto& name : dialog_.imports) {
        auto value = co_await session_.get_variable(name);
        if (!value && !agi::is_caller_left(value.error())) co_return Unexpected(value.error());
        if (value && *value) imported_.set(name, **value);
    }
    co_return Result<void>{};
}

dialog::Variables CallState::known_variables() const {
    dialog::Variables known = imported_;
    const auto& environment = session_.environment();
    known.set("caller", std::string(environment.known("callerid").value_or("")));
    known.set("callername", std::string(environment.known("calleridname").value_or("")));
    known.set("called", std::string(environment.known("dnid").value_or(environment.get("extension"))));
    known.set("call", run_);
    known.set("language", std::string(dialog::name_of(language_)));
    return known;
}

net::Task<Result<void>> CallState::walk() {
    take(dialog::Started{});
    while (!todo_.empty() || !engine_->ended()) {
        Result<void> went;
        if (!todo_.empty()) {
            dialog::Action action = std::move(todo_.front());
            todo_.pop_front();
            went = co_await perform(std::move(action));
        } else if (session_.left() && !told_hangup_) {
            told_hangup_ = true;
            to_say_.clear();
            close_question();
            note(TurnKind::hangup, {});
            take(dialog::HungUp{});
        } else if (session_.left()) {
            break;  // the dialog has nothing more to do for a caller who left
        } else {
            went = co_await idle();
        }
        if (!went && !agi::is_caller_left(went.error())) co_return went;
    }
    // the last words, when nothing waits for their end
    while (!to_say_.empty() && !session_.left()) {
        Result<void> said = co_await say_next();
        if (!said && !agi::is_caller_left(said.error())) co_return said;
    }
    co_return Result<void>{};
}

void CallState::take(const dialog::Event& event) {
    note_event(event);
    auto actions = engine_->on(event);
    if (actions.empty()) return;
    bool stops = std::any_of(actions.begin(), actions.end(), [](const dialog::Action& action) {
        return std::holds_alternative<dialog::StopSpeaking>(action);
    });
    if (!std::all_of(actions.begin(), actions.end(), keeps_question)) close_question();
    todo_.insert(todo_.end(), std::make_move_iterator(actions.begin()),
                 std::make_move_iterator(actions.end()));
    // what is being said is left to its end unless the engine stops it; a silence has no end worth waiting
    // for
    if (stops || !playing_) session_.interrupt();
}

net::Task<Result<void>> CallState::finish(Result<void> walked) {
    if (!walked) {
        error_ = walked.error().text();
        log::error("call {}: {}", run_, error_);
    }
    if (!engine_) {  // the line was gone before the dialog began
        if (!walked) co_return walked;
        co_return fail(Code::unavailable, "the call ended before its dialog began");
    }
    Result<void> told = co_await tell_result();
    if (!told && !agi::is_caller_left(told.error())) log::debug("call {}: {}", run_, told.error().text());
    note_end();
    co_return walked;
}

dialog::Language call_language(const dialog::Dialog& dialog, const agi::CallEnvironment& environment) {
    auto language = dialog::language_named(environment.get("language").substr(0, 2));
    return language && dialog.speaks[dialog::index_of(*language)] ? *language : dialog.language;
}

net::Task<Result<CallResult>> run_call(agi::Session& session, agi::EagiAudio* audio,
                                       const dialog::Dialog& dialog, CallServices services,
                                       CallSettings settings) {
    CallState state(session, audio, dialog, std::move(services), std::move(settings));
    auto result = co_await state.run();
    co_return result;
}

}  // namespace pbx::oksana
