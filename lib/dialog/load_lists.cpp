#include "dialog/load_lists.hpp"

#include "core/text.hpp"
#include "dialog/load.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::dialog::loading {

namespace {

std::optional<Language> suffix_of(const config::Section& section, Faults& faults) {
    Entry named;
    named.key = section.name;
    named.at = section.at;
    return split_key(named, faults).language;
}

// spoken forms => right side. The left side is the line's key, unless an = inside it moved the border.
bool well_formed(const Entry& entry, Faults& faults, std::string_view example) {
    if (entry.op == config::Operator::arrow && !entry.key.empty() && !entry.value.empty()) return true;
    faults.add(entry.at, "words, an arrow and its target are needed here", fmt::format("write {}", example));
    return false;
}

void interrupts(const config::Section& section, Dialog& dialog, Faults& faults) {
    const auto only = suffix_of(section, faults);
    for (const auto& entry : section.entries) {
        if (!well_formed(entry, faults, "words | other words => stop, again or a step")) continue;
        auto hear = hear_of(key_of(entry), arrow_to(value_of(entry)), only, dialog.language, faults);
        for (std::size_t at = 0; at < hear.branch.patterns.size(); ++at)
            if (std::holds_alternative<Slot>(hear.branch.patterns[at]))
                faults.add(hear.places[at], "a reader can't interrupt", "write words");
        if (hear.arrow.to.name == "back")
            faults.add(hear.arrow.to.place, "=> back is for groups only", "write stop, again or a step");
        dialog.interrupts.push_back(std::move(hear));
    }
}

NamedList& list_named(Dialog& dialog, const config::Section& section, Faults& faults) {
    const auto language = suffix_of(section, faults);
    const auto word = text::words(section.name).back();
    const std::string name(word.substr(0, word.find('.')));
    const auto found = std::find_if(dialog.lists.begin(), dialog.lists.end(), [&](const NamedList& list) {
        return list.list.name == name && list.language == language;
    });
    if (found != dialog.lists.end()) return *found;
    if (reader_named(name))
        faults.add(section.at, fmt::format("@{} is a reader", name), "give the list another name");
    NamedList list;
    list.list.name = name;
    list.language = language;
    list.place = section.at;
    dialog.lists.push_back(std::move(list));
    return dialog.lists.back();
}

void list(const config::Section& section, Dialog& dialog, Faults& faults) {
    auto& named = list_named(dialog, section, faults);
    for (const auto& entry : section.entries) {
        if (!well_formed(entry, faults, "spoken form | other form => value 1, value 2")) continue;
        if (named.list.entries.size() == max_list_entries)
            return faults.add(entry.at, fmt::format("more than {} entries", max_list_entries));
        ListEntry item;
        for (const auto& form : split(key_of(entry), '|')) {
            if (tokens(form.text).empty())
                faults.add(form.place(), "a spoken form is empty", "write the words a caller says");
            else
                item.forms.emplace_back(form.text);
        }
        for (const auto& value : split(value_of(entry), ','))
            item.values.emplace_back(value.text);
        if (item.values.size() > most_values)
            faults.add(entry.value_at, fmt::format("more than {} values", most_values));
        if (item.forms.empty()) continue;
        named.list.entries.push_back(std::move(item));
        named.places.push_back(entry.at);
    }
}

}  // namespace

void read_lists(const config::Section& section, Dialog& dialog, Faults& faults) {
    if (section.name.starts_with("list"))
        list(section, dialog, faults);
    else
        interrupts(section, dialog, faults);
}

}  // namespace pbx::dialog::loading
