#include "numbering/regexp.hpp"

#include "numbering/ere.hpp"
#include "numbering/shape.hpp"

#include <algorithm>
#include <array>

#include <re2/re2.h>

namespace pbx::numbering {

namespace {
bool is_reference(char c) {
    return c >= '1' && c <= '9';
}
bool is_flag(char c) {
    return c == 'i' || c == 'I';  // ABNF's strings are without case
}

Fault wrong(std::size_t octet, std::string_view why) {
    return {Status::bad_regexp, Field::regexp, octet, why};
}

// The next delimiter that has no backslash before it.
std::size_t find_delimiter(std::string_view field, std::size_t from) {
    for (std::size_t i = from; i < field.size(); ++i) {
        if (field[i] == '\\' && field[0] != '\\')
            ++i;
        else if (field[i] == field[0])
            return i;
    }
    return field.npos;
}

// Writes the replacement with its references filled in.
Fault fill(const Expression& expression, const Match& match, const Reading& reading, std::string& out) {
    const auto source = expression.replacement;
    for (std::size_t i = 0; i < source.size(); ++i) {
        if (source[i] != '\\') {
            out += source[i];
            continue;
        }
        const auto octet = expression.replacement_at + i + 1;
        if (++i == source.size()) return wrong(octet, "a backslash at the end of the replacement");
        const char c = source[i];
        const bool whole = c == '0' && reading.whole_match;
        if (is_reference(c) || whole) {
            const auto number = static_cast<std::size_t>(c - '0');
            if (number > match.count) return wrong(octet, "a reference to a group that is not there");
            out += match.groups[number];
        } else if (c == expression.delimiter) {
            out += c;
        } else {
            return wrong(octet, "a backslash before what is neither \\1 to \\9 nor the delimiter");
        }
        if (out.size() > max_uri) break;
    }
    return {};
}
}  // namespace

class CompiledPattern {
  public:
    explicit CompiledPattern(const Expression& expression) {
        const auto translated = translate(expression);
        fault_ = translated.fault;
        if (fault_) return;
        RE2::Options options;
        options.set_posix_syntax(true);
        options.set_longest_match(true);
        options.set_one_line(true);
        options.set_dot_nl(true);
        options.set_log_errors(false);
        options.set_encoding(RE2::Options::EncodingLatin1);
        options.set_case_sensitive(!expression.ignores_case);
        options.set_max_mem(max_pattern_memory);
        re_ = std::make_unique<RE2>(translated.text, options);
        if (!re_->ok()) {
            fault_ = wrong(expression.pattern_at + 1, why(re_->error_code()));
            re_ = nullptr;  // its error text stays nowhere: `why` is ours
        }
    }
    [[nodiscard]] const Fault& fault() const { return fault_; }

    [[nodiscard]] Match match(std::string_view text) const {
        std::array<re2::StringPiece, max_groups + 1> groups;
        Match out;
        out.count =
            std::min<std::size_t>(static_cast<std::size_t>(re_->NumberOfCapturingGroups()), max_groups);
        const re2::StringPiece all(text.data(), text.size());
        out.matched =
            re_->Match(all, 0, text.size(), RE2::UNANCHORED, groups.data(), static_cast<int>(out.count) + 1);
        for (std::size_t i = 0; out.matched && i <= out.count; ++i)
            if (groups[i].data() != nullptr) out.groups[i] = {groups[i].data(), groups[i].size()};
        return out;
    }

  private:
    static std::string_view why(RE2::ErrorCode code) {
        switch (code) {
            case RE2::ErrorMissingBracket:
                return "a bracket without its end";
            case RE2::ErrorMissingParen:
            case RE2::ErrorUnexpectedParen:
                return "a group without its other end";
            case RE2::ErrorRepeatArgument:
            case RE2::ErrorRepeatOp:
                return "nothing stands before a repetition, or it is repeated itself";
            case RE2::ErrorRepeatSize:
            case RE2::ErrorPatternTooLarge:
                return "too much repetition";
            case RE2::ErrorBadCharRange:
            case RE2::ErrorBadCharClass:
                return "no such class of characters";
            default:
                return "not an extended regular expression";
        }
    }
    Fault fault_;
    std::unique_ptr<RE2> re_;
};

Parsed parse_expression(std::string_view field) {
    const auto bad = [](std::size_t octet, std::string_view why) {
        return Parsed{.fault = wrong(octet, why)};
    };
    if (field.empty()) return bad(0, "there is none");
    const char delimiter = field[0];
    if (is_reference(delimiter) || is_flag(delimiter) || delimiter == '\\')
        return bad(1, "no delimiter: 1 to 9, i and the backslash have their own meaning");
    if (static_cast<unsigned char>(delimiter) >= 0x80) return bad(1, "no delimiter: half a character");
    const auto second = find_delimiter(field, 1);
    if (second == field.npos) return bad(0, "the second delimiter is missing");
    const auto third = find_delimiter(field, second + 1);
    if (third == field.npos) return bad(0, "the third delimiter is missing");
    Parsed out{.expression = {.delimiter = delimiter,
                              .pattern = field.substr(1, second - 1),
                              .replacement = field.substr(second + 1, third - second - 1),
                              .pattern_at = 1,
                              .replacement_at = second + 1}};
    for (std::size_t i = third + 1; i < field.size(); ++i) {
        if (!is_flag(field[i])) return bad(i + 1, "only the flag i may follow the last delimiter");
        out.expression.ignores_case = true;
    }
    if (out.expression.pattern.empty()) return bad(2, "an empty pattern");
    return out;
}

Rewriter::Rewriter(Reading reading) : reading_(reading) {}
Rewriter::~Rewriter() = default;
Rewriter::Rewriter(Rewriter&&) noexcept = default;
Rewriter& Rewriter::operator=(Rewriter&&) noexcept = default;

const CompiledPattern* Rewriter::compiled(const Expression& expression) {
    // the delimiter is part of the key: it decides what its own escape means
    std::string key{expression.delimiter, expression.ignores_case ? 'i' : ' '};
    key += expression.pattern;
    const auto found = patterns_.find(key);
    if (found != patterns_.end()) return found->second.get();
    if (allowed_ == 0) return nullptr;
    --allowed_;
    if (patterns_.size() >= max_patterns) patterns_.clear();
    return patterns_.emplace(std::move(key), std::make_unique<const CompiledPattern>(expression))
        .first->second.get();
}

Fault Rewriter::rewrite(std::string_view field, std::string_view aus, std::string& out) {
    out.clear();
    const auto parsed = parse_expression(field);
    if (parsed.fault) return parsed.fault;
    const auto& expression = parsed.expression;
    auto match = match_shape(expression.pattern, aus);
    if (!match) {
        const auto* pattern = compiled(expression);
        if (pattern == nullptr) return wrong(0, "too many different patterns for one number");
        if (pattern->fault()) return pattern->fault();
        match = pattern->match(aus);
    }
    if (!match->matched) return {Status::no_match, Field::regexp, 0, "the number does not match"};
    const auto& whole = match->groups[0];
    const auto before = static_cast<std::size_t>(whole.data() - aus.data());
    if (!reading_.replacement_only) out.append(aus.substr(0, before));
    if (const auto fault = fill(expression, *match, reading_, out)) return fault;
    if (!reading_.replacement_only) out.append(aus.substr(before + whole.size()));
    if (out.size() > max_uri) return {Status::bad_uri, Field::uri, max_uri + 1, "too long"};
    return {};
}

}  // namespace pbx::numbering
