#include "dialog/check_suspicion.hpp"

#include "core/text.hpp"
#include "dialog/grammar.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace pbx::dialog::checking {

namespace {
std::string_view letter_at(std::string_view word, std::size_t at) {
    std::size_t end = at + 1;
    while (end < word.size() && (static_cast<unsigned char>(word[end]) & 0xc0) == 0x80)
        ++end;
    return word.substr(at, end - at);
}

// "оп" for «отдел продаж»
std::string beginnings(const std::vector<std::string>& words) {
    std::string key;
    for (const auto& word : words)
        key += word.starts_with("ё") ? std::string_view("е") : letter_at(word, 0);
    return key;
}

// The first two consonants: forms of one word have them in common, whatever vowel comes and goes (день, дня).
std::string skeleton(std::string_view word) {
    constexpr std::string_view passed = "aeiouy'аеёиоуыэюяйьъ";
    std::string letters;
    for (std::size_t at = 0, found = 0; at < word.size() && found < 2;) {
        const auto letter = letter_at(word, at);
        at += letter.size();
        if (passed.find(letter) != std::string_view::npos) continue;
        letters += letter;
        ++found;
    }
    return letters;
}

bool alike(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
        const auto left = skeleton(one), right = skeleton(other);
        return left.starts_with(right) || right.starts_with(left);
    });
}

std::string key_of(const Words& words) {
    return text::join(words.words, " ");
}
std::string key_of(const Slot& slot) {
    return fmt::format("{} @{} {}", text::join(slot.before, " "), slot.source, text::join(slot.after, " "));
}

const Words no_words;
}  // namespace

Suspicion::Suspicion(const Dialog& dialog, Language language, const Lists& lists)
    : language_(language), lists_(lists) {
    for (const auto& list : dialog.lists_in(language))
        for (const auto& entry : list.entries)
            for (const auto& form : entry.forms) {
                auto words = words_as_written(form);
                auto key = beginnings(words);
                forms_[list.name].emplace(std::move(key), std::move(words));
            }
}

bool Suspicion::may_clash(const std::vector<Branch>& branches) {
    plain_.clear();
    slots_.clear();
    suspected_ = false;
    for (std::size_t at = 0; at < branches.size() && !suspected_; ++at)
        for (const auto& pattern : branches[at].patterns)
            std::visit([&](const auto& what) { add(what, at); }, pattern);
    for (std::size_t b = 0; b < slots_.size() && !suspected_; ++b) {
        beside_words(slots_[b]);
        for (std::size_t a = 0; a < b && !suspected_; ++a)
            suspected_ =
                slots_[a].branch != slots_[b].branch && clash(*slots_[a].pattern, *slots_[b].pattern);
    }
    return suspected_;
}

void Suspicion::add(const Words& words, std::size_t branch) {
    auto key = beginnings(words.words);
    const auto [first, last] = plain_.equal_range(key);
    for (auto other = first; other != last && !suspected_; ++other)
        suspected_ = other->second.branch != branch && alike(words.words, other->second.pattern->words) &&
                     clash(words, *other->second.pattern);
    plain_.emplace(std::move(key), At<Words>{&words, branch});
}
void Suspicion::add(const Exact& exact, std::size_t branch) {
    once("=" + text::join(exact.words, " "), branch);
}
void Suspicion::add(const Regex& regex, std::size_t branch) {
    once("/" + regex.source, branch);
}
void Suspicion::add(const Slot& slot, std::size_t branch) {
    slots_.push_back({&slot, branch});
}

void Suspicion::once(std::string key, std::size_t branch) {
    const auto other = plain_.find(key);
    suspected_ = suspected_ || (other != plain_.end() && other->second.branch != branch);
    plain_.emplace(std::move(key), At<Words>{&no_words, branch});
}

void Suspicion::beside_words(const At<Slot>& slot) {
    const bool alone = slot.pattern->before.empty() && slot.pattern->after.empty();
    const auto reader = reader_named(slot.pattern->source);
    if (reader && *reader != Reader::yes && *reader != Reader::no)
        return;  // a word wins beside them knowingly
    const auto forms = forms_.find(slot.pattern->source);
    for (const auto& [key, words] : plain_) {
        if (suspected_ || words.branch == slot.branch || words.pattern->words.empty()) continue;
        if (!alone || reader) {
            suspected_ = clash(*words.pattern, *slot.pattern);
        } else if (forms != forms_.end()) {
            const auto [first, last] = forms->second.equal_range(key);
            for (auto form = first; form != last && !suspected_; ++form)
                suspected_ =
                    alike(words.pattern->words, form->second) && clash(*words.pattern, Words{form->second});
        }
    }
}

template <class A, class B>
bool Suspicion::clash(const A& a, const B& b) {
    const auto [known, fresh] = known_.try_emplace(key_of(a) + "|" + key_of(b), false);
    if (fresh) known->second = !clashes(language_, std::vector{Branch{{a}}, Branch{{b}}}, lists_).empty();
    return known->second;
}

}  // namespace pbx::dialog::checking
