#include "dialog/heard.hpp"

#include "core/text.hpp"
#include "dialog/inflect.hpp"
#include "dialog/readers/numerals.hpp"

#include <algorithm>

namespace pbx::dialog {

HeardWords::HeardWords(Language language, std::vector<std::string> tokens) : words(std::move(tokens)) {
    if (words.size() > max_heard_words) words.resize(max_heard_words);
    stems.reserve(words.size());
    for (const auto& word : words)
        stems.push_back(stem(language, word));
    negated.resize(words.size());
    for (std::size_t i = 1; i < words.size(); ++i)
        negated[i] = readers::is_negation(language, words[i - 1]);
}

bool is_telling_stem(std::string_view stem) {
    constexpr std::size_t fewest_letters = 3;
    return pbx::text::columns(stem) >= fewest_letters;
}

Wanted::Wanted(Language language, std::string_view written)
    : word_(readers::fold_yo(written)), stem_(dialog::stem(language, word_)) {
    if (!is_telling_stem(stem_)) stem_.clear();
    if (language != Language::ru) return;
    for (const auto& form : case_forms_ru(written))
        forms_.push_back(readers::fold_yo(form));
    std::sort(forms_.begin(), forms_.end());
}

Nearness Wanted::nearness(const HeardWords& heard, std::size_t at) const {
    if (heard.words[at] == word_) return Nearness::same;
    if (!forms_.empty() && std::binary_search(forms_.begin(), forms_.end(), heard.words[at]))
        return Nearness::form;
    return !stem_.empty() && heard.stems[at] == stem_ ? Nearness::stem : Nearness::none;
}

std::vector<Wanted> wanted(Language language, std::span<const std::string> written) {
    std::vector<Wanted> out;
    out.reserve(written.size());
    for (const auto& word : written)
        out.emplace_back(language, word);
    return out;
}

std::optional<Found> in_order(std::span<const Wanted> wanted, const HeardWords& heard, std::size_t from,
                              std::size_t to) {
    Found found{from, from, 0, 0};
    std::size_t at = from;
    for (const auto& word : wanted) {
        Nearness nearness = Nearness::none;
        for (; at < to; ++at) {
            const bool negation_wanted = found.length > 0 && found.end == at;
            if (heard.negated[at] && !negation_wanted) continue;
            nearness = word.nearness(heard, at);
            if (nearness != Nearness::none) break;
        }
        if (nearness == Nearness::none) return std::nullopt;
        if (found.length == 0) found.first = at;
        found.end = ++at;
        ++found.length;
        found.exactness += weight(nearness);
    }
    return found;
}

}  // namespace pbx::dialog
