#include "dialog/check_slots.hpp"

#include "core/text.hpp"
#include "dialog/variables.hpp"

#include <algorithm>
#include <utility>

namespace pbx::dialog::checking {

namespace {
// ${who} is value 1
std::string canonical(std::string_view name) {
    if (name.ends_with(".1")) name.remove_suffix(2);
    return std::string(name);
}

std::string value_name(const std::string& variable, std::size_t value) {
    return value == 1 ? variable : variable + "." + std::to_string(value);
}

// (?P<name> of a regular expression
std::vector<std::string> captures(std::string_view source) {
    std::vector<std::string> names;
    for (auto at = source.find("(?P<"); at != std::string_view::npos; at = source.find("(?P<", at)) {
        at += 4;
        const auto end = source.find('>', at);
        if (end != std::string_view::npos) names.emplace_back(source.substr(at, end - at));
    }
    return names;
}

void uses_of(const Text& text, const std::function<void(const Use&)>& visit) {
    for (const auto& part : text.parts)
        if (!part.variable.empty()) {
            auto place = text.place;
            place.column +=
                static_cast<std::uint32_t>(text::columns(std::string_view(text.source()).substr(0, part.at)));
            visit({canonical(part.variable), place, false});
        }
}

void uses_of(const Wording& wording, const std::function<void(const Use&)>& visit) {
    for (const auto& text : wording.in)
        if (text) uses_of(*text, visit);
}
}  // namespace

Names::Names(const Dialog& dialog) {
    for (const auto& name : built_in_variables())
        note(name);
    for (const auto& name : dialog.imports)
        note(name);
    const auto outside = names_.size();
    for (const auto& list : dialog.lists) {
        std::size_t fewest = most_values;
        for (const auto& entry : list.list.entries)
            fewest = std::min(fewest, entry.values.size());
        const auto [found, fresh] = list_values_.emplace(list.list.name, fewest);
        if (!fresh) found->second = std::min(found->second, fewest);
    }
    for (const auto& step : dialog.steps) {
        for (const auto& line : step.lines)
            note(line);
        if (const auto* question = step.question()) {
            for (const auto& hear : question->hears)
                note_slots(hear);
            for (const auto& keys : question->keys)
                if (keys.exact.empty()) {
                    note(keys.variable);
                    note(keys.variable + ".said");
                }
        }
    }
    outside_ = nothing();
    for (std::size_t at = 0; at < outside; ++at)
        outside_.add(at);
}

void Names::note(const std::string& name) {
    if (bits_.emplace(name, names_.size()).second) names_.push_back(name);
}

void Names::note(const Line& line) {
    if (const auto* set = std::get_if<line::Set>(&line.what)) note(value_name(set->variable, set->value));
    if (const auto* record = std::get_if<line::Record>(&line.what)) note(record->variable);
}

void Names::note_slots(const Hear& hear) {
    std::vector<std::string> always;
    bool first = true;
    for (const auto& pattern : hear.branch.patterns) {
        const auto filled = filled_by(pattern);
        for (const auto& name : filled)
            note(name);
        if (first)
            always = filled;
        else
            std::erase_if(always, [&](const std::string& name) {
                return std::find(filled.begin(), filled.end(), name) == filled.end();
            });
        first = false;
    }
    for (const auto& name : always)
        filled_[&hear].push_back(bits_.at(name));
}

std::vector<std::string> Names::filled_by(const Pattern& pattern) const {
    std::vector<std::string> names;
    if (const auto* regex = std::get_if<Regex>(&pattern)) {
        for (const auto& name : captures(regex->source)) {
            names.push_back(name);
            names.push_back(name + ".said");
        }
    }
    const auto* slot = std::get_if<Slot>(&pattern);
    if (slot == nullptr || slot->variable.empty()) return names;
    names.push_back(slot->variable + ".said");
    const auto list = list_values_.find(slot->source);
    const std::size_t values = list == list_values_.end() ? 1 : list->second;
    for (std::size_t value = 1; value <= values; ++value)
        names.push_back(value_name(slot->variable, value));
    return names;
}

bool Names::set_anywhere(std::string_view name) const {
    return bits_.contains(canonical(name));
}
std::size_t Names::bit(std::string_view name) const {
    return bits_.at(canonical(name));
}

void Names::after(const Line& line, Set& set) const {
    if (const auto* done = std::get_if<line::Set>(&line.what))
        set.add(bits_.at(value_name(done->variable, done->value)));
    if (const auto* done = std::get_if<line::Record>(&line.what)) set.add(bits_.at(done->variable));
}

void Names::after(const Hear& hear, Set& set) const {
    if (const auto found = filled_.find(&hear); found != filled_.end())
        for (const auto bit : found->second)
            set.add(bit);
}

void Names::after(const Keys& keys, Set& set) const {
    if (!keys.exact.empty()) return;
    set.add(bits_.at(keys.variable));
    set.add(bits_.at(keys.variable + ".said"));
}

void Names::each_use(const Line& line, const std::function<void(const Use&)>& visit) const {
    if (const auto* say = std::get_if<line::Say>(&line.what)) {
        if (say->file) uses_of(*say->file, visit);
        uses_of(say->text, visit);
    } else if (const auto* set = std::get_if<line::Set>(&line.what)) {
        uses_of(set->text, visit);
    } else if (const auto* branch = std::get_if<line::If>(&line.what)) {
        each_text(branch->condition, [&](const Text& text) { uses_of(text, visit); });
    } else if (const auto* save = std::get_if<line::Save>(&line.what)) {
        for (const auto& name : save->fields)
            visit({canonical(name), line.place, true});
    } else if (const auto* notify = std::get_if<line::Notify>(&line.what)) {
        uses_of(notify->target, visit);
        uses_of(notify->text, visit);
    }
}

void Names::each_use(const End& end, const std::function<void(const Use&)>& visit) const {
    if (const auto* transfer = std::get_if<end::Transfer>(&end.what)) {
        uses_of(transfer->target, visit);
        for (const auto& name : transfer->context)
            visit({canonical(name), transfer->context_place, true});
    } else if (const auto* question = std::get_if<Question>(&end.what)) {
        for (const auto& wording : question->otherwise)
            uses_of(wording, visit);
        for (const auto& wording : question->silence)
            uses_of(wording, visit);
        if (question->confirm) uses_of(*question->confirm, visit);
    }
}

}  // namespace pbx::dialog::checking
