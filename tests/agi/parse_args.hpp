// How Asterisk takes a command line apart, for tests: the rules of res_agi.c's parse_args in our own words.
// Blank and tab part words; a quote opens and closes; a backslash takes the next byte as it is.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pbx::agi {

inline std::vector<std::string> parse_args(std::string_view line) {
    std::vector<std::string> words;
    bool in_word = false, quoted = false, escaped = false;
    const auto begin = [&] {
        if (!in_word) words.emplace_back();
        in_word = true;
    };
    for (const char c : line) {
        const bool plain = escaped || (c != '"' && c != '\\' && (quoted || (c != ' ' && c != '\t')));
        if (plain) {
            begin();
            words.back() += c;
            escaped = false;
        } else if (c == '"') {
            quoted = !quoted;
            if (quoted) begin();
        } else if (c == '\\') {
            escaped = true;
        } else {
            in_word = false;
        }
    }
    return words;
}

}  // namespace pbx::agi
