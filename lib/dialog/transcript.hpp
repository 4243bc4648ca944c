// A test of a dialog is a transcript of a call: what she says (<), what the caller does (>), what must happen
// (=). It is played against the engine in virtual time; a call's journal prints the same form. The form is
// specified in man/pbxctl-dialog.5.
#pragma once

#include "dialog/action.hpp"
#include "dialog/dialog.hpp"
#include "dialog/event.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pbx::dialog {

constexpr std::size_t max_script = 16 * 1024 * 1024;  // bytes of one script

// One line of a transcript without its end: "< text", "> text", "= fact"; empty for an action that leaves no
// line (Listen, StopSpeaking, Entered).
[[nodiscard]] std::string line_of(const Action& action);
// "> words", "> words ?" (unsure), "> (noise)", "> (key 1)", "> (silence)", "> (hangup)", "= busy"; empty for
// Started, Spoken, KeysEnd, Recorded and a good Saved.
[[nodiscard]] std::string line_of(const Event& event);

struct Script {
    enum class Who : std::uint8_t { she, caller, caller_over_her, fact };
    struct Line {
        Who who = Who::she;
        std::string text;
        std::uint32_t line = 0;
    };
    struct Test {
        std::string name;
        std::uint32_t line = 0;
        std::vector<Line> lines;
    };
    std::string file;
    std::vector<Test> tests;
    std::vector<Finding> faults;  // lines that are none of the above
};
[[nodiscard]] Script parse_script(std::string_view text, std::string file);

struct TestFailure {
    std::string test, file;
    std::uint32_t line = 0;  // where the first difference is
    std::string what;

    [[nodiscard]] std::string text() const;  // "file:line: [test] what"
};
struct TestReport {
    std::size_t tests = 0, passed = 0;
    std::vector<TestFailure> failures;
    std::vector<Finding> faults;  // of the script itself

    [[nodiscard]] bool ok() const { return failures.empty() && faults.empty(); }
};
// Plays every test, or only those whose name has `only` in it. Unless a test says otherwise (= given) it is
// Monday, 5 January 2026, noon.
[[nodiscard]] TestReport run_tests(const Dialog& dialog, const Script& script, std::string_view only = {});
[[nodiscard]] TestReport run_tests(const Dialog& dialog, std::string_view script, const std::string& file);

// `*` stands for any text, runs of blanks are one.
[[nodiscard]] bool matches_wildcards(std::string_view pattern, std::string_view text);

}  // namespace pbx::dialog
