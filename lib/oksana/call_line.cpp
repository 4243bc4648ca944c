// Speaking and listening: one STREAM FILE at a time is in flight, a prompt or a silence; what the caller does
// meanwhile goes to the engine at once, and its answer interrupts the command in flight.
#include "core/log.hpp"
#include "net/bell.hpp"
#include "oksana/call_state.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::oksana {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {
constexpr const char* all_keys = "0123456789*#";
// of Asterisk's core sounds: ten seconds of silence, so that the caller gets RTP and his keys are seen
constexpr const char* silence_file = "silence/10";
constexpr milliseconds longest_recorded_prompt = 10min;
constexpr milliseconds recognition_slice = 200ms;  // how often a wait for a busy ear looks at the clock
constexpr milliseconds longest_patience = 20s;     // for an ear that never says a word was over
}  // namespace

net::Task<Result<void>> CallState::idle() {
    if (!to_say_.empty()) {
        auto said = co_await say_next();
        co_return said;
    }
    if (says_pending_) {
        says_pending_ = false;
        start_waiting();
        take(dialog::Spoken{});
        co_return Result<void>{};
    }
    if (question_) {
        auto listened = co_await listen_on();
        co_return listened;
    }
    co_return fail(Code::bug, fmt::format("the dialog waits for nothing in step {}", engine_->step()));
}

net::Task<Result<void>> CallState::say_next() {
    const dialog::Say say = to_say_.front();
    // a Say that repeats what is rendered costs a look at the cache
    const speech::Utterance utterance{dialog::spoken(language_, say.text), say.file, say.voice};
    auto work = [this, utterance] { return services_.prompts.prepare(utterance); };
    auto prompt = co_await services_.pool.run(work);
    if (to_say_.empty() || !todo_.empty()) co_return Result<void>{};  // something happened meanwhile
    if (!prompt) {
        to_say_.pop_front();
        log::error("call {}: {}", run_, prompt.error().text());
        note(TurnKind::remark, fmt::format("not said: {}", prompt.error().text()));
        co_return Result<void>{};
    }
    const bool keys_count = question_ && question_->barge != dialog::Barge::no && !question_->only_interrupts;
    const milliseconds most = prompt->duration > 0ms ? prompt->duration + 10s : longest_recorded_prompt;
    note(Turn{.kind = TurnKind::said, .text = say.text.empty() ? say.file : say.text});
    playing_ = true;
    hearing_.speaking(true);
    std::string keys;
    if (keys_count) keys = question_->keys;
    auto played = co_await session_.stream_file(prompt->path, keys, most);
    playing_ = false;
    hearing_.speaking(false);
    if (!played) co_return Unexpected(played.error());
    using End = agi::Played::End;
    if (played->end == End::missing_file) {
        log::error("call {}: asterisk cannot open {}", run_, prompt->path);
        note(TurnKind::remark, fmt::format("not said: asterisk cannot open {}", prompt->path));
    }
    if (played->end == End::finished || played->end == End::missing_file) {
        if (!to_say_.empty()) to_say_.pop_front();
    }
    if (played->key) {
        stop_speaking();
        on_key(*played->key);
    }
    co_return Result<void>{};
}

net::Task<Result<void>> CallState::listen_on() {
    const Moment now = services_.clock.now();
    if (!deadline_) start_waiting();
    milliseconds left = std::chrono::duration_cast<milliseconds>(*deadline_ - now);
    const bool late = left <= 0ms;
    if (late && (!hearing_.busy() || now - *deadline_ > longest_patience)) {
        on_time_over();
        co_return Result<void>{};
    }
    if (late) left = recognition_slice;  // somebody speaks: his words decide, not the clock
    alarm_ = std::make_shared<agi::Session*>(&session_);
    services_.loop.spawn(alarm(alarm_, left));
    auto played = co_await wait_quietly(left);
    *alarm_ = nullptr;  // or it would cut short the next prompt
    if (!played) co_return Unexpected(played.error());
    if (played->key) on_key(*played->key);
    co_return Result<void>{};
}

net::Task<Result<agi::Played>> CallState::wait_quietly(milliseconds most) {
    auto played = co_await session_.stream_file(silence_file, all_keys, most + 15s);
    if (played && played->end == agi::Played::End::missing_file)  // core sounds are not installed
        played = co_await session_.wait_for_digit(most);
    co_return played;
}

net::Task<void> CallState::alarm(std::shared_ptr<agi::Session*> session, milliseconds after) {
    co_await net::sleep_for(after);
    if (*session != nullptr) (*session)->interrupt();
}

void CallState::open_question(const dialog::Listen& listen) {
    question_ = listen;
    collecting_ = false;
    deadline_.reset();
    if (!listen.only_interrupts) ++counters_.questions;
    if (audio_ != nullptr && services_.open_ear) hearing_.ask(listen.grammar, listen.pause);
}

void CallState::close_question() {
    question_.reset();
    deadline_.reset();
    hearing_.stop();
}

void CallState::start_waiting() {
    if (question_) deadline_ = services_.clock.now() + question_->listen;
    collecting_ = false;
}

void CallState::stop_speaking() {
    const bool was_speaking = playing_ || !to_say_.empty();
    to_say_.clear();
    says_pending_ = false;
    if (was_speaking) ++counters_.interrupted;
    if (playing_) session_.interrupt();
    if (!collecting_) start_waiting();  // a key that stopped her waits for the next one, not for a word
}

void CallState::on_speech(Moment began) {
    if (!playing_ || !question_ || question_->only_interrupts || question_->barge != dialog::Barge::voice)
        return;
    stop_speaking();
    const auto delay = std::chrono::duration_cast<milliseconds>(services_.clock.now() - began);
    note(TurnKind::timing,
         fmt::format("voice stopped the prompt {} ms after its first frame", delay.count()));
}

// While she speaks only what is surely an answer counts: noise, an echo and half a word must not cut her
// short.
bool CallState::counts_now(const Utterance& utterance) const {
    if (!question_) return false;
    return !playing_ || utterance.hypothesis.verdict == speech::Hypothesis::Verdict::accept;
}

void CallState::on_utterance(const Utterance& utterance) {
    using Verdict = speech::Hypothesis::Verdict;
    const auto& heard = utterance.hypothesis;
    auto sureness = heard.verdict == Verdict::accept    ? dialog::Sureness::sure
                    : heard.verdict == Verdict::confirm ? dialog::Sureness::unsure
                                                        : dialog::Sureness::not_understood;
    if (heard.text.empty()) sureness = dialog::Sureness::not_understood;
    if (!counts_now(utterance) || (playing_ && heard.text.empty())) return;
    note_heard(utterance, sureness);
    last_word_ = utterance.ended;
    take(dialog::Heard{heard.text, sureness});
}

void CallState::on_ear_failure(const Error& error) {
    log::error("call {}: {}", run_, error.text());
    note(TurnKind::remark, fmt::format("not heard: {}", error.text()));
    if (question_ && !playing_ && !question_->only_interrupts)
        take(dialog::Heard{"", dialog::Sureness::not_understood});
}

void CallState::on_key(char key) {
    if (!question_ || question_->only_interrupts) return;
    note(TurnKind::key, std::string(1, key));
    collecting_ = true;
    deadline_ = services_.clock.now() + question_->key_gap;
    last_word_ = services_.clock.now();
    take(dialog::Key{key});
}

void CallState::on_time_over() {
    deadline_.reset();
    if (std::exchange(collecting_, false)) return take(dialog::KeysEnd{});
    if (question_ && question_->only_interrupts) return;
    ++counters_.silences;
    note(TurnKind::silence, {});
    take(dialog::Silence{});
}

Hearing::Handlers CallState::hearing_handlers() {
    return {.started = [this](Moment began) { on_speech(began); },
            .heard = [this](const Utterance& utterance) { on_utterance(utterance); },
            .nothing = [] {},
            .failed = [this](const Error& error) { on_ear_failure(error); }};
}

}  // namespace pbx::oksana
