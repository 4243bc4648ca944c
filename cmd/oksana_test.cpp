#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "config/settings.hpp"
#include "dialog/load.hpp"
#include "dialog/transcript.hpp"
#include "oksana/robot.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
Result<std::string> script_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return fail(Code::no_input, "cannot read it", path, "write a test script beside the dialog");
    std::string text(dialog::max_script + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

void print(Output& output, const std::vector<dialog::TestReport>& reports) {
    std::size_t tests = 0, passed = 0;
    auto failures = nlohmann::ordered_json::array();
    for (const auto& report : reports) {
        tests += report.tests;
        passed += report.passed;
        for (const auto& fault : report.faults) {
            failures.push_back({{"file", fault.file}, {"line", fault.line}, {"what", fault.what}});
            if (!output.json()) output.line(fault.text());
        }
        for (const auto& failure : report.failures) {
            failures.push_back({{"test", failure.test},
                                {"file", failure.file},
                                {"line", failure.line},
                                {"what", failure.what}});
            if (!output.json()) output.line(failure.text());
        }
    }
    if (output.json())
        output.document({{"tests", tests}, {"passed", passed}, {"failures", failures}});
    else
        output.line(fmt::format("{} passed, {} failed", passed, tests - passed));
}

Result<int> run(Frame& frame) {
    auto settings = frame.settings();
    if (!settings) return Unexpected(settings.error());
    auto file =
        oksana::find_dialog(frame.given.value_or("DIALOG", ""), (*settings)->text("oksana", "dialogs"));
    if (!file) return Unexpected(file.error());
    auto loaded = dialog::load(*file);
    if (!loaded) return Unexpected(loaded.error());
    auto dialog = std::move(*loaded).take();
    if (!dialog) return Unexpected(dialog.error());
    auto scripts = frame.given.values("SCRIPT");
    if (scripts.empty()) scripts.push_back(std::filesystem::path(*file).replace_extension(".test").string());
    std::vector<dialog::TestReport> reports;
    bool readable = true, passed = true;
    for (const auto& path : scripts) {
        auto text = script_text(path);
        if (!text) return Unexpected(text.error());
        reports.push_back(
            dialog::run_tests(*dialog, dialog::parse_script(*text, path), frame.given.value_or("only", "")));
        readable = readable && reports.back().faults.empty();
        passed = passed && reports.back().ok();
    }
    print(frame.output, reports);
    return !readable ? static_cast<int>(Code::data) : passed ? 0 : static_cast<int>(Code::no);
}

constexpr Argument arguments[] = {
    {.name = "DIALOG",
     .help = "a dialog file, or its name in [oksana] dialogs",
     .completes = Completes::dialog},
    {.name = "SCRIPT",
     .help = "transcripts; DIALOG's name with .test when none is given",
     .required = false,
     .many = true,
     .completes = Completes::file},
};
constexpr Option options[] = {
    {.name = "only", .value = "WORDS", .help = "only tests whose name has these words in it"},
};
constexpr Example examples[] = {
    {"pbxctl oksana test secretary", "play secretary.test against secretary.conf"},
    {"pbxctl oksana report CALL > bug.test && pbxctl oksana test secretary bug.test",
     "a real call, played again"},
};
constexpr Exit exits[] = {
    {0, "every test passed"}, {1, "a test failed"}, {65, "the dialog or a script has a fault"}};
}  // namespace

const Leaf oksana_test{
    .noun = "oksana",
    .verb = "test",
    .summary = "play transcripts against a dialog, without a telephone",
    .description =
        "A test is a transcript: what she says (<), what the caller says (>), what must happen (=). "
        "Time is virtual. Prints the first difference of each test that fails, with its line.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
