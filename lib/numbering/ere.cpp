#include "numbering/ere.hpp"

#include "numbering/number.hpp"

#include <algorithm>
#include <vector>

namespace pbx::numbering {

namespace {
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_alnum(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// How large a program RE2 would make of a pattern, told before it makes it: RE2 bounds the program, but not
// what it builds on the way there (16 ms and 2.6 MB for one pattern of 240 octets).
class Weight {
  public:
    void atom(std::size_t weight = 1) { add(weight); }
    void open() { sums_.push_back(0); }
    void close() {
        if (sums_.size() == 1) return;
        const auto inside = sums_.back() + 2;
        sums_.pop_back();
        add(inside);
    }
    void repeat(std::size_t times) {
        if (times < 2) return;
        sums_.back() += last_ * (times - 1);
        last_ *= times;
    }
    [[nodiscard]] bool is_too_much() const {
        std::size_t all = 0;
        for (auto sum : sums_)
            all += sum;
        return all > max_weight;
    }

  private:
    void add(std::size_t weight) {
        last_ = weight;
        sums_.back() += weight;
    }
    std::vector<std::size_t> sums_{0};  // of the groups that are open, the outermost first
    std::size_t last_ = 0;
};

// {3}, {3,} or {3,5} at the beginning of `rest`.
struct Interval {
    std::size_t size = 0;  // octets; 0: it is none
    std::size_t least = 0, most = 0;
    bool is_open = false;
};

Interval interval_at(std::string_view rest) {
    Interval out;
    std::size_t i = 1;
    const auto number = [&](std::size_t& into) {
        const auto from = i;
        for (; i < rest.size() && is_digit(rest[i]) && i - from < 4; ++i)
            into = into * 10 + static_cast<std::size_t>(rest[i] - '0');
        return i > from;
    };
    if (!number(out.least)) return {};
    out.most = out.least;
    if (i < rest.size() && rest[i] == ',') {
        ++i;
        out.most = 0;
        out.is_open = !number(out.most);
    }
    if (i == rest.size() || rest[i] != '}') return {};
    out.size = i + 1;
    return out;
}

// From a POSIX extended expression to what RE2 reads the same way. Brackets know no backslash in POSIX; an
// escaped letter or digit means nothing there, and would mean much to RE2 and others.
class Translator {
  public:
    explicit Translator(const Expression& expression)
        : source_(expression.pattern), expression_(expression) {}

    [[nodiscard]] Fault run() {
        for (std::size_t i = 0; i < source_.size();) {
            const auto size = source_[i] == '['    ? bracket(i)
                              : source_[i] == '\\' ? escape(i)
                              : source_[i] == '{'  ? interval(i)
                                                   : plain(i);
            if (!fault_ && weight_.is_too_much()) refuse(i, "too much repetition");
            if (fault_) return fault_;
            i += size;
        }
        return {};
    }
    [[nodiscard]] const std::string& text() const { return out_; }

  private:
    std::size_t refuse(std::size_t i, std::string_view why) {
        fault_ = {Status::bad_regexp, Field::regexp, expression_.pattern_at + i + 1, why};
        return 0;
    }
    // A number has no more than max_digits and its plus: what repeats more often cannot match more, and what
    // must repeat more often cannot match.
    std::size_t interval(std::size_t i) {
        constexpr std::size_t enough = max_digits + 2;
        auto found = interval_at(source_.substr(i));
        if (found.size == 0) return plain(i);
        if (!found.is_open && found.most < found.least)
            return refuse(i, "a repetition that ends before it begins");
        found.is_open = found.is_open || found.most >= enough;
        found.least = std::min(found.least, enough);
        weight_.repeat(found.is_open ? found.least + 1 : found.most);
        out_.append("{").append(std::to_string(found.least));
        if (found.is_open)
            out_ += ',';
        else if (found.most != found.least)
            out_.append(",").append(std::to_string(found.most));
        out_ += '}';
        return found.size;
    }
    std::size_t plain(std::size_t i) {
        weigh(source_[i]);
        return copy(i);
    }
    void weigh(char c) {
        if (c == '(')
            weight_.open();
        else if (c == ')')
            weight_.close();
        else if (c != '*' && c != '+' && c != '?')
            weight_.atom();
    }
    std::size_t copy(std::size_t i) {
        if (static_cast<unsigned char>(source_[i]) >= 0x80) {
            // octets, not characters: no number has them
            constexpr std::string_view hex = "0123456789abcdef";
            const auto octet = static_cast<unsigned char>(source_[i]);
            out_.append("\\x").push_back(hex[octet >> 4U]);
            out_.push_back(hex[octet & 15U]);
        } else {
            out_ += source_[i];
        }
        return 1;
    }
    std::size_t escape(std::size_t i) {
        if (i + 1 == source_.size()) return refuse(i, "a backslash at the end of the pattern");
        const char c = source_[i + 1];
        weight_.atom();
        if (c == expression_.delimiter && is_alnum(c)) {
            out_ += c;
            return 2;
        }
        if (is_digit(c) && c != '0') return refuse(i, "extended expressions have no back-references");
        if (is_alnum(c) || static_cast<unsigned char>(c) >= 0x80)
            return refuse(i, "an escape that extended expressions do not have");
        out_.append("\\").push_back(c);
        return 2;
    }
    std::size_t bracket(std::size_t from) {
        std::size_t i = from + 1;
        out_ += '[';
        if (i < source_.size() && source_[i] == '^') out_ += source_[i++];
        if (i < source_.size() && source_[i] == ']') {
            out_ += "\\]";
            ++i;
        }
        for (; i < source_.size() && source_[i] != ']'; ++i) {
            const auto rest = source_.substr(i);
            if (rest.starts_with("[.") || rest.starts_with("[="))
                return refuse(i, "collating symbols are not understood");
            if (rest.starts_with("[:")) {
                const auto end = rest.find(":]", 2);
                if (end == rest.npos) return refuse(i, "a class without its end");
                out_.append(rest.substr(0, end + 2));
                i += end + 1;
            } else if (source_[i] == '\\' || source_[i] == '[') {
                // an escaped delimiter is the delimiter, here too (RFC 3402 3.2)
                if (source_[i] == '\\' && i + 1 < source_.size() && source_[i + 1] == expression_.delimiter)
                    ++i;
                (is_alnum(source_[i]) ? out_ : out_.append("\\")).push_back(source_[i]);
            } else {
                copy(i);
            }
        }
        weight_.atom((i - from) / 2 + 1);
        if (i == source_.size()) return refuse(from, "a bracket without its end");
        out_ += ']';
        return i + 1 - from;
    }

    std::string_view source_;
    const Expression& expression_;
    std::string out_;
    Weight weight_;
    Fault fault_;
};
}  // namespace

Translated translate(const Expression& expression) {
    Translator translator(expression);
    const auto fault = translator.run();
    return {fault, translator.text()};
}

}  // namespace pbx::numbering
