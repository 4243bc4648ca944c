#include "dialog/match.hpp"

#include "core/text.hpp"
#include "dialog/match_parts.hpp"

#include <algorithm>
#include <unordered_map>

namespace pbx::dialog {

namespace {
struct ReadyBranchPattern {
    std::size_t branch;
    ReadyPattern pattern;
};

// «да ... нет»: both were said, one as much as the other. Nobody can say which is meant.
bool contradict(const Candidate& a, const Candidate& b) {
    const bool opposite = (a.reader == Reader::yes && b.reader == Reader::no) ||
                          (a.reader == Reader::no && b.reader == Reader::yes);
    return opposite && a.branch != b.branch && a.length == b.length;
}
}  // namespace

struct Lists::Ready {
    std::unordered_map<std::string, ReadyList> by_name;
};

Lists::Lists(Language language, const std::vector<List>& lists) {
    auto ready = std::make_shared<Ready>();
    for (const auto& list : lists)
        ready->by_name.emplace(list.name, ready_list(language, list));
    ready_ = std::move(ready);
}

const std::vector<ListEntry>* Lists::entries(const std::string& name) const {
    const auto found = ready_->by_name.find(name);
    return found == ready_->by_name.end() ? nullptr : &found->second.entries;
}

struct Matcher::Ready {
    Language language;
    std::size_t branches;
    Lists lists;  // the patterns point into it
    std::vector<ReadyBranchPattern> patterns;

    void add(std::size_t branch, const Pattern& pattern);
    void add_slot(std::size_t branch, const Slot& slot);
    [[nodiscard]] std::optional<Candidate> best(const HeardWords& heard, const Now& now) const;
};

void Matcher::Ready::add_slot(std::size_t branch, const Slot& slot) {
    ReadySlot out{slot.variable, reader_named(slot.source), nullptr, wanted(language, slot.before),
                  wanted(language, slot.after)};
    if (!out.reader) {
        const auto found = lists.ready_->by_name.find(slot.source);
        if (found == lists.ready_->by_name.end()) return;
        out.list = &found->second;
    }
    patterns.push_back({branch, std::move(out)});
}

void Matcher::Ready::add(std::size_t branch, const Pattern& pattern) {
    if (const auto* words = std::get_if<Words>(&pattern)) {
        for (const auto& way : ways_to_say(language, words->words))
            if (!way.empty()) patterns.push_back({branch, ReadyWords{wanted(language, way)}});
    } else if (const auto* exact = std::get_if<Exact>(&pattern)) {
        for (const auto& way : ways_to_say(language, exact->words))
            patterns.push_back({branch, ReadyExact{tokens(pbx::text::join(way, " "))}});
    } else if (const auto* regex = std::get_if<Regex>(&pattern)) {
        if (auto compiled = compile_regex(regex->source))
            patterns.push_back({branch, ReadyRegex{std::move(*compiled)}});
    } else {
        add_slot(branch, std::get<Slot>(pattern));
    }
}

std::optional<Candidate> Matcher::Ready::best(const HeardWords& heard, const Now& now) const {
    std::vector<Candidate> all;
    for (const auto& [branch, pattern] : patterns) {
        auto candidate = try_pattern(pattern, language, heard, now);
        if (!candidate) continue;
        candidate->branch = branch;
        all.push_back(std::move(*candidate));
    }
    const auto best = std::max_element(
        all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return b.better_than(a); });
    if (best == all.end()) return std::nullopt;
    if (std::any_of(all.begin(), all.end(), [&](const Candidate& other) { return contradict(*best, other); }))
        return std::nullopt;
    return std::move(*best);
}

Matcher::Matcher(Language language, const std::vector<Branch>& branches, Lists lists) {
    auto ready = std::make_shared<Ready>(Ready{language, branches.size(), std::move(lists), {}});
    for (std::size_t branch = 0; branch < branches.size(); ++branch)
        for (const auto& pattern : branches[branch].patterns)
            ready->add(branch, pattern);
    ready_ = std::move(ready);
}

Matcher::Matcher(Language language, const std::vector<Branch>& branches, const std::vector<List>& lists)
    : Matcher(language, branches, Lists(language, lists)) {}

std::optional<Match> Matcher::match(std::string_view heard, const Now& now) const {
    auto words = tokens(heard);
    if (words.empty()) return std::nullopt;
    auto best = ready_->best(HeardWords(ready_->language, std::move(words)), now);
    if (!best && heard.find_first_of("0123456789") != std::string_view::npos) {
        auto said_as_words = tokens(spoken(ready_->language, heard));  // "5" for a pattern «пять»
        if (!said_as_words.empty())
            best = ready_->best(HeardWords(ready_->language, std::move(said_as_words)), now);
    }
    if (!best) return std::nullopt;
    return Match{best->branch, best->length, best->exactness, std::move(best->filled)};
}

std::size_t Matcher::size() const {
    return ready_->branches;
}

}  // namespace pbx::dialog
