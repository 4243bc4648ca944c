// Small pure functions on text. Bytes in, bytes out; UTF-8 where a character is meant.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::text {

[[nodiscard]] std::string_view trim(std::string_view s);  // ASCII blanks at both ends
[[nodiscard]] std::vector<std::string_view> split(std::string_view s, char separator);
[[nodiscard]] std::vector<std::string_view> words(std::string_view s);  // split at runs of ASCII blanks
[[nodiscard]] std::string join(std::span<const std::string> parts, std::string_view between);
[[nodiscard]] std::string lower_ascii(std::string_view s);
[[nodiscard]] bool iequal_ascii(std::string_view a, std::string_view b);

// UTF-8 (RFC 3629): refuses overlong forms, surrogates and > U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view s);
[[nodiscard]] std::u32string decode_utf8(std::string_view s);  // a bad byte becomes U+FFFD
[[nodiscard]] std::string encode_utf8(std::u32string_view s);
[[nodiscard]] std::string lower(std::string_view utf8);    // Latin and Cyrillic letters
[[nodiscard]] std::size_t columns(std::string_view utf8);  // code points

// Text that may go to a protocol line: no byte below 0x20 and no 0x7f.
[[nodiscard]] bool is_plain_line(std::string_view s);
// Foreign text for a terminal: '?' for what could move the cursor, change colours or turn the line round: C0,
// DEL, C1 (U+009B is a CSI in one), line and paragraph separators, directions; and for bytes that are no
// UTF-8.
[[nodiscard]] std::string printable(std::string_view s);

// Whole-string numbers; nothing else around them.
[[nodiscard]] std::optional<long long> to_integer(std::string_view s);
[[nodiscard]] std::optional<double> to_number(std::string_view s);

// Damerau-Levenshtein distance over code points.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);
// Up to `most` known words within distance 2 of `word`, nearest first.
[[nodiscard]] std::vector<std::string> suggestions(std::string_view word, std::span<const std::string> known,
                                                   std::size_t most = 3);

}  // namespace pbx::text
