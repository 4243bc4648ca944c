#include "dialog/transcript.hpp"

#include "core/text.hpp"
#include "dialog/transcript_play.hpp"

#include <utility>

#include <fmt/format.h>

namespace pbx::dialog {

namespace {
std::string quoted(std::string_view value) {
    const bool plain = !value.empty() && value.find_first_of(" \t\"=") == std::string_view::npos;
    return plain ? std::string(value) : fmt::format("\"{}\"", value);
}

std::string fields_text(const Fields& fields) {
    std::string out;
    for (const auto& [name, value] : fields)
        out += fmt::format(" {}={}", name, quoted(value));
    return out;
}

struct ActionLine {
    std::string operator()(const Say& say) const {
        return "< " + (say.text.empty() ? fmt::format("(play {})", say.file) : say.text);
    }
    std::string operator()(const StopSpeaking&) const { return {}; }
    std::string operator()(const Listen&) const { return {}; }
    std::string operator()(const Record& record) const { return "= recording " + record.name; }
    std::string operator()(const Save& save) const {
        return "= saved " + save.table + fields_text(save.fields);
    }
    std::string operator()(const Notify& notify) const {
        return fmt::format("= notified {} {} {}", notify.kind, notify.target, notify.text);
    }
    std::string operator()(const Transfer& transfer) const {
        return "= transfer " + transfer.target + (transfer.context.empty() ? "" : " context") +
               fields_text(transfer.context);
    }
    std::string operator()(const Hangup&) const { return "= hangup"; }
    std::string operator()(const Entered&) const { return {}; }
    std::string operator()(const Remarked& remarked) const { return "= " + remarked.text; }
};

struct EventLine {
    std::string operator()(const Started&) const { return {}; }
    std::string operator()(const Spoken&) const { return {}; }
    std::string operator()(const Heard& heard) const {
        if (heard.sureness == Sureness::not_understood || heard.text.empty()) return "> (noise)";
        return "> " + heard.text + (heard.sureness == Sureness::unsure ? " ?" : "");
    }
    std::string operator()(const Key& key) const { return fmt::format("> (key {})", key.key); }
    std::string operator()(const KeysEnd&) const { return {}; }
    std::string operator()(const Silence&) const { return "> (silence)"; }
    std::string operator()(const Recorded&) const { return {}; }
    std::string operator()(const Dialled& dialled) const {
        switch (dialled.outcome) {
            case DialOutcome::answered:
                return "= answered";
            case DialOutcome::busy:
                return "= busy";
            case DialOutcome::noanswer:
                return "= noanswer";
            case DialOutcome::failed:
                return "= failed";
        }
        return {};
    }
    std::string operator()(const Saved& saved) const { return saved.ok ? "" : "= not saved"; }
    std::string operator()(const HungUp&) const { return "> (hangup)"; }
};
}  // namespace

std::string line_of(const Action& action) {
    return std::visit(ActionLine{}, action);
}
std::string line_of(const Event& event) {
    return std::visit(EventLine{}, event);
}

namespace {
bool sign_of(std::string_view line, Script::Who& who, std::size_t& length) {
    length = 1;
    if (line.starts_with(">>")) {
        who = Script::Who::caller_over_her;
        length = 2;
    } else if (line.starts_with('>')) {
        who = Script::Who::caller;
    } else if (line.starts_with('<')) {
        who = Script::Who::she;
    } else if (line.starts_with('=')) {
        who = Script::Who::fact;
    } else {
        return false;
    }
    return true;
}

void script_line(Script& script, std::string_view raw, std::uint32_t number) {
    const auto line = text::trim(raw);
    if (line.empty() || line.front() == ';') return;
    const auto fault = [&](std::string what, std::string hint) {
        script.faults.push_back({Fault::syntax, script.file, number, 1, std::move(what), std::move(hint)});
    };
    if (!text::is_utf8(line)) return fault("not UTF-8", "save the file as UTF-8");
    if (line.front() == '[') {
        if (line.back() != ']' || line.size() < 3)
            return fault("the name of a test is not closed", "write [name]");
        script.tests.push_back({std::string(text::trim(line.substr(1, line.size() - 2))), number, {}});
        return;
    }
    Script::Line one;
    one.line = number;
    std::size_t length = 0;
    if (!sign_of(line, one.who, length))
        return fault("this line belongs to nobody", "begin it with < (she), > (the caller) or = (a fact)");
    if (script.tests.empty())
        return fault("a line before the first test", "write [name of the test] above it");
    one.text = std::string(text::trim(line.substr(length)));
    if (one.text.empty()) return fault("an empty line of talk", "write what is said or done");
    script.tests.back().lines.push_back(std::move(one));
}
}  // namespace

Script parse_script(std::string_view text, std::string file) {
    Script script;
    script.file = std::move(file);
    if (text.size() > max_script) {
        script.faults.push_back({Fault::syntax, script.file, 1, 1,
                                 fmt::format("over {} MiB", max_script >> 20), "split the script"});
        return script;
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    std::uint32_t number = 0;
    while (!text.empty()) {
        const auto end = text.find('\n');
        script_line(script, text.substr(0, end), ++number);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return script;
}

std::string TestFailure::text() const {
    return fmt::format("{}:{}: [{}] {}", file, line, test, what);
}

TestReport run_tests(const Dialog& dialog, const Script& script, std::string_view only) {
    TestReport report;
    report.faults = script.faults;
    const auto questions = prepare(dialog);
    for (const auto& test : script.tests) {
        if (!only.empty() && test.name.find(only) == std::string::npos) continue;
        ++report.tests;
        if (auto difference = play(dialog, questions, test))
            report.failures.push_back(
                {test.name, script.file, difference->line, std::move(difference->what)});
        else
            ++report.passed;
    }
    return report;
}

TestReport run_tests(const Dialog& dialog, std::string_view script, const std::string& file) {
    return run_tests(dialog, parse_script(script, file));
}

bool matches_wildcards(std::string_view pattern, std::string_view text) {
    // the classic walk with one point to come back to: the last *
    std::string_view star_pattern, star_text;
    bool starred = false;
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    const auto skip = [&](std::string_view& s) {
        while (!s.empty() && blank(s.front()))
            s.remove_prefix(1);
    };
    pattern = text::trim(pattern);
    text = text::trim(text);
    while (!text.empty()) {
        if (!pattern.empty() && pattern.front() == '*') {
            pattern.remove_prefix(1);
            star_pattern = pattern;
            star_text = text;
            starred = true;
        } else if (!pattern.empty() && blank(pattern.front()) && blank(text.front())) {
            skip(pattern);
            skip(text);
        } else if (!pattern.empty() && pattern.front() == text.front()) {
            pattern.remove_prefix(1);
            text.remove_prefix(1);
        } else if (starred) {
            star_text.remove_prefix(1);
            pattern = star_pattern;
            text = star_text;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of(" \t*") == std::string_view::npos;
}

}  // namespace pbx::dialog
