#include "core/text.hpp"
#include "dialog/load.hpp"
#include "dialog/load_step_reader.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace pbx::dialog::loading {

const std::map<std::string, StepReader::Known, std::less<>>& StepReader::known() {
    static const std::map<std::string, Known, std::less<>> table{
        {"say", {&StepReader::say, false, true}},
        {"play", {&StepReader::play}},
        {"hear", {&StepReader::hear, false, true}},
        {"key", {&StepReader::key}},
        {"else", {&StepReader::otherwise, false, true}},
        {"silence", {&StepReader::silence, false, true}},
        {"confirm", {&StepReader::confirm, false, true}},
        {"listen", {&StepReader::listen}},
        {"pause", {&StepReader::pause}},
        {"barge", {&StepReader::barge}},
        {"set", {&StepReader::set}},
        {"if", {&StepReader::if_}},
        {"ask", {&StepReader::ask}},
        {"record", {&StepReader::record}},
        {"save", {&StepReader::save}},
        {"notify", {&StepReader::notify}},
        {"transfer", {&StepReader::transfer}},
        {"context", {&StepReader::context}},
        {"busy", {&StepReader::busy, true}},
        {"noanswer", {&StepReader::noanswer, true}},
        {"failed", {&StepReader::failed, true}},
        {"hangup", {&StepReader::hangup}},
    };
    return table;
}

void StepReader::one(const Entry& entry) {
    if (entry.key.empty()) {
        key_ = {};
        if (entry.value.empty()) return faults_.add(entry.at, "the arrow points nowhere", "write => step");
        return end_with(entry, arrow_to(value_of(entry)));
    }
    key_ = split_key(entry, faults_);
    const auto found = known().find(key_.name);
    if (found == known().end()) {
        std::vector<std::string> names;
        for (const auto& [name, what] : known())
            names.push_back(name);
        return faults_.unknown(entry.at, "line", key_.name, names);
    }
    if (key_.language && !found->second.worded) {
        faults_.add(entry.at, fmt::format("{} has no wording by language", key_.name),
                    fmt::format("write {}", key_.name));
        return;
    }
    check_form(entry, found->second);
    (this->*found->second.read)(entry);
}

void StepReader::check_form(const Entry& entry, const Known& known) {
    if (entry.key == "hangup") {
        if (entry.op != config::Operator::none)
            faults_.add(entry.at, "hangup takes nothing", "write hangup alone, with a say above it");
    } else if (entry.op == config::Operator::none) {
        faults_.add(entry.at, fmt::format("{} has no value", entry.key),
                    fmt::format("write {} {} …", entry.key, known.arrow ? "=>" : "="));
    } else if (known.arrow != (entry.op == config::Operator::arrow)) {
        faults_.add(entry.at, fmt::format("{} is written with {}", entry.key, known.arrow ? "=>" : "="),
                    known.arrow ? fmt::format("{} => step", entry.key) : fmt::format("{} = …", entry.key));
    }
}

// True for the first line of its key, and for one that stands for an inherited one.
bool StepReader::once(const Entry& entry) {
    const auto [found, fresh] = seen_.emplace(entry.key, &entry);
    if (fresh) return true;
    if (found->second->inherited) {
        found->second = &entry;
        return true;
    }
    faults_.add(entry.at, fmt::format("{} stands here twice", entry.key),
                fmt::format("it is already on line {}", found->second->at.line));
    return false;
}

bool StepReader::already_ended(const Entry& entry) {
    const auto* by = ended_ != nullptr ? ended_ : asked_;
    if (by == nullptr || by->inherited) return false;
    faults_.add(entry.at, "this line is never done",
                fmt::format("the step ends on line {}: move this line above it", by->at.line));
    return true;
}

void StepReader::add(const Entry& entry, decltype(Line::what) what) {
    if (already_ended(entry)) return;
    step_.lines.push_back({std::move(what), entry.at});
}

std::optional<Arrow> StepReader::needed(const Entry& entry, const Arrowed& value) {
    if (value.arrow && !value.arrow->to.name.empty()) return value.arrow;
    faults_.add(
        value.arrow ? value.arrow->place : entry.value_at, "an arrow to a step is missing",
        fmt::format("write {} = {} => step", entry.key, value.left.text.empty() ? "…" : value.left.text));
    return std::nullopt;
}

void StepReader::transfer(const Entry& entry) {
    auto target = text_of(value_of(entry), faults_);
    if (!target) return;
    if (target->parts.empty())
        return faults_.add(entry.at, "transfer to nowhere", "write transfer = extension");
    transfer_.target = std::move(*target);
    end_with(entry, end::Transfer{});
}

void StepReader::context(const Entry& entry) {
    of_transfer_.emplace(entry.key, &entry);
    if (!once(entry)) return;
    transfer_.context = references_of(value_of(entry), faults_);
    transfer_.context_place = entry.value_at;
}

void StepReader::outcome(const Entry& entry, std::optional<Arrow>& into) {
    of_transfer_.emplace(entry.key, &entry);
    if (!once(entry)) return;
    if (entry.value.empty())
        return faults_.add(entry.at, "the arrow points nowhere", fmt::format("write {} => step", entry.key));
    into = arrow_to(value_of(entry));
}

void StepReader::missing_owners() {
    const auto stray = [&](const auto& entries, std::string_view owner) {
        for (const auto& [name, entry] : entries)
            if (!entry->inherited)
                faults_.add(entry->at, fmt::format("{} belongs to {}, and this step has none", name, owner),
                            "remove it or write that line too");
    };
    if (asked_ == nullptr) stray(of_question_, "a question (hear or key)");
    if (!std::holds_alternative<end::Transfer>(step_.end.what)) stray(of_transfer_, "a transfer");
}

void StepReader::finish() {
    if (question_.hears.size() + question_.keys.size() > max_branches)
        faults_.add(section_.at, fmt::format("more than {} branches", max_branches), "make it a [list NAME]");
    const bool own_end = ended_ != nullptr && !ended_->inherited;
    if (asked_ != nullptr && !own_end) step_.end = {std::move(question_), asked_->at};
    if (auto* transfer = std::get_if<end::Transfer>(&step_.end.what)) *transfer = std::move(transfer_);
    missing_owners();
}

Step StepReader::whole() {
    for (const auto& entry : section_.entries)
        one(entry);
    finish();
    return std::move(step_);
}

Step step_of(const config::Section& section, Language own, Faults& faults) {
    return StepReader(section, own, faults).whole();
}

}  // namespace pbx::dialog::loading
