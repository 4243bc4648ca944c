// One alternative of a `hear` line as a value: what kind it is, its words, its slot.
#include "core/text.hpp"
#include "dialog/match.hpp"
#include "dialog/regex.hpp"

#include <algorithm>

namespace pbx::dialog {

namespace {
bool quoted_with(std::string_view s, char mark) {
    return s.size() >= 2 && s.front() == mark && s.back() == mark;
}

// Where the piece that opens at `at` closes: after the quote, slash or brace; npos when it never does.
std::size_t closing(std::string_view s, std::size_t at) {
    const char close = s[at] == '{' ? '}' : s[at];
    for (std::size_t i = at + 1; i < s.size(); ++i) {
        if (s[i] == '\\' && close == '/') {
            ++i;
        } else if (s[i] == close) {
            return i;
        }
    }
    return std::string_view::npos;
}

bool is_variable(std::string_view name) {
    auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    return !name.empty() && letter(name.front()) &&
           std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

bool is_source(std::string_view name) {
    return !name.empty() && name.find_first_of(" \t@{}:|\"/") == std::string_view::npos;
}

Result<Pattern> exact(std::string_view inside) {
    auto words = words_as_written(inside);
    if (inside.find('"') != std::string_view::npos) return fail(Code::data, "words around a quoted answer");
    if (words.empty())
        return fail(Code::data, "no word between the quotes", "", "write the whole answer there");
    return Exact{std::move(words)};
}

Result<Pattern> regex(std::string_view source) {
    if (source.empty()) return fail(Code::data, "empty regular expression");
    auto ready = compile_regex(source);
    if (!ready) return tl::unexpected(ready.error());
    return Regex{std::string(source)};
}

// "{name:@source}" or "@source" without its braces.
Result<Slot> slot(std::string_view inside) {
    const auto colon = inside.find(':');
    const bool named = colon != std::string_view::npos;
    const auto variable = pbx::text::trim(named ? inside.substr(0, colon) : std::string_view{});
    auto source = pbx::text::trim(named ? inside.substr(colon + 1) : inside);
    if (named && !is_variable(variable))
        return fail(Code::data, "bad variable name '" + std::string(variable) + "'", "",
                    "letters a-z, digits and _ only: {who:@staff}");
    if (!source.starts_with('@'))
        return fail(Code::data, "no @ before '" + std::string(source) + "'", "",
                    "{name:@reader} or {name:@LIST}; {name:4} is for `key` lines");
    source.remove_prefix(1);
    if (!is_source(source)) return fail(Code::data, "no reader or list name after @");
    return Slot{std::string(variable), std::string(source), {}, {}};
}

// Words around one {…} or @name.
Result<Pattern> around(std::string_view text, std::size_t at) {
    std::size_t end =
        text[at] == '{' ? closing(text, at) : std::min(text.find_first_of(" \t", at), text.size());
    if (end == std::string_view::npos) return fail(Code::data, "{ without }");
    const bool braces = text[at] == '{';
    auto found = slot(text.substr(at + (braces ? 1 : 0), end - at - (braces ? 1 : 0)));
    if (!found) return tl::unexpected(found.error());
    const auto after = text.substr(std::min(end + (braces ? 1 : 0), text.size()));
    if (after.find_first_of("{}@") != std::string_view::npos)
        return fail(Code::data, "two slots in one alternative", "", "ask for them in two steps");
    found->before = words_as_written(text.substr(0, at));
    found->after = words_as_written(after);
    return Pattern{std::move(*found)};
}
}  // namespace

Result<Pattern> parse_pattern(std::string_view text) {
    text = pbx::text::trim(text);
    if (text.empty())
        return fail(Code::data, "empty alternative", "", "words, \"exact words\", /regex/ or {name:@reader}");
    if (text.size() > max_pattern)
        return fail(Code::data, "alternative longer than " + std::to_string(max_pattern) + " bytes");
    if (!pbx::text::is_utf8(text)) return fail(Code::data, "not UTF-8", "", "save the file as UTF-8");
    if (quoted_with(text, '"')) return exact(text.substr(1, text.size() - 2));
    if (quoted_with(text, '/')) return regex(text.substr(1, text.size() - 2));
    if (text.front() == '"' || text.front() == '/')
        return fail(Code::data, std::string(1, text.front()) + " is not closed");
    if (const auto at = text.find_first_of("{@"); at != std::string_view::npos) return around(text, at);
    if (text.find('}') != std::string_view::npos) return fail(Code::data, "} without {");
    auto words = words_as_written(text);
    if (words.empty()) return fail(Code::data, "no word in '" + std::string(text) + "'");
    return Words{std::move(words)};
}

std::vector<std::string_view> alternatives(std::string_view text) {
    std::vector<std::string_view> out;
    std::size_t start = 0;
    bool fresh = true;  // only blanks since the last |: " and / open something here alone
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '|') {
            out.push_back(pbx::text::trim(text.substr(start, i - start)));
            start = i + 1;
            fresh = true;
        } else if (c == '{' || (fresh && (c == '"' || c == '/'))) {
            const auto end = closing(text, i);
            i = end == std::string_view::npos ? i : end;
            fresh = false;
        } else if (c != ' ' && c != '\t') {
            fresh = false;
        }
    }
    out.push_back(pbx::text::trim(text.substr(start)));
    return out;
}

}  // namespace pbx::dialog
