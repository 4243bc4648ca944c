// Which line sets and which uses a variable; sets of variables as bits. Not for others to include.
#pragma once

#include "dialog/dialog.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pbx::dialog::checking {

class Set {
  public:
    explicit Set(std::size_t bits = 0) : words_((bits + 63) / 64) {}
    void add(std::size_t bit) { words_[bit / 64] |= std::uint64_t{1} << (bit % 64); }
    [[nodiscard]] bool has(std::size_t bit) const { return (words_[bit / 64] >> (bit % 64) & 1) != 0; }
    Set& operator|=(const Set& other) {
        for (std::size_t at = 0; at < words_.size(); ++at)
            words_[at] |= other.words_[at];
        return *this;
    }
    Set& operator&=(const Set& other) {
        for (std::size_t at = 0; at < words_.size(); ++at)
            words_[at] &= other.words_[at];
        return *this;
    }
    friend bool operator==(const Set&, const Set&) = default;

  private:
    std::vector<std::uint64_t> words_;
};

struct Use {
    std::string name;  // as written, but "who" for "who.1"
    Place place;
    bool may_be_unset = false;  // fields of save and context: an empty one says just that
};

// All names of a dialog, each value of each variable by itself: who, who.2, who.said.
class Names {
  public:
    explicit Names(const Dialog& dialog);

    [[nodiscard]] Set nothing() const { return Set(names_.size()); }
    [[nodiscard]] const Set& from_outside() const { return outside_; }  // built in and imported
    [[nodiscard]] bool set_anywhere(std::string_view name) const;
    [[nodiscard]] std::size_t bit(std::string_view name) const;
    [[nodiscard]] const std::vector<std::string>& known() const { return names_; }

    // Adds what is set for sure when this was done.
    void after(const Line& line, Set& set) const;
    void after(const Hear& hear, Set& set) const;
    void after(const Keys& keys, Set& set) const;

    void each_use(const Line& line, const std::function<void(const Use&)>& visit) const;
    void each_use(const End& end, const std::function<void(const Use&)>& visit) const;

  private:
    void note(const std::string& name);
    void note(const Line& line);
    void note_slots(const Hear& hear);
    // Every name that this alternative fills.
    [[nodiscard]] std::vector<std::string> filled_by(const Pattern& pattern) const;

    std::vector<std::string> names_;
    std::unordered_map<std::string, std::size_t> bits_;
    std::unordered_map<std::string, std::size_t> list_values_;  // fewest of any entry
    std::unordered_map<const Hear*, std::vector<std::size_t>> filled_;
    Set outside_;
};

}  // namespace pbx::dialog::checking
