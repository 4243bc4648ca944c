// The inside of a call, for call*.cpp only: what is asked for (actions), what is being said, what is listened
// for.
#pragma once

#include "oksana/call.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace pbx::oksana {

class CallState {
  public:
    CallState(agi::Session& session, agi::EagiAudio* audio, const dialog::Dialog& dialog,
              CallServices services, CallSettings settings);

    [[nodiscard]] net::Task<Result<CallResult>> run();

  private:
    using Moment = std::chrono::steady_clock::time_point;

    // call.cpp: the engine in the middle
    [[nodiscard]] net::Task<Result<void>> set_up();
    [[nodiscard]] net::Task<Result<void>> walk();
    [[nodiscard]] net::Task<Result<void>> import_variables();
    [[nodiscard]] dialog::Variables known_variables() const;
    void take(const dialog::Event& event);  // to the engine; its actions are queued and wake the line
    [[nodiscard]] net::Task<Result<void>> finish(Result<void> walked);

    // call_line.cpp: speaking and listening
    [[nodiscard]] net::Task<Result<void>> idle();  // say or listen until something happens
    [[nodiscard]] net::Task<Result<void>> say_next();
    [[nodiscard]] net::Task<Result<void>> listen_on();
    [[nodiscard]] net::Task<Result<agi::Played>> wait_quietly(std::chrono::milliseconds most);
    [[nodiscard]] static net::Task<void> alarm(std::shared_ptr<agi::Session*> session,
                                               std::chrono::milliseconds after);
    void open_question(const dialog::Listen& listen);
    void close_question();
    void start_waiting();  // the prompt is over: the time to the first word runs
    void stop_speaking();
    void on_speech(Moment began);
    void on_utterance(const Utterance& utterance);
    void on_ear_failure(const Error& error);
    void on_key(char key);
    void on_time_over();
    [[nodiscard]] Hearing::Handlers hearing_handlers();
    [[nodiscard]] bool counts_now(const Utterance& utterance) const;

    // call_actions.cpp: one function an action that waits
    [[nodiscard]] net::Task<Result<void>> perform(dialog::Action action);
    [[nodiscard]] net::Task<Result<void>> save(dialog::Save save);
    [[nodiscard]] net::Task<Result<void>> record(dialog::Record record);
    [[nodiscard]] net::Task<Result<void>> transfer(dialog::Transfer transfer);
    [[nodiscard]] net::Task<Result<void>> hand_over(const dialog::Fields& context);
    [[nodiscard]] net::Task<Result<dialog::DialOutcome>> dial(std::string target);
    [[nodiscard]] net::Task<Result<void>> hang_up();
    [[nodiscard]] net::Task<Result<void>> tell_result();
    [[nodiscard]] net::Task<Result<void>> record_whole_call();
    void notify(const dialog::Notify& notify);

    // call_notes.cpp: the journal
    void note_begin();
    void note_end();
    void note(TurnKind kind, std::string text);
    void note(Turn turn);
    void note_heard(const Utterance& utterance, dialog::Sureness sureness);
    void note_event(const dialog::Event& event);
    [[nodiscard]] std::chrono::milliseconds since_start() const;

    agi::Session& session_;
    agi::EagiAudio* audio_;
    const dialog::Dialog& dialog_;
    CallServices services_;
    CallSettings settings_;
    dialog::Language language_;
    Hearing hearing_;
    std::optional<dialog::Engine> engine_;
    std::string run_;
    Moment started_{};

    std::deque<dialog::Action> todo_;
    std::deque<dialog::Say> to_say_;
    bool says_pending_ = false;  // a Spoken is owed when to_say_ has been said
    bool playing_ = false;
    bool told_hangup_ = false;
    bool hung_up_by_us_ = false;

    std::optional<dialog::Listen> question_;
    std::optional<Moment> deadline_;   // of the first word, or of the next key
    bool collecting_ = false;          // a key came: the deadline is that of the next one
    std::optional<Moment> last_word_;  // when the caller's last word ended, until we answer it

    std::int64_t saves_ = 0, notes_ = 0;
    std::string error_, transfer_, recording_;
    Counters counters_;
    dialog::Variables imported_;
    std::shared_ptr<agi::Session*> alarm_;
};

}  // namespace pbx::oksana
