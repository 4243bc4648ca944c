// May two branches of a question claim the same words? A quick answer that errs to yes: matching, asked
// about every question of a large dialog, would take a third of a millisecond each. Not for others to
// include.
#pragma once

#include "dialog/dialog.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

namespace pbx::dialog::checking {

// Words can only clash when there are as many of them and each begins with the same letter and has the same
// first consonants; only such pairs are asked about, and each pair once a dialog.
class Suspicion {
  public:
    Suspicion(const Dialog& dialog, Language language, const Lists& lists);
    [[nodiscard]] bool may_clash(const std::vector<Branch>& branches);

  private:
    template <class What>
    struct At {
        const What* pattern;
        std::size_t branch;
    };
    void add(const Words& words, std::size_t branch);
    void add(const Exact& exact, std::size_t branch);
    void add(const Regex& regex, std::size_t branch);
    void add(const Slot& slot, std::size_t branch);
    void once(std::string key, std::size_t branch);
    void beside_words(const At<Slot>& slot);
    template <class A, class B>
    [[nodiscard]] bool clash(const A& a, const B& b);

    Language language_;
    const Lists& lists_;
    using Forms = std::unordered_multimap<std::string, std::vector<std::string>>;  // by their beginnings
    std::unordered_map<std::string, Forms> forms_;                                 // of each list
    std::unordered_map<std::string, bool> known_;                                  // pairs asked about
    // of the question at hand
    std::unordered_multimap<std::string, At<Words>> plain_;
    std::vector<At<Slot>> slots_;
    bool suspected_ = false;
};

}  // namespace pbx::dialog::checking
