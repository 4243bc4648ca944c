// A call's journal in the form of a dialog's test, by the same formatter (man/pbxctl-dialog.5).
#include "core/log.hpp"
#include "dialog/transcript.hpp"
#include "oksana/journal.hpp"

#include <algorithm>

namespace pbx::oksana {

namespace {
dialog::Event heard(const Turn& turn) {
    auto sureness = dialog::Sureness::sure;
    if (turn.verdict == "unsure") sureness = dialog::Sureness::unsure;
    if (turn.verdict == "not_understood") sureness = dialog::Sureness::not_understood;
    return dialog::Heard{turn.text, sureness};
}

// Steps and timings are the journal's own: a test has no line for them.
std::string lines_of(const Turn& turn) {
    switch (turn.kind) {
        case TurnKind::said:
            return dialog::line_of(dialog::Action(dialog::Say{.text = turn.text, .file = {}, .voice = {}}));
        case TurnKind::remark:
            return dialog::line_of(dialog::Action(dialog::Remarked{turn.text}));
        case TurnKind::heard:
            return dialog::line_of(heard(turn));
        case TurnKind::silence:
            return dialog::line_of(dialog::Event(dialog::Silence{}));
        case TurnKind::hangup:
            return dialog::line_of(dialog::Event(dialog::HungUp{}));
        case TurnKind::step:
        case TurnKind::timing:
            return {};
        case TurnKind::key:
            break;
    }
    std::string lines;
    for (char key : turn.text)
        lines += (lines.empty() ? "" : "\n") + dialog::line_of(dialog::Event(dialog::Key{key}));
    return lines;
}

std::string one_line(std::string line) {
    std::replace(line.begin(), line.end(), '\n', ' ');
    return log::cleaned(line);
}
}  // namespace

std::string transcript(std::string_view title, std::span<const Turn> turns) {
    std::string script = "[" + one_line(std::string(title)) + "]\n";
    for (auto turn : turns) {
        turn.text = one_line(turn.text);
        if (auto lines = lines_of(turn); !lines.empty()) script += lines + "\n";
    }
    return script;
}

}  // namespace pbx::oksana
