#include "dialog/engine_walk.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::dialog {

Engine::Walk::Walk(const Dialog& dialog, Variables initial, const Now& now,
                   std::shared_ptr<PreparedQuestions> questions)
    : variables(std::move(initial)),
      dialog_(dialog),
      now_(now),
      language_(dialog.language),
      questions_(std::move(questions)) {
    set_language(variables.text("language"));
    variables.set("dialog", dialog.name);
    variables.set("language", std::string(name_of(language_)));
    variables.set("date", fmt::format("{:04}-{:02}-{:02}", int(now.date.year()), unsigned(now.date.month()),
                                      unsigned(now.date.day())));
    variables.set("time", fmt::format("{:02}:{:02}", now.hour, now.minute));
    variables.set("hour", std::to_string(now.hour));
    const std::chrono::weekday weekday{std::chrono::sys_days(now.date)};
    variables.set("weekday", std::to_string(weekday.iso_encoding()));  // 1 Monday … 7 Sunday
}

void Engine::Walk::set_language(std::string_view name) {
    if (const auto language = language_named(name)) language_ = *language;
}

std::vector<Action> Engine::Walk::on(const Event& event) {
    out_.clear();
    if (waiting == Waiting::ended) return {};
    was_speaking_ = speaking_;
    std::visit([this](const auto& what) { on_event(what); }, event);
    run();
    return std::move(out_);
}

void Engine::Walk::on_event(const Started&) {
    if (step_name.empty()) go(dialog_.start);
}

void Engine::Walk::on_event(const Spoken&) {
    if (!speaking_) return;
    speaking_ = false;
    if (waiting == Waiting::spoken) waiting = Waiting::nothing;
    if (waiting == Waiting::caller) feed_typed();
}

void Engine::Walk::on_event(const Recorded& recorded) {
    if (waiting != Waiting::recorded) return;
    waiting = Waiting::nothing;
    variables.set(std::get<line::Record>(here().lines[line_].what).variable, recorded.file);
    new_prompt_ = true;
    ++line_;
}

void Engine::Walk::on_event(const Dialled& dialled) {
    if (waiting != Waiting::dialled) return;
    if (dialled.outcome == DialOutcome::answered) return finish(Outcome::transferred);
    waiting = Waiting::nothing;
    new_prompt_ = true;
    const auto& transfer = std::get<end::Transfer>(here().end.what);
    const auto* arrow = dialled.outcome == DialOutcome::busy       ? &transfer.busy
                        : dialled.outcome == DialOutcome::noanswer ? &transfer.noanswer
                                                                   : &transfer.failed;
    // a call that could not be placed is for the dialog one that nobody answered, unless it says otherwise
    if (!*arrow && dialled.outcome == DialOutcome::failed) arrow = &transfer.noanswer;
    if (*arrow)
        go((*arrow)->to);
    else
        fail("nobody took the call");
}

void Engine::Walk::on_event(const Saved& saved) {
    if (waiting != Waiting::saved) return;
    waiting = Waiting::nothing;
    ++line_;
    if (saved.ok) return;
    // what was not kept must not be called accepted
    if (caller_left_)
        remark("save failed");
    else
        fail("what the caller said could not be kept");
}

void Engine::Walk::on_event(const HungUp&) {
    if (caller_left_) return;
    caller_left_ = true;
    if (hanging_up_) return finish(outcome == Outcome::failed ? Outcome::failed : Outcome::finished);
    if (waiting != Waiting::saved) waiting = Waiting::nothing;  // else its Saved comes first
}

// Lines are done until she has to wait for something.
void Engine::Walk::run() {
    while (waiting == Waiting::nothing && !(step_name.empty() && !hanging_up_ && !caller_left_)) {
        if (caller_left_) {
            do_hangup_section();
        } else if (hanging_up_) {
            do_end(end::Hangup{});
        } else if (line_ < here().lines.size()) {
            do_line(here().lines[line_]);
        } else {
            std::visit([this](const auto& what) { do_end(what); }, here().end.what);
        }
    }
}

// The next save or notify of the hang-up section. ${step} stays the step where the caller left.
void Engine::Walk::do_hangup_section() {
    if (!dialog_.hangup || dialog_.hangup->kind != Target::Kind::step) return finish(Outcome::hungup);
    if (!in_hangup_section_) {
        in_hangup_section_ = true;
        step_ = dialog_.hangup->step;
        line_ = 0;
    }
    if (line_ == here().lines.size()) return finish(Outcome::hungup);
    const auto& what = here().lines[line_].what;
    if (const auto* save = std::get_if<line::Save>(&what)) return do_what(*save);
    if (const auto* notify = std::get_if<line::Notify>(&what)) return do_what(*notify);
    if (const auto* set = std::get_if<line::Set>(&what)) return do_what(*set);
    ++line_;  // nobody is there to hear it; load has refused such a line
}

void Engine::Walk::finish(Outcome how) {
    waiting = Waiting::ended;
    outcome = how;
}

void Engine::Walk::enter(std::size_t step) {
    if (++alone_ > most_steps_alone) {
        remark("steps go in a circle");
        return leave();
    }
    step_ = step;
    line_ = 0;
    open_ = {};
    step_name = here().name;
    variables.set("step", step_name);
    out_.push_back(Entered{step_name});
}

void Engine::Walk::go(const Target& target) {
    if (target.kind == Target::Kind::step) return enter(target.step);
    if (target.kind == Target::Kind::back && !groups_.empty()) {
        const auto to = groups_.back();
        groups_.pop_back();
        enter(to.step);
        line_ = to.line;
        return;
    }
    fail(fmt::format("no step \"{}\"", target.name));
}

// Where the caller goes when the dialog has no way on: the step of `fail`, once; then the call ends.
void Engine::Walk::fail(std::string_view why) {
    remark(std::string(why));
    open_ = {};
    groups_.clear();
    typed_.clear();
    const bool possible = dialog_.fail && dialog_.fail->kind == Target::Kind::step;
    const bool there = possible && !step_name.empty() && step_ == dialog_.fail->step;
    if (!possible || there || out_of_turns_) return leave();
    out_of_turns_ = turns_ >= dialog_.turns;
    enter(dialog_.fail->step);
}

void Engine::Walk::leave() {
    hanging_up_ = true;
    outcome = Outcome::failed;
}

void Engine::Walk::do_line(const Line& line) {
    std::visit([this](const auto& what) { do_what(what); }, line.what);
}

void Engine::Walk::do_what(const line::Say& line) {
    ++line_;
    Say action;
    if (line.file) action.file = filled(*line.file);
    if (const auto* text = worded(line.text)) action.text = filled(*text);
    if (!action.file.empty() || !action.text.empty()) say(std::move(action));
}

void Engine::Walk::do_what(const line::Set& set) {
    ++line_;
    auto text = filled(set.text);
    if (set.variable == "language") {
        set_language(text);
        text = name_of(language_);
    }
    variables.set(set.variable, std::move(text), set.value);
}

// Her speech goes on over an arrow where both steps let the caller interrupt it alike; otherwise it ends
// first.
bool Engine::Walk::spoken_before(const Target& target) {
    const bool alike =
        target.kind == Target::Kind::step && dialog_.steps[target.step].barge_in() == here().barge_in();
    return alike || !must_finish_speaking();
}

void Engine::Walk::go_when_spoken(const Arrow& arrow) {
    if (spoken_before(arrow.to)) go(arrow.to);
}

void Engine::Walk::do_what(const line::If& branch) {
    if (holds(branch.condition, [this](std::string_view name) { return variables.text(name); }))
        go_when_spoken(branch.arrow);
    else
        ++line_;
}

void Engine::Walk::do_what(const line::Ask& ask) {
    if (ask.group.to.kind != Target::Kind::step)
        return fail(fmt::format("no group \"{}\"", ask.group.to.name));
    if (groups_.size() == most_open_groups) return fail("groups ask each other in a circle");
    if (!spoken_before(ask.group.to)) return;
    groups_.push_back({step_, line_ + 1});
    enter(ask.group.to.step);
}

void Engine::Walk::do_what(const line::Record& record) {
    if (must_finish_speaking()) return;
    out_.push_back(Record{record.variable, record.most, record.silence});
    waiting = Waiting::recorded;
}

void Engine::Walk::do_what(const line::Save& save) {
    out_.push_back(Save{save.table, fields_of(save.fields)});
    waiting = Waiting::saved;
}

void Engine::Walk::do_what(const line::Notify& notify) {
    ++line_;
    out_.push_back(Notify{notify.kind, filled(notify.target), filled(notify.text)});
}

void Engine::Walk::do_end(const std::monostate&) {
    fail(fmt::format("step \"{}\" has no end", here().name));
}

void Engine::Walk::do_end(const Question& question) {
    open_ = {};
    open_.question = &question;
    open_.prompt = prompt_;
    pressed_.clear();
    listening_ = false;
    waiting = Waiting::caller;
    feed_typed();
    if (waiting == Waiting::caller && !listening_) listen();
}

void Engine::Walk::do_end(const Arrow& arrow) {
    go_when_spoken(arrow);
}

void Engine::Walk::do_end(const end::Transfer& transfer) {
    if (must_finish_speaking()) return;
    Transfer action{filled(transfer.target), fields_of(transfer.context),
                    transfer.busy || transfer.noanswer || transfer.failed};
    waiting = Waiting::dialled;
    if (!action.target.empty()) {
        out_.push_back(std::move(action));
        return;
    }
    remark("the transfer has no target");
    on_event(Dialled{DialOutcome::failed});
}

void Engine::Walk::do_end(const end::Hangup&) {
    hanging_up_ = true;
    if (must_finish_speaking()) return;
    out_.push_back(Hangup{});
    finish(outcome == Outcome::failed ? Outcome::failed : Outcome::finished);
}

}  // namespace pbx::dialog
