// A lookup's outcome as one line of JSON, written straight into text: a document tree for each of millions of
// numbers would cost more than asking for them.
#pragma once

#include "numbering/lookup.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace pbx::numbering {

// Octets of records beyond which the rest of them is only counted ("unlisted"): a zone of a stranger must not
// fill our memory while other answers are waited for.
inline constexpr std::size_t max_listed = 16 * 1024;

// A JSON string with its quotes. Octets that are no UTF-8 become U+FFFD.
void append_json(std::string_view text, std::string& out);

// What a lookup is told with, beside its outcome.
struct Told {
    std::string_view number{};
    std::string_view uri{};   // the one asked for; empty: there is none
    std::string_view dial{};  // empty: left out
    std::chrono::nanoseconds took{};
};

// From "number" on, without braces.
void append_json(const Outcome& outcome, const Told& told, std::string& out);

// "indeterminate", "secure", "bogus"
[[nodiscard]] std::string_view dnssec_of(const Outcome& outcome);
// Of a lookup that has not the URI asked for.
[[nodiscard]] Status status_without_uri(const Outcome& outcome);

}  // namespace pbx::numbering
