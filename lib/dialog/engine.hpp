// One call's walk through a dialog: an event in, actions out. Pure: no socket, no clock, no thread; a phone
// call, a terminal, a test script and a replay drive it alike. man/pbxctl-dialog.5 is its specification.
#pragma once

#include "dialog/action.hpp"
#include "dialog/dialog.hpp"
#include "dialog/event.hpp"
#include "dialog/variables.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace pbx::dialog {

class PreparedQuestions;  // matchers and grammars of one dialog, made at their first use
// To be shared by many calls of one dialog, on one thread; the dialog must outlive it.
[[nodiscard]] std::shared_ptr<PreparedQuestions> prepare(const Dialog& dialog);

class Engine {
  public:
    // `initial`: caller, callername, called, call, every variable of Dialog::imports, and language if the
    // call is not in the dialog's own. The dialog must outlive the engine.
    Engine(const Dialog& dialog, Variables initial, const Now& now,
           std::shared_ptr<PreparedQuestions> questions = {});
    ~Engine();
    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;

    // The first event is Started. No actions means: what was asked for last goes on.
    [[nodiscard]] std::vector<Action> on(const Event& event);

    // What she waits for: the driver of a test or a terminal acts by it, a call need not.
    enum class Waiting { nothing, spoken, caller, recorded, saved, dialled, ended };
    [[nodiscard]] Waiting waiting() const;
    [[nodiscard]] bool ended() const { return waiting() == Waiting::ended; }

    // Why it ended (or how it stands), for PBXCTL_RESULT and the journal.
    enum class Outcome { going_on, finished, transferred, hungup, failed };
    [[nodiscard]] Outcome outcome() const;
    [[nodiscard]] const std::string& step() const;  // the step she is in
    [[nodiscard]] const Variables& variables() const;

  private:
    class Walk;
    std::unique_ptr<Walk> walk_;
};

[[nodiscard]] std::string_view name_of(Engine::Outcome outcome);  // "finished", …

}  // namespace pbx::dialog
