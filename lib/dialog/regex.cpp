#include "dialog/regex.hpp"

#include <algorithm>
#include <map>

#include <re2/re2.h>

namespace pbx::dialog {

namespace {
constexpr std::int64_t most_memory = 1 << 20;  // of one compiled pattern
constexpr int most_groups = 16;

// ё = е as in words, \w and \d as Russian means them, (?<name> as other dialects write (?P<name>.
std::string translated(std::string_view source) {
    std::string out;
    bool in_class = false;
    for (std::size_t i = 0; i < source.size(); ++i) {
        const auto rest = source.substr(i);
        if (rest.starts_with("\\w")) {
            out += in_class ? "\\p{L}\\p{N}_" : "[\\p{L}\\p{N}_]";
            ++i;
        } else if (rest.starts_with("\\") && rest.size() > 1) {
            out += rest.substr(0, 2);
            ++i;
        } else if (!in_class && rest.starts_with("(?<") && !rest.starts_with("(?<=") &&
                   !rest.starts_with("(?<!")) {
            out += "(?P<";
            i += 2;
        } else if (rest.starts_with("ё") || rest.starts_with("Ё")) {
            out += "е";
            i += std::string_view("ё").size() - 1;
        } else {
            if (rest.front() == '[') in_class = true;
            if (rest.front() == ']') in_class = false;
            out += rest.front();
        }
    }
    return out;
}

bool is_ascii(std::string_view s) {
    return std::none_of(s.begin(), s.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

class Re2Regex final : public CompiledRegex {
  public:
    Re2Regex(const std::string& source, const RE2::Options& options) : re_(source, options) {}
    [[nodiscard]] const RE2& re() const { return re_; }

    [[nodiscard]] bool find(std::string_view text, RegexMatch& out) const override {
        re2::StringPiece groups[most_groups + 1];
        const int wanted = re_.NumberOfCapturingGroups() + 1;
        const re2::StringPiece all(text.data(), text.size());
        if (!re_.Match(all, 0, text.size(), RE2::UNANCHORED, groups, wanted) || groups[0].empty())
            return false;
        out.from = static_cast<std::size_t>(groups[0].data() - text.data());
        out.to = out.from + groups[0].size();
        for (const auto& [name, number] : re_.NamedCapturingGroups())
            if (groups[number].data()) out.groups.emplace_back(name, std::string(groups[number]));
        return true;
    }

  private:
    RE2 re_;
};
}  // namespace

Result<std::shared_ptr<const CompiledRegex>> compile_regex(std::string_view source) {
    if (!is_ascii(source) && (source.find("\\b") != source.npos || source.find("\\B") != source.npos))
        return fail(Code::data, "\\b knows Latin letters only", "",
                    "write (^| ) and ( |$) for the edges of a word");
    RE2::Options options;
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    options.set_max_mem(most_memory);
    auto ready = std::make_shared<Re2Regex>(translated(source), options);
    if (!ready->re().ok())
        return fail(Code::data, "bad regular expression: " + ready->re().error(), "",
                    "RE2 syntax, no look-around and no back-references");
    if (ready->re().NumberOfCapturingGroups() > most_groups)
        return fail(Code::data,
                    "more than " + std::to_string(most_groups) + " groups in a regular expression", "",
                    "write (?:...) for a group that fills nothing");
    return std::shared_ptr<const CompiledRegex>(std::move(ready));
}

}  // namespace pbx::dialog
