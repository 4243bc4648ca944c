#include "core/text.hpp"
#include "dialog/match_parts.hpp"

#include <algorithm>
#include <tuple>

namespace pbx::dialog {

namespace {
void index_form(ReadyList& list, std::size_t form) {
    const auto& first = list.forms[form].words.front();
    auto put = [&](const std::string& key) {
        auto& forms = list.starts[key];
        if (forms.empty() || forms.back() != form) forms.push_back(form);
    };
    put(first.word());
    if (!first.stem().empty()) put(first.stem());
    for (const auto& other : first.forms())
        put(other);
}
}  // namespace

std::vector<std::vector<std::string>> ways_to_say(Language language, const std::vector<std::string>& words) {
    std::vector<std::vector<std::string>> out{words};
    const bool figures = std::any_of(words.begin(), words.end(), [](const std::string& word) {
        return word.find_first_of("0123456789") != std::string::npos;
    });
    if (figures) out.push_back(words_as_written(spoken(language, pbx::text::join(words, " "))));
    return out;
}

ReadyList ready_list(Language language, const List& list) {
    ReadyList out{.entries = list.entries, .forms = {}, .starts = {}};
    for (std::size_t entry = 0; entry < list.entries.size(); ++entry)
        for (const auto& form : list.entries[entry].forms)
            for (const auto& way : ways_to_say(language, words_as_written(form))) {
                if (way.empty()) continue;
                out.forms.push_back({entry, wanted(language, way)});
                index_form(out, out.forms.size() - 1);
            }
    return out;
}

std::optional<Fill> fill_from_list(const ReadyList& list, const HeardWords& heard, std::size_t at,
                                   std::size_t to) {
    if (heard.negated[at]) return std::nullopt;
    std::optional<Fill> best;
    auto look = [&](const std::string& key) {
        const auto starts = list.starts.find(key);
        if (starts == list.starts.end()) return;
        for (const std::size_t index : starts->second) {
            const auto& form = list.forms[index];
            const auto found = in_order(form.words, heard, at, to);
            if (!found || found->first != at) continue;
            const bool better =
                !best || std::tie(found->length, found->exactness) > std::tie(best->length, best->exactness);
            if (better)
                best =
                    Fill{found->end - at, found->length, found->exactness, list.entries[form.entry].values};
        }
    };
    look(heard.words[at]);
    if (heard.stems[at] != heard.words[at]) look(heard.stems[at]);
    return best;
}

}  // namespace pbx::dialog
