#include "dialog/engine_walk.hpp"

#include <string_view>
#include <utility>

namespace pbx::dialog {

void Engine::Walk::on_event(const Key& key) {
    const bool early = waiting == Waiting::spoken || waiting == Waiting::saved || waiting == Waiting::nothing;
    const bool kept = early || (waiting == Waiting::caller && speaking_ && here().barge_in() == Barge::no);
    if (kept && typed_.size() < most_typed_keys)
        typed_ += key.key;
    else if (waiting == Waiting::caller)
        press(key.key);
}

// Keys pressed before their question was open, or while nothing might stop her.
void Engine::Walk::feed_typed() {
    if (speaking_ && here().barge_in() == Barge::no) return;
    const auto keys = std::exchange(typed_, {});
    const auto* question = open_.question;
    for (const char key : keys)
        if (waiting == Waiting::caller && open_.question == question && open_.misses == 0) press(key);
}

void Engine::Walk::press(char key) {
    if (open_.question->keys.empty()) return;
    stop_speaking();
    pressed_ += key;
    decide_keys(false);
}

void Engine::Walk::on_event(const KeysEnd&) {
    if (waiting == Waiting::caller && !pressed_.empty()) decide_keys(true);
}

// An answer is complete when no longer one can begin with it, at #, or when the caller pauses.
void Engine::Walk::decide_keys(bool complete) {
    const Keys* found = nullptr;
    bool longer = false;
    std::string_view digits = pressed_;
    if (digits.ends_with('#') && digits.size() > 1) digits.remove_suffix(1);
    const bool only_digits = digits.find_first_of("*#") == std::string_view::npos;
    for (const auto& keys : open_.question->keys) {
        if (!keys.exact.empty()) {
            if (keys.exact == pressed_ && (found == nullptr || found->exact.empty())) found = &keys;
            longer = longer || (keys.exact.size() > pressed_.size() && keys.exact.starts_with(pressed_));
            continue;
        }
        const bool ended = digits.size() < pressed_.size();
        if (only_digits && digits.size() >= keys.fewest && digits.size() <= keys.most && found == nullptr)
            found = &keys;
        longer = longer || (only_digits && !ended && digits.size() < keys.most);
    }
    if (longer && !complete) return;
    variables.set("heard", pressed_);
    if (found == nullptr) return not_understood();
    std::vector<Filled> filled_in;
    if (found->exact.empty())
        filled_in.push_back({found->variable, {std::string(digits)}, std::string(digits)});
    take(found->arrow, filled_in);
}

}  // namespace pbx::dialog
