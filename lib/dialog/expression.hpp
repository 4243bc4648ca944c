// Text with ${variables} and the conditions of `if =`: parsed once, filled and decided at every call. A
// variable's value is text and is never looked into again.
#pragma once

#include "core/result.hpp"
#include "dialog/finding.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dialog {

// The text of a variable by its name as written between ${ and }: "who", "who.2", "who.said".
using Lookup = std::function<std::string(std::string_view name)>;

// «Соединяю, ${who.2}.» taken apart.
struct Text {
    struct Part {
        std::string literal;   // as it is
        std::string variable;  // or the name between ${ and }
        std::size_t at = 0;    // byte offset in the source
    };
    std::vector<Part> parts;
    Place place;

    [[nodiscard]] bool is_literal() const;
    [[nodiscard]] std::string source() const;  // as it was written
};

// What is wrong in a text, and where in it.
struct Misread {
    std::size_t at = 0;  // byte offset
    std::string what, hint;
};
template <class T>
using Parsed = tl::expected<T, Misread>;

// `${` starts a variable, `$${` is the two characters; any other `$` is itself.
[[nodiscard]] Parsed<Text> parse_text(std::string_view source);
[[nodiscard]] std::string fill(const Text& text, const Lookup& lookup);
// "name", "name.2" … "name.9", "name.said"
[[nodiscard]] bool is_variable_reference(std::string_view name);

// a = b, a != b, < <= > >=, a alone (true unless empty, 0 or "no"), and, or, not, ( ).
struct Condition {
    enum class Kind {
        any,
        all,
        negated,
        equal,
        unequal,
        less,
        less_or_equal,
        greater,
        greater_or_equal,
        truth
    };
    Kind kind = Kind::truth;
    std::vector<Condition> inner;  // of any, all, negated
    Text left, right;              // of the comparisons; truth has only the left one
};
constexpr std::size_t max_condition_depth = 32;

[[nodiscard]] Parsed<Condition> parse_condition(std::string_view source);
// Two numbers are compared as numbers, anything else as text byte by byte (so dates and times compare too).
[[nodiscard]] bool holds(const Condition& condition, const Lookup& lookup);
// Calls `visit` for every text in it.
void each_text(const Condition& condition, const std::function<void(const Text&)>& visit);

}  // namespace pbx::dialog
