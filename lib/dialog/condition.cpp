#include "core/text.hpp"
#include "dialog/expression.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace pbx::dialog {

namespace {

using Kind = Condition::Kind;

// One word of a condition: an operator, a parenthesis, or an operand.
struct Token {
    enum class What { operand, comparison, and_, or_, not_, open, close, end } what = What::end;
    Kind kind = Kind::truth;  // of a comparison
    std::string_view text;    // of an operand, as written
    bool quoted = false;
    std::size_t at = 0;
};

constexpr std::array<std::pair<std::string_view, Kind>, 7> comparisons{{
    {"!=", Kind::unequal},
    {"<=", Kind::less_or_equal},
    {">=", Kind::greater_or_equal},
    {"==", Kind::equal},
    {"=", Kind::equal},
    {"<", Kind::less},
    {">", Kind::greater},
}};

class Reading {
  public:
    explicit Reading(std::string_view source) : source_(source) { advance(); }

    Parsed<Condition> whole() {
        auto condition = any(0);
        if (!condition) return condition;
        if (token_.what != Token::What::end) return fault("more after the condition");
        return condition;
    }

  private:
    using Result_ = Parsed<Condition>;

    Result_ any(std::size_t depth) { return chain(depth, Token::What::or_, Kind::any); }

    // a and b and c; a or b or c, whose parts are chains of `and`
    Result_ chain(std::size_t depth, Token::What joint, Kind kind) {
        if (depth > max_condition_depth) return fault("too many parentheses");
        const auto part = [&] {
            return kind == Kind::any ? chain(depth, Token::What::and_, Kind::all) : negated(depth);
        };
        auto first = part();
        if (!first || token_.what != joint) return first;
        Condition joined;
        joined.kind = kind;
        joined.inner.push_back(std::move(*first));
        while (token_.what == joint) {
            advance();
            auto next = part();
            if (!next) return next;
            joined.inner.push_back(std::move(*next));
        }
        return joined;
    }

    Result_ negated(std::size_t depth) {
        if (depth > max_condition_depth) return fault("too many `not`");
        if (token_.what != Token::What::not_) return single(depth);
        advance();
        auto inner = negated(depth + 1);
        if (!inner) return inner;
        Condition condition;
        condition.kind = Kind::negated;
        condition.inner.push_back(std::move(*inner));
        return condition;
    }

    Result_ single(std::size_t depth) {
        if (token_.what == Token::What::open) {
            advance();
            auto inner = any(depth + 1);
            if (!inner) return inner;
            if (token_.what != Token::What::close) return fault("a parenthesis is not closed");
            advance();
            return inner;
        }
        Condition condition;
        auto left = operand();
        if (!left) return tl::unexpected(left.error());
        condition.left = std::move(*left);
        if (token_.what != Token::What::comparison) return condition;
        condition.kind = token_.kind;
        advance();
        auto right = operand();
        if (!right) return tl::unexpected(right.error());
        condition.right = std::move(*right);
        return condition;
    }

    // Operands that stand side by side are one text: a = Нижний Новгород
    Parsed<Text> operand() {
        if (token_.what != Token::What::operand)
            return tl::unexpected(Misread{token_.at, "a value is missing here",
                                          "write e.g. ${hour} < 9 or ${city} = \"Нижний Новгород\""});
        const auto start = token_.at;
        auto until = start;
        if (token_.quoted) {
            auto text = parse_text(token_.text);
            advance();
            return moved(std::move(text), start + 1);
        }
        while (token_.what == Token::What::operand && !token_.quoted) {
            until = token_.at + token_.text.size();
            advance();
        }
        return moved(parse_text(source_.substr(start, until - start)), start);
    }

    static Parsed<Text> moved(Parsed<Text> text, std::size_t by) {
        if (!text) {
            text.error().at += by;
            return text;
        }
        for (auto& part : text->parts)
            part.at += by;
        return text;
    }

    Result_ fault(std::string what) const {
        return tl::unexpected(Misread{token_.at, std::move(what), "put text of several words in \"quotes\""});
    }

    void advance() {
        at_ = std::min(source_.find_first_not_of(" \t", at_), source_.size());
        token_ = {};
        token_.at = at_;
        if (at_ == source_.size()) return;
        if (source_[at_] == '"') return quoted();
        if (source_[at_] == '(' || source_[at_] == ')') {
            token_.what = source_[at_++] == '(' ? Token::What::open : Token::What::close;
            return;
        }
        for (const auto& [sign, kind] : comparisons)
            if (source_.substr(at_).starts_with(sign)) {
                token_.what = Token::What::comparison;
                token_.kind = kind;
                at_ += sign.size();
                return;
            }
        word();
    }

    void quoted() {
        const auto close = source_.find('"', at_ + 1);
        token_.what = Token::What::operand;
        token_.quoted = true;
        token_.text = source_.substr(at_ + 1, close == std::string_view::npos ? close : close - at_ - 1);
        at_ = close == std::string_view::npos ? source_.size() : close + 1;
    }

    void word() {
        const auto start = at_;
        while (at_ < source_.size() &&
               std::string_view(" \t()!<>=\"").find(source_[at_]) == std::string_view::npos) {
            const auto close = source_.substr(at_).starts_with("${") ? source_.find('}', at_) : at_;
            at_ = close == std::string_view::npos ? source_.size() : close + 1;
        }
        if (at_ == start) ++at_;  // a lone !
        token_.text = source_.substr(start, at_ - start);
        token_.what = token_.text == "and"   ? Token::What::and_
                      : token_.text == "or"  ? Token::What::or_
                      : token_.text == "not" ? Token::What::not_
                                             : Token::What::operand;
    }

    std::string_view source_;
    std::size_t at_ = 0;
    Token token_;
};

template <class T>
bool compare(Kind kind, const T& left, const T& right) {
    switch (kind) {
        case Kind::equal:
            return left == right;
        case Kind::unequal:
            return left != right;
        case Kind::less:
            return left < right;
        case Kind::less_or_equal:
            return left <= right;
        case Kind::greater:
            return left > right;
        case Kind::greater_or_equal:
            return left >= right;
        case Kind::any:
        case Kind::all:
        case Kind::negated:
        case Kind::truth:
            break;
    }
    return false;
}

}  // namespace

Parsed<Condition> parse_condition(std::string_view source) {
    return Reading(source).whole();
}

bool holds(const Condition& condition, const Lookup& lookup) {
    const auto inner = [&](const Condition& one) { return holds(one, lookup); };
    switch (condition.kind) {
        case Kind::any:
            return std::any_of(condition.inner.begin(), condition.inner.end(), inner);
        case Kind::all:
            return std::all_of(condition.inner.begin(), condition.inner.end(), inner);
        case Kind::negated:
            return !holds(condition.inner.front(), lookup);
        case Kind::truth: {
            const auto value = fill(condition.left, lookup);
            return !value.empty() && value != "0" && value != "no";
        }
        default:
            break;
    }
    const auto left = fill(condition.left, lookup), right = fill(condition.right, lookup);
    const auto a = text::to_number(left), b = text::to_number(right);
    return a && b ? compare(condition.kind, *a, *b) : compare(condition.kind, left, right);
}

void each_text(const Condition& condition, const std::function<void(const Text&)>& visit) {
    for (const auto& inner : condition.inner)
        each_text(inner, visit);
    if (condition.inner.empty()) {
        visit(condition.left);
        visit(condition.right);
    }
}

}  // namespace pbx::dialog
