// Visits every arrow of a dialog, for load (names become steps) and check (names that don't).
#pragma once

#include "dialog/dialog.hpp"

#include <type_traits>
#include <variant>

namespace pbx::dialog {

// Every arrow that leaves `step`, in the order of its lines, then of its end.
template <class AnyStep, class Visit>
void each_arrow_of(AnyStep& step, Visit visit) {
    for (auto& line : step.lines) {
        if (auto* branch = std::get_if<line::If>(&line.what)) visit(branch->arrow);
        if (auto* ask = std::get_if<line::Ask>(&line.what)) visit(ask->group);
    }
    if (auto* question = std::get_if<Question>(&step.end.what)) {
        for (auto& hear : question->hears)
            visit(hear.arrow);
        for (auto& keys : question->keys)
            visit(keys.arrow);
    } else if (auto* arrow = std::get_if<Arrow>(&step.end.what)) {
        visit(*arrow);
    } else if (auto* transfer = std::get_if<end::Transfer>(&step.end.what)) {
        for (auto* outcome : {&transfer->busy, &transfer->noanswer, &transfer->failed})
            if (*outcome) visit(**outcome);
    }
}

// Arrows of steps, not those of [interrupt].
template <class AnyDialog, class Visit>
void each_arrow(AnyDialog& dialog, Visit visit) {
    for (auto& step : dialog.steps)
        each_arrow_of(step, visit);
}

// Everything that names a step.
template <class AnyDialog, class Visit>
void each_target(AnyDialog& dialog, Visit visit) {
    visit(dialog.start);
    if (dialog.fail) visit(*dialog.fail);
    if (dialog.hangup) visit(*dialog.hangup);
    for (auto& target : dialog.quiet)
        visit(target);
    for (auto& interrupt : dialog.interrupts)
        visit(interrupt.arrow.to);
    each_arrow(dialog, [&](auto& arrow) { visit(arrow.to); });
}

}  // namespace pbx::dialog
