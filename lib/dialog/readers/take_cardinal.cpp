// Number words and figures at the front of an answer -> one cardinal.
#include "core/text.hpp"
#include "dialog/readers/numerals.hpp"

#include <algorithm>
#include <unordered_map>

namespace pbx::dialog::readers {

namespace {
using Kind = Numeral::Kind;

constexpr std::size_t most_figures = 12;  // digits of largest_read

std::unordered_map<std::string, Numeral> make_table_ru() {
    std::unordered_map<std::string, Numeral> table;
    for (auto& form : all_forms_ru())
        table.emplace(fold_yo(form.word), form.numeral);
    // spoken variants beside the table of cases
    table.insert({{"нуль", {Kind::zero, 0}},
                  {"нолик", {Kind::zero, 0}},
                  {"восьмью", {Kind::unit, 8}},
                  {"восьмьюдесятью", {Kind::ten, 80}},
                  {"восьмьюстами", {Kind::hundred, 800}},
                  {"тыщ", {Kind::scale, 1000}},
                  {"тыща", {Kind::scale, 1000}},
                  {"тыщи", {Kind::scale, 1000}},
                  {"тысячью", {Kind::scale, 1000}}});
    return table;
}

// "21", "1,500" (English thousands), "+7" is none.
std::optional<long long> figures(Language language, std::string_view word) {
    std::string digits(word);
    if (language == Language::en && word.find(',') != std::string_view::npos) {
        const auto parts = pbx::text::split(word, ',');
        if (parts.front().empty() || parts.front().size() > 3) return std::nullopt;
        for (std::size_t i = 1; i < parts.size(); ++i)
            if (parts[i].size() != 3) return std::nullopt;
        std::erase(digits, ',');
    }
    if (!all_digits(digits) || digits.size() > most_figures) return std::nullopt;
    return pbx::text::to_integer(digits);
}

// Puts a number together word by word. `room_` is what the next part of a group must be below: 1000 at its
// start, 100 after a hundred, 10 after a ten, 1 after a unit.
class Sum {
  public:
    explicit Sum(Language language) : language_(language) {}

    // False: the word does not belong to this number.
    bool add(std::string_view word) {
        if (closed_) return false;
        if (const auto value = figures(language_, word)) return add_figures(*value, word);
        const auto found = numeral(language_, word);
        if (!found) return false;
        switch (found->kind) {
            case Kind::zero:
                return add_zero();
            case Kind::unit:
                return add_part(found->value, 10, 1);
            case Kind::teen:
                return add_part(found->value, 100, 1);
            case Kind::ten:
                return add_part(found->value, 100, 10);
            case Kind::hundred:
                return language_ == Language::en ? multiply_hundred() : add_part(found->value, 1000, 100);
            case Kind::scale:  // «тысяч пять» is a guess, not 1005
                if (!group_open_ && is_one_of(word, {"тысяч", "тыщ", "миллионов", "миллиардов"}))
                    return false;
                return add_scale(found->value);
        }
        return false;
    }

    [[nodiscard]] long long value() const { return total_ + group_; }
    // "one hundred and five", "two thousand and five"
    [[nodiscard]] bool takes_and() const { return !closed_ && room_ >= 100 && value() > 0; }
    [[nodiscard]] bool between_groups() const { return !group_open_; }

  private:
    bool add_zero() {
        if (value() > 0 || group_open_) return false;
        return closed_ = true;
    }

    bool add_part(long long part, long long room, long long left) {
        if (room_ < room) return false;
        group_ += part;
        room_ = left;
        return group_open_ = true;
    }

    bool multiply_hundred() {
        if (hundred_said_ || group_ > 99 || (group_open_ && group_ == 0)) return false;
        group_ = group_open_ ? group_ * 100 : 100;
        room_ = 100;
        return group_open_ = hundred_said_ = true;
    }

    bool add_scale(long long scale) {
        const long long count = group_open_ ? group_ : 1;
        if (scale >= last_scale_ || count == 0 || count > (last_scale_ - 1) / scale) return false;
        total_ += count * scale;
        last_scale_ = scale;
        group_ = 0;
        room_ = 1000;
        group_open_ = hundred_said_ = grouped_ = false;
        return true;
    }

    // An ear that writes figures: "21 тысяча 305", "21 000".
    bool add_figures(long long value, std::string_view word) {
        const bool more = grouped_ && word.size() == 3 && group_ <= (last_scale_ - 1 - value) / 1000;
        if ((group_open_ && !more) || value >= last_scale_) return false;
        grouped_ = group_open_ || (word.size() <= 3 && value > 0);
        group_ = group_ * 1000 + value;
        room_ = 1;
        return group_open_ = true;
    }

    Language language_;
    long long total_ = 0, group_ = 0;
    long long last_scale_ = largest_read + 1;
    long long room_ = 1000;
    bool closed_ = false, group_open_ = false, hundred_said_ = false;
    bool grouped_ = false;  // figures that three more may follow
};

// "a hundred", "and five": two words that only count together. Their number, 0 when they are none here.
std::size_t add_pair(Sum& sum, std::string_view first, std::string_view second) {
    const auto next = numeral_en(second);
    Sum tried = sum;
    const bool article = is_one_of(first, {"a", "an"}) && sum.between_groups() && next &&
                         (next->kind == Kind::hundred || next->kind == Kind::scale);
    const bool joined = first == "and" && sum.takes_and() && (next ? next->kind != Kind::scale : true);
    if (article && !tried.add("one")) return 0;
    if ((!article && !joined) || !tried.add(second)) return 0;
    sum = tried;
    return 2;
}
}  // namespace

std::optional<Numeral> numeral_ru(std::string_view word) {
    static const auto table = make_table_ru();
    const auto found = table.find(std::string(word));
    if (found == table.end()) return std::nullopt;
    return found->second;
}

std::optional<Numeral> numeral(Language language, std::string_view word) {
    return language == Language::ru ? numeral_ru(word) : numeral_en(word);
}

std::optional<OrdinalWord> ordinal_word_ru(std::string_view word) {
    static const auto table = [] {
        std::unordered_map<std::string, OrdinalWord> out;
        for (auto& form : all_ordinals_ru()) {
            const bool day = form.gender != Gender::feminine &&
                             (form.grammatical == Case::genitive || form.gender == Gender::neuter);
            auto [at, fresh] = out.emplace(fold_yo(form.word), OrdinalWord{form.value, day});
            if (!fresh) at->second.genitive_or_neuter |= day;
        }
        return out;
    }();
    const auto found = table.find(std::string(word));
    if (found == table.end()) return std::nullopt;
    return found->second;
}

std::optional<Taken> take_cardinal(Language language, Tokens words) {
    Sum sum(language);
    std::size_t taken = 0;
    while (taken < words.size()) {
        const bool pairs = language == Language::en && taken + 1 < words.size();
        std::size_t step = pairs ? add_pair(sum, words[taken], words[taken + 1]) : 0;
        if (step == 0 && sum.add(words[taken])) step = 1;
        if (step == 0) break;
        taken += step;
    }
    if (taken == 0) return std::nullopt;
    return Taken{sum.value(), taken};
}

std::string fold_yo(std::string_view word) {
    constexpr std::string_view yo = "ё", ye = "е";
    std::string out(word);
    for (auto at = out.find(yo); at != std::string::npos; at = out.find(yo, at))
        out.replace(at, yo.size(), ye);
    return out;
}

bool all_digits(std::string_view word) {
    return !word.empty() &&
           std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> these) {
    return std::find(these.begin(), these.end(), word) != these.end();
}

}  // namespace pbx::dialog::readers
