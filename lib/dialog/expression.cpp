#include "dialog/expression.hpp"

#include "core/text.hpp"

#include <algorithm>

namespace pbx::dialog {

bool Text::is_literal() const {
    return std::none_of(parts.begin(), parts.end(), [](const Part& part) { return !part.variable.empty(); });
}

std::string Text::source() const {
    std::string out;
    for (const auto& part : parts)
        out += part.variable.empty() ? part.literal : "${" + part.variable + "}";
    return out;
}

bool is_variable_reference(std::string_view name) {
    const auto dot = name.find('.');
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const auto base = name.substr(0, dot);
    if (base.empty() || !letter(base.front())) return false;
    if (!std::all_of(base.begin(), base.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); }))
        return false;
    if (dot == std::string_view::npos) return true;
    const auto rest = name.substr(dot + 1);
    return rest == "said" || (rest.size() == 1 && rest[0] >= '1' && rest[0] <= '9');
}

namespace {
void add_literal(Text& text, std::string_view literal, std::size_t at) {
    if (literal.empty()) return;
    if (!text.parts.empty() && text.parts.back().variable.empty())
        text.parts.back().literal += literal;
    else
        text.parts.push_back({std::string(literal), {}, at});
}
}  // namespace

Parsed<Text> parse_text(std::string_view source) {
    Text text;
    std::size_t at = 0;
    while (at < source.size()) {
        const auto dollar = source.find("${", at);
        if (dollar == std::string_view::npos) break;
        if (dollar > at && source[dollar - 1] == '$') {  // $${ is the two characters
            add_literal(text, source.substr(at, dollar - 1 - at), at);
            add_literal(text, "${", dollar);
            at = dollar + 2;
            continue;
        }
        add_literal(text, source.substr(at, dollar - at), at);
        const auto close = source.find('}', dollar);
        if (close == std::string_view::npos)
            return tl::unexpected(Misread{dollar, "${ is not closed", "close it with }"});
        const auto name = text::trim(source.substr(dollar + 2, close - dollar - 2));
        if (!is_variable_reference(name))
            return tl::unexpected(Misread{dollar, "\"" + std::string(name) + "\" is not a variable's name",
                                          "write ${name}, ${name.2} or ${name.said}"});
        text.parts.push_back({{}, std::string(name), dollar});
        at = close + 1;
    }
    add_literal(text, source.substr(at), at);
    return text;
}

std::string fill(const Text& text, const Lookup& lookup) {
    std::string out;
    for (const auto& part : text.parts)
        out += part.variable.empty() ? part.literal : lookup(part.variable);
    return out;
}

}  // namespace pbx::dialog
