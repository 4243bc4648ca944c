#include "agi/codec.hpp"
#include "core/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace pbx::agi {

namespace {

// Inside quotes only these two mean something to res_agi.c's parse_args; quoting everything keeps blanks,
// commas and empty values whole.
void append_quoted(std::string& line, std::string_view argument) {
    line += " \"";
    for (const char c : argument) {
        if (c == '"' || c == '\\') line += '\\';
        line += c;
    }
    line += '"';
}

bool is_command_word(char c) {
    return (c >= 'A' && c <= 'Z') || c == ' ';
}

}  // namespace

Result<std::string> encode_command(std::string_view words, std::span<const std::string> arguments) {
    if (words.empty() || !std::all_of(words.begin(), words.end(), is_command_word)) {
        return fail(Code::bug, fmt::format("\"{}\" is no AGI command", words));
    }
    const auto count = text::words(words).size() + arguments.size();
    if (count > max_arguments) {
        return fail(Code::data, fmt::format("AGI command of {} arguments, at most {}", count, max_arguments),
                    std::string(words));
    }
    std::string line(words);
    for (const auto& argument : arguments) {
        if (!text::is_plain_line(argument)) {
            return fail(Code::data, "control byte in an argument of an AGI command", std::string(words));
        }
        append_quoted(line, argument);
        if (line.size() + 1 > max_command) {
            return fail(Code::data, fmt::format("AGI command of more than {} bytes", max_command),
                        std::string(words));
        }
    }
    line += '\n';
    return line;
}

}  // namespace pbx::agi
