#include "dialog/dialog.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::dialog {

std::string_view name_of(Language language) {
    return language == Language::ru ? "ru" : "en";
}

std::optional<Language> language_named(std::string_view name) {
    if (name == "ru") return Language::ru;
    if (name == "en") return Language::en;
    return std::nullopt;
}

std::optional<std::size_t> Dialog::find(std::string_view step) const {
    for (std::size_t at = 0; at < steps.size(); ++at)
        if (steps[at].name == step) return at;
    return std::nullopt;
}

std::vector<List> Dialog::lists_in(Language wanted) const {
    std::vector<List> found;
    for (const auto& named : lists) {
        if (named.language && *named.language != wanted) continue;
        // a list in the wanted language stands for the common one of its name
        if (!named.language && std::any_of(lists.begin(), lists.end(), [&](const NamedList& other) {
                return other.language == wanted && other.list.name == named.list.name;
            }))
            continue;
        found.push_back(named.list);
    }
    return found;
}

std::string Dialog::where(Place at) const {
    return fmt::format("{}:{}:{}", at.file < files.size() ? files[at.file] : name, at.line, at.column);
}

}  // namespace pbx::dialog
