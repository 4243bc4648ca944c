#include "numbering/shape.hpp"

namespace pbx::numbering {

namespace {
bool is_plain(char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == ' ' || c == '@' || c == ':';
}

// Walks pattern and text side by side. Groups do not nest.
class Walk {
  public:
    Walk(std::string_view pattern, std::string_view text) : pattern_(pattern), text_(text) {}

    [[nodiscard]] std::optional<Match> run() {
        if (!pattern_.starts_with('^')) return std::nullopt;
        std::size_t i = 1;
        while (i < pattern_.size()) {
            const char c = pattern_[i];
            if (c == '$') {
                if (i + 1 != pattern_.size() || open_) return std::nullopt;
                matches_ = matches_ && at_ == text_.size();
                ++i;
            } else if (c == '(') {
                if (open_ || match_.count == max_groups) return std::nullopt;
                open_ = true;
                opened_ = at_;
                ++i;
            } else if (c == ')') {
                if (!open_ || !close(i)) return std::nullopt;
                ++i;
            } else if (const auto size = c == '.' ? tail(i) : literal(i); size > 0) {
                i += size;
            } else {
                return std::nullopt;
            }
        }
        if (open_) return std::nullopt;
        match_.matched = matches_;
        if (matches_) match_.groups[0] = text_.substr(0, at_);
        return match_;
    }

  private:
    [[nodiscard]] char after(std::size_t i) const { return i < pattern_.size() ? pattern_[i] : '\0'; }
    [[nodiscard]] bool repeats(char c) const { return c == '*' || c == '+' || c == '?' || c == '{'; }

    // A group that repeats is of another shape.
    [[nodiscard]] bool close(std::size_t i) {
        if (repeats(after(i + 1))) return false;
        open_ = false;
        ++match_.count;
        if (matches_) match_.groups[match_.count] = text_.substr(opened_, at_ - opened_);
        return true;
    }
    // .* or .+ takes the rest; nothing but a group's end and $ may follow. Gives its size, 0: another shape.
    [[nodiscard]] std::size_t tail(std::size_t i) {
        const char how = after(i + 1);
        if (how != '*' && how != '+') return 0;
        auto rest = pattern_.substr(i + 2);
        if (rest.starts_with(')')) rest.remove_prefix(1);
        if (!rest.empty() && rest != "$") return 0;
        if (how == '+' && at_ >= text_.size()) matches_ = false;
        at_ = text_.size();
        return 2;
    }
    [[nodiscard]] std::size_t literal(std::size_t i) {
        const bool escaped = pattern_[i] == '\\';
        const char c = escaped ? after(i + 1) : pattern_[i];
        if (escaped ? c != '+' && c != '*' : !is_plain(c)) return 0;
        const std::size_t size = escaped ? 2 : 1;
        if (repeats(after(i + size))) return 0;
        if (at_ < text_.size() && text_[at_] == c)
            ++at_;
        else
            matches_ = false;
        return size;
    }

    std::string_view pattern_, text_;
    Match match_;
    std::size_t at_ = 0, opened_ = 0;
    bool open_ = false, matches_ = true;
};
}  // namespace

std::optional<Match> match_shape(std::string_view pattern, std::string_view text) {
    return Walk(pattern, text).run();
}

}  // namespace pbx::numbering
