// Questions that leave the caller without a way on, and transfers that don't come back.
#include "dialog/check_parts.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::dialog::checking {

namespace {
bool heard_in(const Question& question, Language language) {
    return std::any_of(question.hears.begin(), question.hears.end(), [&](const Hear& hear) {
        return hear.in[index_of(language)] && !hear.branch.patterns.empty();
    });
}

void question(const Dialog& dialog, const Step& step, const Question& asked, Ear ear, Findings& findings) {
    if (asked.otherwise.empty())
        findings.add(Fault::no_reask, asked.place,
                     fmt::format("step {} does not ask again when it has not understood", quoted(step.name)),
                     "write else = what can be said here");
    if (asked.silence.empty())
        findings.add(Fault::no_reask, asked.place,
                     fmt::format("step {} does not ask again when nothing was heard", quoted(step.name)),
                     "write silence = a question to somebody who says nothing");
    if (ear == Ear::none && asked.keys.empty()) {
        findings.add(
            Fault::unanswerable, asked.place,
            fmt::format("step {} can't be answered: there is no ear, and it has no keys", quoted(step.name)),
            "write key = 1 => step, or give the dialog an ear");
        return;
    }
    if (ear == Ear::none || !heard_in(asked, dialog.language)) return;
    for (const auto language : {Language::ru, Language::en})
        if (dialog.speaks[index_of(language)] && !heard_in(asked, language))
            findings.add(Fault::missing_translation, asked.place,
                         fmt::format("nothing can be answered in \"{}\" in step {}", name_of(language),
                                     quoted(step.name)),
                         fmt::format("write hear.{} = words => step", name_of(language)));
}

void transfer(const Step& step, const end::Transfer& handed, Findings& findings) {
    const auto missing = [&](const std::optional<Arrow>& arrow, std::string_view name) {
        if (!arrow)
            findings.add(
                Fault::no_transfer_arrow, step.end.place,
                fmt::format("the transfer of step {} says nothing about {}", quoted(step.name), name),
                fmt::format("write {} => step", name));
    };
    missing(handed.busy, "busy");
    missing(handed.noanswer, "noanswer");
}
}  // namespace

void check_questions(const Dialog& dialog, Ear ear, Findings& findings) {
    bool any = false;
    for (const auto& step : dialog.steps) {
        if (const auto* asked = step.question()) {
            any = true;
            question(dialog, step, *asked, ear, findings);
        }
        if (const auto* handed = std::get_if<end::Transfer>(&step.end.what))
            transfer(step, *handed, findings);
    }
    if (any && !dialog.fail)
        findings.add(Fault::no_fail, dialog.place, "nothing says where a caller goes when tries run out",
                     "write fail = step in [dialog]");
}

}  // namespace pbx::dialog::checking
