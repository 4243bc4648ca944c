#include "dialog/engine.hpp"

#include "dialog/engine_walk.hpp"

#include <utility>

namespace pbx::dialog {

std::shared_ptr<PreparedQuestions> prepare(const Dialog& dialog) {
    return std::make_shared<PreparedQuestions>(dialog);
}

Engine::Engine(const Dialog& dialog, Variables initial, const Now& now,
               std::shared_ptr<PreparedQuestions> questions)
    : walk_(std::make_unique<Walk>(dialog, std::move(initial), now,
                                   questions ? std::move(questions) : prepare(dialog))) {}
Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

std::vector<Action> Engine::on(const Event& event) {
    return walk_->on(event);
}
Engine::Waiting Engine::waiting() const {
    return walk_->waiting;
}
Engine::Outcome Engine::outcome() const {
    return walk_->outcome;
}
const std::string& Engine::step() const {
    return walk_->step_name;
}
const Variables& Engine::variables() const {
    return walk_->variables;
}

std::string_view name_of(Engine::Outcome outcome) {
    switch (outcome) {
        case Engine::Outcome::going_on:
            return "going-on";
        case Engine::Outcome::finished:
            return "finished";
        case Engine::Outcome::transferred:
            return "transferred";
        case Engine::Outcome::hungup:
            return "hungup";
        case Engine::Outcome::failed:
            return "failed";
    }
    return "failed";
}

}  // namespace pbx::dialog
