#include "dialog/engine_walk.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::dialog {

namespace {
const Wording& default_confirm() {
    static const Wording wording = [] {
        Wording made;
        made.in[index_of(Language::ru)] = parse_text("Вы сказали: ${heard}?").value();
        made.in[index_of(Language::en)] = parse_text("Did you say: ${heard}?").value();
        return made;
    }();
    return wording;
}
}  // namespace

const Prepared& Engine::Walk::prepared(const Question* question) {
    return questions_->question(question, language_);
}

void Engine::Walk::listen() {
    if (turns_ >= dialog_.turns) {
        waiting = Waiting::nothing;
        return fail("turns ran out");
    }
    const auto& ready = prepared(open_.question);
    Listen action;
    action.grammar =
        open_.pending ? questions_->confirmation(open_.question, language_).grammar : ready.grammar;
    action.keys = ready.keys;
    action.barge = here().barge_in();
    action.listen = open_.question->listen;
    action.pause = open_.question->pause;
    out_.push_back(std::move(action));
    listening_ = true;
    pressed_.clear();
    waiting = Waiting::caller;
}

// What comes while she speaks and may not stop her is not heard at all.
bool Engine::Walk::must_not_count_yet() const {
    const auto barge = here().barge_in();
    return speaking_ && (barge == Barge::no || barge == Barge::keys);
}

void Engine::Walk::on_event(const Heard& heard) {
    const bool question_open = waiting == Waiting::caller;
    if ((!question_open && waiting != Waiting::spoken) || hanging_up_ || must_not_count_yet()) return;
    const auto& ready = prepared(open_question());
    std::optional<Match> match;
    if (heard.sureness != Sureness::not_understood) match = ready.matcher.match(heard.text, now_);
    if (match && ready.is_interrupt(*match) && !(open_.pending && heard.sureness == Sureness::unsure))
        return interrupt(heard, *match, *ready.arrows[match->branch]);
    if (!question_open) return;
    // `words`: neither a cough nor her own echo ends the prompt
    if (speaking_ && here().barge_in() == Barge::words && !match && !open_.pending) return;
    pressed_.clear();
    variables.set("heard", heard.text);
    if (open_.pending) return confirmation(heard, match);
    if (!match) return not_understood();
    answered(heard, *match);
}

void Engine::Walk::answered(const Heard& heard, const Match& match) {
    if (heard.sureness == Sureness::unsure && !open_.question->sure) return confirm(match, heard.text);
    take(*prepared(open_.question).arrows[match.branch], match.filled);
}

void Engine::Walk::take(const Arrow& arrow, const std::vector<Filled>& filled_in) {
    ++turns_;
    alone_ = 0;
    stop_speaking();
    for (const auto& one : filled_in)
        if (!one.variable.empty()) variables.set(one.variable, Value{one.values, one.said});
    open_ = {};
    typed_.clear();
    pressed_.clear();
    new_prompt_ = true;
    waiting = Waiting::nothing;
    go(arrow.to);
}

void Engine::Walk::interrupt(const Heard& heard, const Match& match, const Arrow& arrow) {
    const bool question_open = waiting == Waiting::caller;
    if (arrow.to.kind == Target::Kind::step) {
        // a step is left for sure words only; an open question asks when unsure
        if (heard.sureness == Sureness::unsure && !question_open) return;
        if (!question_open && arrow.to.step == step_) return;  // she is saying it already
        if (heard.sureness == Sureness::unsure) {
            variables.set("heard", heard.text);
            return confirm(match, heard.text);
        }
    }
    variables.set("heard", heard.text);
    remark(fmt::format("interrupted: {}", heard.text));
    if (arrow.to.kind == Target::Kind::step || arrow.to.kind == Target::Kind::nowhere) {
        groups_.clear();
        return take(arrow, {});
    }
    ++turns_;
    alone_ = 0;
    const bool spoke = speaking_;
    stop_speaking();
    if (arrow.to.kind == Target::Kind::again) {
        say_again(prompt_);
        if (question_open) return listen();
        if (!must_finish_speaking()) waiting = Waiting::nothing;
        return;
    }
    if (!question_open) waiting = Waiting::nothing;  // stop: go on with what comes after the speech
    if (question_open && spoke) feed_typed();
}

// The unsure ear: "did you say …?"
void Engine::Walk::confirm(const Match& match, const std::string& heard) {
    stop_speaking();
    open_.pending = match;
    open_.pending_heard = heard;
    variables.set("heard", heard);
    new_prompt_ = true;
    say(open_.question->confirm.value_or(default_confirm()));
    listen();
}

void Engine::Walk::confirmation(const Heard& heard, const std::optional<Match>& match) {
    const auto& ready = prepared(open_.question);
    const auto pending = *open_.pending;
    std::optional<Match> yes_no;
    if (heard.sureness != Sureness::not_understood)
        yes_no = questions_->confirmation(open_.question, language_).yes_no.match(heard.text, now_);
    const bool yes = yes_no && yes_no->branch == 0, no = yes_no && yes_no->branch == 1;
    const bool same = match && match->branch == pending.branch;
    if (match && !same && heard.sureness == Sureness::sure) {  // "no, support": corrected at once
        open_.pending.reset();
        return take(*ready.arrows[match->branch], match->filled);
    }
    if ((same && !no) || (!match && yes)) {
        variables.set("heard", open_.pending_heard);
        return take(*ready.arrows[pending.branch], pending.filled);
    }
    if (no) {
        open_.pending.reset();
        if (one_more_miss("not understood")) ask_again();
        return;
    }
    if (match) {  // another answer, and unsure again
        if (one_more_miss("not understood")) confirm(*match, heard.text);
        return;
    }
    unclear();
}

// Neither yes nor no: the same is asked once more.
void Engine::Walk::unclear() {
    if (one_more_miss("not understood")) confirm(Match(*open_.pending), std::string(open_.pending_heard));
}

void Engine::Walk::not_understood() {
    missed(open_.question->otherwise, open_.not_understood, "not understood");
}

void Engine::Walk::on_event(const Silence&) {
    if (waiting != Waiting::caller) return;
    speaking_ = false;  // the driver stopped her by itself (barge = voice), and nothing followed
    if (!pressed_.empty()) return decide_keys(true);
    variables.set("heard", std::string());
    if (open_.pending) return unclear();
    missed(open_.question->silence, open_.silences, "silence");
}

// False when the tries of this question have run out, and the caller is on the way to `fail`.
bool Engine::Walk::one_more_miss(std::string_view what) {
    ++turns_;
    alone_ = 0;
    stop_speaking();
    pressed_.clear();
    new_prompt_ = true;
    if (++open_.misses < dialog_.tries) return true;
    waiting = Waiting::nothing;
    fail(fmt::format("tries ran out: {}", what));
    return false;
}

void Engine::Walk::missed(const std::vector<Wording>& wordings, std::size_t& times, std::string_view what) {
    const auto time = times++;
    if (!one_more_miss(what)) return;
    if (wordings.empty()) return ask_again();
    say(wordings[std::min(time, wordings.size() - 1)]);
    listen();
}

void Engine::Walk::ask_again() {
    say_again(open_.prompt);
    listen();
}

}  // namespace pbx::dialog
