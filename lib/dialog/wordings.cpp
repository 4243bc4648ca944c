#include "dialog/wordings.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

namespace pbx::dialog {

namespace {
class Gatherer {
  public:
    Gatherer(const Dialog& dialog, Language language) : dialog_(dialog), language_(language) {
        for (const auto& list : dialog.lists_in(language))
            lists_[list.name] = list;
        for (const auto& step : dialog.steps)
            slots_of(step);
    }

    Wordings run() {
        for (const auto& step : dialog_.steps) {
            for (const auto& one : step.lines)
                if (const auto* say = std::get_if<line::Say>(&one.what)) add(*say);
            const auto* question = step.question();
            if (question == nullptr) continue;
            for (const auto& wording : question->otherwise)
                add(wording);
            for (const auto& wording : question->silence)
                add(wording);
            if (question->confirm) add(*question->confirm);
        }
        return std::move(out_);
    }

  private:
    void slots_of(const Step& step) {
        const auto* question = step.question();
        if (question == nullptr) return;
        for (const auto& hear : question->hears)
            for (const auto& pattern : hear.branch.patterns)
                if (const auto* slot = std::get_if<Slot>(&pattern))
                    sources_[slot->variable].insert(slot->source);
    }

    void add(const line::Say& say) {
        const auto file = say.file ? say.file->source() : std::string();
        if (say.file && !say.file->is_literal()) return static_cast<void>(++out_.only_in_call);
        add(say.text, file);
    }
    void add(const Wording& wording, const std::string& file = {}) {
        const auto& text = wording.of(language_);
        if (!text) {
            if (!file.empty()) keep({}, file);
        } else if (text->is_literal()) {
            keep(fill(*text, [](std::string_view) { return std::string(); }), file);
        } else if (!fill_from_list(*text, file)) {
            ++out_.only_in_call;
        }
    }
    void keep(std::string text, const std::string& file) {
        if (seen_.insert(file + '\n' + text).second)
            out_.known.push_back({std::move(text), file, dialog_.voice});
    }

    // One variable, filled from lists only: every value it can have.
    bool fill_from_list(const Text& text, const std::string& file) {
        std::string name;
        for (const auto& part : text.parts) {
            if (part.variable.empty()) continue;
            if (!name.empty() && name != part.variable) return false;
            name = part.variable;
        }
        const auto dot = name.find('.');
        const auto nth = dot == std::string::npos ? 1 : text::to_integer(name.substr(dot + 1)).value_or(0);
        const auto found = sources_.find(name.substr(0, dot));
        if (nth < 1 || found == sources_.end()) return false;
        std::vector<std::string> values;
        for (const auto& source : found->second) {
            const auto list = lists_.find(source);
            if (list == lists_.end()) return false;
            for (const auto& entry : list->second.entries)
                if (entry.values.size() >= static_cast<std::size_t>(nth))
                    values.push_back(entry.values[static_cast<std::size_t>(nth) - 1]);
        }
        if (values.size() > max_filled_ahead) return false;
        for (const auto& value : values)
            keep(fill(text, [&](std::string_view) { return value; }), file);
        return true;
    }

    const Dialog& dialog_;
    Language language_;
    Wordings out_;
    std::set<std::string> seen_;
    std::map<std::string, List> lists_;
    std::map<std::string, std::set<std::string>> sources_;  // variable -> lists or readers that fill it
};
}  // namespace

Wordings wordings_of(const Dialog& dialog, Language language) {
    return Gatherer(dialog, language).run();
}

}  // namespace pbx::dialog
