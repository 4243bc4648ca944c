// The call's journal: every turn as it happens.
#include "oksana/call_state.hpp"

#include <utility>

namespace pbx::oksana {

std::chrono::milliseconds CallState::since_start() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(services_.clock.now() - started_);
}

void CallState::note_begin() {
    const auto variables = engine_->variables();
    services_.journal.begin(CallStart{.id = run_,
                                      .uniqueid = std::string(session_.environment().get("uniqueid")),
                                      .dialog = dialog_.name,
                                      .language = variables.text("language"),
                                      .caller = variables.text("caller"),
                                      .callername = variables.text("callername"),
                                      .called = variables.text("called"),
                                      .started = services_.clock.wall()});
}

void CallState::note_end() {
    services_.journal.end(run_, CallEnd{.ended = services_.clock.wall(),
                                        .outcome = std::string(dialog::name_of(engine_->outcome())),
                                        .detail = error_,
                                        .transfer = transfer_,
                                        .recording = recording_,
                                        .counters = counters_});
}

void CallState::note(TurnKind kind, std::string text) {
    note(Turn{.kind = kind, .text = std::move(text)});
}

void CallState::note(Turn turn) {
    turn.at = since_start();
    if (engine_) turn.step = engine_->step();
    if (turn.kind == TurnKind::said && last_word_)
        turn.latency = std::chrono::duration_cast<std::chrono::milliseconds>(
            services_.clock.now() - *std::exchange(last_word_, std::nullopt));
    services_.journal.turn(run_, std::move(turn));
}

void CallState::note_heard(const Utterance& utterance, dialog::Sureness sureness) {
    const char* verdict = sureness == dialog::Sureness::sure     ? "sure"
                          : sureness == dialog::Sureness::unsure ? "unsure"
                                                                 : "not_understood";
    if (sureness == dialog::Sureness::not_understood) ++counters_.not_understood;
    if (sureness == dialog::Sureness::unsure) ++counters_.confirmed;
    note(Turn{.kind = TurnKind::heard,
              .text = utterance.hypothesis.text,
              .verdict = verdict,
              .score = utterance.hypothesis.score});
}

void CallState::note_event(const dialog::Event& event) {
    if (const auto* dialled = std::get_if<dialog::Dialled>(&event)) {
        constexpr const char* words[] = {"answered", "busy", "noanswer", "failed"};
        note(TurnKind::remark, words[static_cast<std::size_t>(dialled->outcome)]);
    }
}

}  // namespace pbx::oksana
