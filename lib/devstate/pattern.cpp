#include "devstate/pattern.hpp"

namespace pbx::devstate {

namespace {
void add_range(std::bitset<256>& set, char from, char to) {
    for (int c = static_cast<unsigned char>(from); c <= static_cast<unsigned char>(to); ++c)
        set.set(static_cast<std::size_t>(c));
}

std::bitset<256> set_of(char c) {
    std::bitset<256> set;
    switch (c) {
        case 'X':
        case 'x':
            add_range(set, '0', '9');
            break;
        case 'Z':
        case 'z':
            add_range(set, '1', '9');
            break;
        case 'N':
        case 'n':
            add_range(set, '2', '9');
            break;
        default:
            add_range(set, c, c);
    }
    return set;
}

// Where a pattern's _ is; npos: the name is literal.
std::size_t find_pattern(std::string_view text) {
    for (auto at = text.find('_'); at != std::string_view::npos; at = text.find('_', at + 1))
        if (at == 0 || text[at - 1] == '/' || text[at - 1] == ':') return at;
    return std::string_view::npos;
}

std::string_view core_of(std::string_view name) {
    const auto end = name.find('@');
    const auto head = name.substr(0, end);
    const auto cut = head.find_last_of("/:");
    return cut == std::string_view::npos ? head : head.substr(cut + 1);
}
}  // namespace

Result<Pattern::Part> Pattern::read_set(std::string_view text, std::size_t& at) {
    const auto end = text.find(']', at);
    if (end == std::string_view::npos) return fail(Code::config, "[ without ]");
    Part out;
    for (auto i = at + 1; i < end; ++i) {
        const bool range = i + 2 < end && text[i + 1] == '-';
        if (range && text[i + 2] < text[i])
            return fail(Code::config, "a range that runs backwards: " + std::string(text.substr(i, 3)));
        add_range(out.set, text[i], range ? text[i + 2] : text[i]);
        if (range) i += 2;
    }
    if (out.set.none()) return fail(Code::config, "an empty []");
    at = end;
    return out;
}

Result<Pattern> Pattern::parse(std::string_view text) {
    if (text.empty()) return fail(Code::config, "no name");
    if (text.size() > max_pattern)
        return fail(Code::config, "a pattern longer than " + std::to_string(max_pattern) + " bytes");
    Pattern out;
    const auto begin = find_pattern(text);
    if (begin == std::string_view::npos) {
        out.before_ = text;
        return out;
    }
    auto end = text.find('@', begin);
    if (end == std::string_view::npos) end = text.size();
    out.before_ = text.substr(0, begin);
    out.after_ = text.substr(end);
    const auto inner = text.substr(begin + 1, end - begin - 1);
    for (std::size_t i = 0; i < inner.size(); ++i) {
        if (!out.steps_.empty() && out.steps_.back().step != Step::one)
            return fail(Code::config, "nothing can follow . or ! in a pattern");
        if (inner[i] == '-') continue;
        if (inner[i] == '[') {
            auto set = read_set(inner, i);
            if (!set) return Unexpected(set.error());
            out.steps_.push_back(*set);
        } else if (inner[i] == '.' || inner[i] == '!') {
            out.steps_.push_back({.step = inner[i] == '.' ? Step::some : Step::any});
        } else {
            out.steps_.push_back({.set = set_of(inner[i])});
        }
    }
    if (out.steps_.empty()) return fail(Code::config, "a pattern without a letter after _");
    return out;
}

bool Pattern::fits(std::string_view text) const {
    std::size_t at = 0;
    for (const auto& part : steps_) {
        while (at < text.size() && text[at] == '-')
            ++at;
        if (part.step == Step::any) return true;
        if (at == text.size()) return false;
        if (part.step == Step::some) return true;
        if (!part.set.test(static_cast<unsigned char>(text[at]))) return false;
        ++at;
    }
    while (at < text.size() && text[at] == '-')
        ++at;
    return at == text.size();
}

std::optional<std::string_view> Pattern::match(std::string_view name) const {
    if (is_literal()) {
        const bool any_context = before_.find('@') == std::string::npos;
        const auto whole = any_context ? name.substr(0, name.find('@')) : name;
        return whole == before_ ? std::optional(core_of(name)) : std::nullopt;
    }
    if (name.size() < before_.size() + after_.size() || !name.starts_with(before_) || !name.ends_with(after_))
        return std::nullopt;
    auto inner = name.substr(before_.size(), name.size() - before_.size() - after_.size());
    if (after_.empty() && before_.empty()) {
        // a pattern without a context takes the extension of every one
        inner = inner.substr(0, inner.find('@'));
    }
    return fits(inner) ? std::optional(inner) : std::nullopt;
}

}  // namespace pbx::devstate
