#include "dialog/engine_walk.hpp"

#include <algorithm>
#include <utility>

namespace pbx::dialog {

std::string Engine::Walk::filled(const Text& text) const {
    return fill(text, [this](std::string_view name) { return variables.text(name); });
}

// In the language of the call; where that wording is missing, in the dialog's own.
const Text* Engine::Walk::worded(const Wording& wording) const {
    for (const auto language : {language_, dialog_.language})
        if (const auto& text = wording.of(language)) return &*text;
    return nullptr;
}

Fields Engine::Walk::fields_of(const std::vector<std::string>& names) const {
    Fields fields;
    for (const auto& name : names)
        fields.emplace_back(name, variables.text(name));
    return fields;
}

void Engine::Walk::say(Say say) {
    if (new_prompt_) prompt_.clear();
    new_prompt_ = false;
    speaking_ = true;
    say.voice = dialog_.voice;
    prompt_.push_back(say);
    out_.push_back(std::move(say));
}

void Engine::Walk::say(const Wording& wording) {
    const auto* text = worded(wording);
    if (text == nullptr) return;
    Say action;
    action.text = filled(*text);
    if (!action.text.empty()) say(std::move(action));
}

void Engine::Walk::say_again(const std::vector<Say>& prompt) {
    const auto copy = prompt;  // `prompt` may be prompt_ itself, which say() begins anew
    new_prompt_ = true;
    for (const auto& one : copy)
        say(one);
}

void Engine::Walk::stop_speaking() {
    if (!speaking_) return;
    speaking_ = false;
    std::erase_if(out_, [](const Action& action) { return std::holds_alternative<Say>(action); });
    if (was_speaking_) out_.push_back(StopSpeaking{});
    was_speaking_ = false;
}

// False when there is nothing to wait for. While she speaks the interrupt words are listened for.
bool Engine::Walk::must_finish_speaking() {
    if (!speaking_) return false;
    waiting = Waiting::spoken;
    const auto barge = here().barge_in();
    if (dialog_.interrupts.empty() || hanging_up_ || barge == Barge::no || barge == Barge::keys) return true;
    Listen listen;
    listen.grammar = questions_->question(nullptr, language_).grammar;
    listen.barge = Barge::words;  // any other word must not cut a sentence that asks nothing
    listen.only_interrupts = true;
    out_.push_back(std::move(listen));
    return true;
}

}  // namespace pbx::dialog
