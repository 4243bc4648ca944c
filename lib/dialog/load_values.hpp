// What load needs for every line: places inside values, faults, and the small forms that values are made of.
// Not for others to include.
#pragma once

#include "config/conf.hpp"
#include "dialog/dialog.hpp"
#include "dialog/variables.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dialog::loading {

using config::Entry;

// A piece of a value that knows its place.
struct Piece {
    std::string_view text;
    const Entry* entry = nullptr;
    bool of_key = false;  // of the entry's key, not of its value ([interrupt], [list])

    [[nodiscard]] Place place(std::size_t offset = 0) const;
    [[nodiscard]] Piece part(std::size_t from, std::size_t count = std::string_view::npos) const;  // trimmed
};
[[nodiscard]] Piece value_of(const Entry& entry);
[[nodiscard]] Piece key_of(const Entry& entry);

class Faults {
  public:
    Faults(const config::Document& document, std::vector<Finding>& found)
        : document_(document), found_(found) {}
    void add(Place at, std::string what, std::string hint = {});
    // "unknown WHAT "word"", with the nearest known words as the hint
    void unknown(Place at, std::string_view what, std::string_view word, std::span<const std::string> known);

  private:
    const config::Document& document_;
    std::vector<Finding>& found_;
};

// "left => step" at the last arrow. Without an arrow `arrow` is nothing.
struct Arrowed {
    Piece left;
    std::optional<Arrow> arrow;
};
[[nodiscard]] Arrowed split_arrow(const Piece& piece);
[[nodiscard]] Arrow arrow_to(const Piece& target);

// Split at `separator`, but not inside "…", /…/ at the start of a part, or {…}. Parts are trimmed.
[[nodiscard]] std::vector<Piece> split(const Piece& piece, char separator);
// "table: rest" at the first `separator`
struct Headed {
    Piece head, rest;
    bool found = false;
};
[[nodiscard]] Headed split_head(const Piece& piece, char separator);

[[nodiscard]] std::optional<Text> text_of(const Piece& piece, Faults& faults);
[[nodiscard]] std::optional<std::chrono::milliseconds> duration_of(const Piece& piece,
                                                                   std::chrono::milliseconds least,
                                                                   std::chrono::milliseconds most,
                                                                   Faults& faults);
[[nodiscard]] std::optional<std::size_t> count_of(const Piece& piece, std::size_t least, std::size_t most,
                                                  Faults& faults);
// A comma list of variables, as in `save` and `context`.
[[nodiscard]] std::vector<std::string> references_of(const Piece& piece, Faults& faults);
// Alternatives of a hear or [interrupt] line; `languages_heard` as the suffix and the words say.
[[nodiscard]] Hear hear_of(const Piece& alternatives, Arrow arrow, std::optional<Language> only, Language own,
                           Faults& faults);

// "say.en" -> "say" and en; an unknown suffix is a fault.
struct Key {
    std::string name;
    std::optional<Language> language;
};
[[nodiscard]] Key split_key(const Entry& entry, Faults& faults);

}  // namespace pbx::dialog::loading
