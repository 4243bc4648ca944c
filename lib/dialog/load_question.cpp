// The lines of a question, and what is said when it is asked again.
#include "core/text.hpp"
#include "dialog/load.hpp"
#include "dialog/load_step_reader.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace pbx::dialog::loading {

void StepReader::worded(const Entry& entry, std::vector<Wording>& wordings, std::string_view name) {
    of_question_.emplace(name, &entry);
    auto text = text_of(value_of(entry), faults_);
    if (!text) return;
    const auto language = index_of(own_or_suffix());
    if (wordings.empty() || wordings.back().in[language]) {
        wordings.emplace_back();
        wordings.back().place = entry.at;
    }
    wordings.back().in[language] = std::move(*text);
}

void StepReader::confirm(const Entry& entry) {
    of_question_.emplace("confirm", &entry);
    if (!once(entry)) return;
    if (entry.value == "no") {
        question_.sure = true;
        return;
    }
    auto text = text_of(value_of(entry), faults_);
    if (!text) return;
    if (!question_.confirm) question_.confirm.emplace().place = entry.at;
    question_.confirm->in[index_of(own_or_suffix())] = std::move(*text);
}

// hear and key lines may stand among each other and after what they belong to, but nothing is done after
// them.
void StepReader::question_here(const Entry& entry) {
    if (ended_ != nullptr && !ended_->inherited) {
        faults_.add(entry.at, "this line is never done",
                    fmt::format("the step ends on line {}: a step has either a question or an arrow",
                                ended_->at.line));
        return;
    }
    if (asked_ == nullptr || asked_->inherited) question_.place = entry.at;
    if (asked_ == nullptr) asked_ = &entry;
}

void StepReader::hear(const Entry& entry) {
    question_here(entry);
    const auto value = split_arrow(value_of(entry));
    auto arrow = needed(entry, value);
    if (!arrow) return;
    question_.hears.push_back(hear_of(value.left, std::move(*arrow), key_.language, own_, faults_));
}

void StepReader::key(const Entry& entry) {
    question_here(entry);
    const auto value = split_arrow(value_of(entry));
    auto arrow = needed(entry, value);
    if (!arrow) return;
    Keys keys;
    keys.arrow = std::move(*arrow);
    const auto& left = value.left;
    const auto is_key = [](char c) { return (c >= '0' && c <= '9') || c == '*' || c == '#'; };
    if (left.text.starts_with('{') && left.text.ends_with('}')) {
        collector(keys, left.part(1, left.text.size() - 2));
    } else if (left.text.empty() || left.text.size() > 32 ||
               !std::all_of(left.text.begin(), left.text.end(), is_key)) {
        faults_.add(left.place(), fmt::format("\"{}\" is not on a telephone's keypad", left.text),
                    "write 0-9, * or #, or {name:4} for 4 digits");
        return;
    } else {
        keys.exact = std::string(left.text);
    }
    question_.keys.push_back(std::move(keys));
}

void StepReader::collector(Keys& keys, const Piece& inner) {
    const auto [name, range, found] = split_head(inner, ':');
    if (!found || !is_variable_name(name.text))
        faults_.add(inner.place(), "this collects no digits", "write key = {name:4} => step, or {name:4-8}");
    keys.variable = std::string(name.text);
    const auto [fewest, most, two] = split_head(range, '-');
    keys.fewest = found ? count_of(fewest, 1, 32, faults_).value_or(1) : 1;
    keys.most = found && two ? count_of(most, keys.fewest, 32, faults_).value_or(keys.fewest) : keys.fewest;
}

void StepReader::duration(const Entry& entry, milliseconds& into, milliseconds least, milliseconds most) {
    of_question_.emplace(entry.key, &entry);
    if (!once(entry)) return;
    into = duration_of(value_of(entry), least, most, faults_).value_or(into);
}

void StepReader::barge(const Entry& entry) {
    static const std::vector<std::string> known{"no", "keys", "words", "voice"};
    if (!once(entry)) return;
    const auto found = std::find(known.begin(), known.end(), entry.value);
    if (found == known.end()) return faults_.unknown(entry.value_at, "barge", entry.value, known);
    step_.barge = static_cast<Barge>(found - known.begin());
}

}  // namespace pbx::dialog::loading
