// Two branches of one question that claim the same words, two lines of one key: only the first could ever be
// taken. What a pattern claims is known to matching (dialog/grammar).
#include "dialog/check_parts.hpp"
#include "dialog/check_suspicion.hpp"
#include "dialog/grammar.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace pbx::dialog::checking {

namespace {
class Claims {
  public:
    Claims(const Dialog& dialog, Language language, Findings& findings)
        : dialog_(dialog),
          language_(language),
          findings_(findings),
          lists_(language, dialog.lists_in(language)),
          suspicion_(dialog, language, lists_) {}

    void question(const std::vector<Hear>& hears, bool with_interrupts) {
        branches_.clear();
        hears_.clear();
        add(hears);
        if (with_interrupts) add(dialog_.interrupts);
        if (!suspicion_.may_clash(branches_)) return;
        for (const auto& clash : clashes(language_, branches_, lists_))
            report(*hears_[clash.first], *hears_[clash.second], clash.overlap);
    }

  private:
    void add(const std::vector<Hear>& hears) {
        for (const auto& hear : hears)
            if (hear.in[index_of(language_)]) {
                branches_.push_back(hear.branch);
                hears_.push_back(&hear);
            }
    }

    void report(const Hear& first, const Hear& second, const Overlap& overlap) {
        if (first.arrow.to.name == second.arrow.to.name) return;  // written twice, but it does no harm
        findings_.add(Fault::same_words, second.places[overlap.second],
                      fmt::format("{} is claimed by the line at {} as well", quoted(overlap.words),
                                  dialog_.where(first.places[overlap.first])),
                      "take it out of one of them, or write words that tell them apart");
    }

    const Dialog& dialog_;
    Language language_;
    Findings& findings_;
    Lists lists_;
    Suspicion suspicion_;
    std::vector<Branch> branches_;
    std::vector<const Hear*> hears_;
};

// 12 beside {pin:2} is taken for itself; two collectors of one length are the same keys.
bool same_keys(const Keys& a, const Keys& b) {
    if (!a.exact.empty() && !b.exact.empty()) return a.exact == b.exact;
    return a.exact.empty() && b.exact.empty() && a.fewest <= b.most && b.fewest <= a.most;
}

void keys(const Dialog& dialog, const Question& question, Findings& findings) {
    for (std::size_t b = 1; b < question.keys.size(); ++b) {
        const auto& second = question.keys[b];
        const auto first =
            std::find_if(question.keys.begin(), question.keys.begin() + static_cast<std::ptrdiff_t>(b),
                         [&](const Keys& one) { return same_keys(one, second); });
        if (first == question.keys.begin() + static_cast<std::ptrdiff_t>(b)) continue;
        const auto what = second.exact.empty() ? fmt::format("{{{}}}", second.variable) : second.exact;
        findings.add(Fault::same_words, second.arrow.place,
                     fmt::format("key {} is claimed by the line at {} as well", what,
                                 dialog.where(first->arrow.place)),
                     "give one of them another key");
    }
}

void entries(const Dialog& dialog, const NamedList& named, Findings& findings) {
    const auto same = overlap(named.language.value_or(dialog.language), named.list);
    if (same)
        findings.add(Fault::same_words, named.places[same->second],
                     fmt::format("{} is claimed by the line at {} as well", quoted(same->words),
                                 dialog.where(named.places[same->first])),
                     "add a word that tells them apart, e.g. a first name");
}
}  // namespace

void check_claims(const Dialog& dialog, Findings& findings) {
    for (const auto language : {Language::ru, Language::en}) {
        if (!dialog.speaks[index_of(language)]) continue;
        Claims claims(dialog, language, findings);
        claims.question(dialog.interrupts, false);
        for (const auto& step : dialog.steps)
            if (const auto* question = step.question()) claims.question(question->hears, true);
    }
    for (const auto& step : dialog.steps)
        if (const auto* question = step.question()) keys(dialog, *question, findings);
    for (const auto& named : dialog.lists)
        entries(dialog, named, findings);
}

}  // namespace pbx::dialog::checking
