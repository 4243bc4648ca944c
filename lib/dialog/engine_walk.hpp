// The state of one call inside the engine. Not for others to include; its methods are spread over
// engine_walk (lines, steps, ends), engine_answer (what the caller does) and engine_prepare (grammars).
#pragma once

#include "dialog/engine.hpp"
#include "dialog/engine_prepare.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dialog {

constexpr std::size_t most_steps_alone = 100;  // entered without a word of the caller: a circle
constexpr std::size_t most_open_groups = 8;    // `ask` inside `ask`
constexpr std::size_t most_typed_keys = 32;

class Engine::Walk {
  public:
    Walk(const Dialog& dialog, Variables initial, const Now& now,
         std::shared_ptr<PreparedQuestions> questions);
    std::vector<Action> on(const Event& event);

    Waiting waiting = Waiting::nothing;
    Outcome outcome = Outcome::going_on;
    Variables variables;
    std::string step_name;

  private:
    void on_event(const Started&);
    void on_event(const Spoken&);
    void on_event(const Heard& heard);
    void on_event(const Key& key);
    void on_event(const KeysEnd&);
    void on_event(const Silence&);
    void on_event(const Recorded& recorded);
    void on_event(const Dialled& dialled);
    void on_event(const Saved& saved);
    void on_event(const HungUp&);

    // walking
    [[nodiscard]] const Step& here() const { return dialog_.steps[step_]; }
    void run();
    void enter(std::size_t step);
    void go(const Target& target);
    bool spoken_before(const Target& target);
    void go_when_spoken(const Arrow& arrow);
    void do_line(const Line& line);
    void do_what(const line::Say& say);
    void do_what(const line::Set& set);
    void do_what(const line::If& branch);
    void do_what(const line::Ask& ask);
    void do_what(const line::Record& record);
    void do_what(const line::Save& save);
    void do_what(const line::Notify& notify);
    void do_end(const std::monostate&);
    void do_end(const Question& question);
    void do_end(const Arrow& arrow);
    void do_end(const end::Transfer& transfer);
    void do_end(const end::Hangup&);
    void do_hangup_section();
    void leave();
    void finish(Outcome how);
    void fail(std::string_view why);

    // speaking
    void say(Say say);
    void say(const Wording& wording);
    void say_again(const std::vector<Say>& prompt);
    void stop_speaking();
    bool must_finish_speaking();
    [[nodiscard]] std::string filled(const Text& text) const;
    [[nodiscard]] const Text* worded(const Wording& wording) const;
    [[nodiscard]] Fields fields_of(const std::vector<std::string>& names) const;
    void remark(std::string text) { out_.push_back(Remarked{std::move(text)}); }

    // the open question
    struct Open {
        const Question* question = nullptr;
        std::vector<Say> prompt;
        std::size_t misses = 0, not_understood = 0, silences = 0;
        std::optional<Match> pending;  // asked "did you say …?"
        std::string pending_heard;
    };
    void listen();
    void take(const Arrow& arrow, const std::vector<Filled>& filled_in);
    void answered(const Heard& heard, const Match& match);
    void confirm(const Match& match, const std::string& heard);
    void confirmation(const Heard& heard, const std::optional<Match>& match);
    void unclear();
    void not_understood();
    void missed(const std::vector<Wording>& wordings, std::size_t& times, std::string_view what);
    void ask_again();
    void interrupt(const Heard& heard, const Match& match, const Arrow& arrow);
    void press(char key);
    void decide_keys(bool complete);
    void feed_typed();
    [[nodiscard]] bool one_more_miss(std::string_view what);
    [[nodiscard]] bool must_not_count_yet() const;
    [[nodiscard]] const Prepared& prepared(const Question* question);
    [[nodiscard]] const Question* open_question() const {
        return waiting == Waiting::caller ? open_.question : nullptr;
    }
    void set_language(std::string_view name);

    const Dialog& dialog_;
    Now now_;
    Language language_;
    std::shared_ptr<PreparedQuestions> questions_;
    std::vector<Action> out_;

    std::size_t step_ = 0, line_ = 0;
    struct Return {
        std::size_t step, line;
    };
    std::vector<Return> groups_;  // where open groups come back to
    Open open_;
    std::vector<Say> prompt_;  // what she said since the caller's last turn
    bool new_prompt_ = true;
    bool speaking_ = false;      // a Say was asked for and neither Spoken nor StopSpeaking has followed
    bool was_speaking_ = false;  // … already when the event at hand came
    bool listening_ = false;     // the open question has its Listen
    bool hanging_up_ = false, caller_left_ = false, in_hangup_section_ = false, out_of_turns_ = false;
    std::string typed_;    // keys pressed before their question was open
    std::string pressed_;  // keys of the answer at hand
    std::size_t turns_ = 0, alone_ = 0;
};

}  // namespace pbx::dialog
