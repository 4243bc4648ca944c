// A place in an answer that moves forward as words are taken. Inside of the readers.
#pragma once

#include "dialog/readers/numerals.hpp"

#include <initializer_list>
#include <string_view>

namespace pbx::dialog::readers {

class Cursor {
  public:
    explicit Cursor(Tokens words) : words_(words) {}
    [[nodiscard]] bool at_end() const { return taken_ >= words_.size(); }
    [[nodiscard]] std::string_view word(std::size_t ahead = 0) const {
        return taken_ + ahead < words_.size() ? std::string_view(words_[taken_ + ahead]) : std::string_view{};
    }
    [[nodiscard]] Tokens rest() const { return words_.subspan(taken_); }
    [[nodiscard]] std::size_t taken() const { return taken_; }
    void take(std::size_t words = 1) { taken_ += words; }
    // Takes the next word when it is one of these.
    bool take_one_of(std::initializer_list<std::string_view> these) {
        if (at_end() || !is_one_of(word(), these)) return false;
        return take(), true;
    }
    // Takes all these words or none.
    bool take_all(std::initializer_list<std::string_view> these) {
        std::size_t ahead = 0;
        for (auto wanted : these)
            if (word(ahead++) != wanted) return false;
        return take(these.size()), true;
    }

  private:
    Tokens words_;
    std::size_t taken_ = 0;
};

}  // namespace pbx::dialog::readers
