#include "cmd/finding.hpp"

#include "core/text.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
std::string_view word_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::pass:
            return "PASS";
        case Verdict::warn:
            return "WARN";
        case Verdict::fail:
            return "FAIL";
    }
    return "";
}

Paint paint_of(Verdict verdict) {
    return verdict == Verdict::pass ? Paint::good : verdict == Verdict::warn ? Paint::warn : Paint::bad;
}
}  // namespace

void print(Output& output, const std::vector<Finding>& findings) {
    if (output.json() || !output.terminal()) {
        Table table{{"result", "subject", "what", "mend"}, {}};
        for (const auto& finding : findings)
            table.rows.push_back(
                {std::string(word_of(finding.verdict)), finding.subject, finding.what, finding.mend});
        return output.table(table);
    }
    std::size_t width = 0;
    for (const auto& finding : findings)
        width = std::max(width, text::columns(finding.subject));
    for (const auto& finding : findings) {
        const auto gap = std::string(width - text::columns(finding.subject) + 2, ' ');
        output.line(output.painted(paint_of(finding.verdict), word_of(finding.verdict)) + "  " +
                    finding.subject + gap + finding.what);
        if (!finding.mend.empty())
            output.line(std::string(6, ' ') + output.painted(Paint::dim, "-> " + finding.mend));
    }
}

bool any_failed(const std::vector<Finding>& findings) {
    return std::any_of(findings.begin(), findings.end(),
                       [](const Finding& finding) { return finding.verdict == Verdict::fail; });
}

Finding failed(const std::string& subject, const Error& error) {
    return {Verdict::fail, subject, error.where.empty() ? error.what : error.where + ": " + error.what,
            error.hint};
}

}  // namespace pbx::cmd
