#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "config/settings.hpp"
#include "dialog/reader.hpp"
#include "dialog/wordings.hpp"
#include "oksana/checked.hpp"
#include "oksana/robot.hpp"

#include <ostream>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pbx::cmd {

namespace {
using dialog::Dialog;
using dialog::Language;

using oksana::Checked;

Result<speech::RenderReport> render(Frame& frame, const config::Settings& settings, const Dialog& dialog,
                                    Language language, std::size_t& only_in_call) {
    auto prepared = oksana::prompt_settings(settings, dialog);
    if (!prepared) return Unexpected(prepared.error());
    oksana::Robot robot{.dialog = dialog, .prompts = std::move(*prepared)};
    oksana::speak_in(robot, language);
    auto wordings = dialog::wordings_of(dialog, language);
    only_in_call += wordings.only_in_call;
    std::vector<speech::Utterance> utterances;
    for (const auto& say : wordings.known)
        utterances.push_back({dialog::spoken(language, say.text), say.file, say.voice});
    speech::Prompts prompts(robot.prompts);
    const bool shows = frame.context.err_is_tty;
    auto report = prompts.render_all(utterances, [&](std::size_t done, std::size_t all, const auto&) {
        if (shows) frame.context.err << fmt::format("\r{}/{} prompts", done, all) << std::flush;
    });
    if (shows) frame.context.err << "\r\x1b[K";
    if (!report.failures.empty()) return Unexpected(report.failures.front().error);
    return report;
}

nlohmann::ordered_json to_json(const std::string& path, const Checked& checked) {
    auto findings = nlohmann::ordered_json::array();
    for (const auto& finding : checked.findings)
        findings.push_back({{"file", finding.file},
                            {"line", finding.line},
                            {"column", finding.column},
                            {"kind", dialog::name_of(finding.kind)},
                            {"what", finding.what},
                            {"hint", finding.hint}});
    return {{"dialog", path},
            {"findings", findings},
            {"steps", checked.extent.steps},
            {"questions", checked.extent.questions},
            {"most_turns", checked.extent.most_turns}};
}

void print(Output& output, const std::string& path, const Checked& checked) {
    if (output.json()) return output.document(to_json(path, checked));
    for (const auto& finding : checked.findings)
        output.line(finding.text());
    if (checked.findings.empty())
        output.line(fmt::format("{}: {} steps, {} questions, at most {} turns{}: no faults", path,
                                checked.extent.steps, checked.extent.questions, checked.extent.most_turns,
                                checked.extent.circular ? " (a way leads back: `turns` bounds it)" : ""));
    else
        output.line(fmt::format("{}: {} faults", path, checked.findings.size()));
}

Result<void> render_all(Frame& frame, const config::Settings& settings, const Dialog& dialog) {
    speech::RenderReport sum;
    std::size_t only_in_call = 0;
    for (auto language : {Language::ru, Language::en}) {
        if (!dialog.speaks[dialog::index_of(language)]) continue;
        auto report = render(frame, settings, dialog, language, only_in_call);
        if (!report) return Unexpected(report.error());
        sum.recorded += report->recorded;
        sum.cached += report->cached;
        sum.rendered += report->rendered;
    }
    if (!frame.output.json())
        frame.output.line(
            fmt::format("prompts: {} rendered, {} there already, {} recorded, {} spoken only in a call",
                        sum.rendered, sum.cached, sum.recorded, only_in_call));
    return {};
}

Result<int> run(Frame& frame) {
    auto settings = frame.settings();
    if (!settings) return Unexpected(settings.error());
    auto path =
        oksana::find_dialog(frame.given.value_or("DIALOG", ""), (*settings)->text("oksana", "dialogs"));
    if (!path) return Unexpected(path.error());
    auto checked = oksana::check_dialog(**settings, *path);
    if (!checked) return Unexpected(checked.error());
    print(frame.output, *path, *checked);
    if (frame.given.has("render") && checked->dialog) {
        auto rendered = render_all(frame, **settings, *checked->dialog);
        if (!rendered) return Unexpected(rendered.error());
    }
    return checked->findings.empty() ? 0 : static_cast<int>(Code::data);
}

constexpr Argument arguments[] = {
    {.name = "DIALOG",
     .help = "a dialog file, or its name in [oksana] dialogs",
     .completes = Completes::dialog},
};
constexpr Option options[] = {
    {.name = "render", .help = "also speak every prompt into the cache, so that no call waits for the voice"},
    {.name = "sounds",
     .value = "FOLDER",
     .help = "recorded files",
     .key = "oksana.sounds",
     .completes = Completes::folder},
};
constexpr Example examples[] = {
    {"pbxctl oksana check secretary.conf", "before the file goes live"},
    {"pbxctl oksana check --render secretary", "after a change of wording, voice or engine"},
    {"pbxctl oksana check --json secretary | jq .findings", "for an editor"},
};
constexpr Exit exits[] = {
    {0, "no fault"}, {65, "faults, each with file:line:column"}, {66, "no such dialog"}};
}  // namespace

const Leaf oksana_check{
    .noun = "oksana",
    .verb = "check",
    .summary = "prove a dialog before a caller meets it",
    .description =
        "Finds unknown and unreachable steps, dead ends, questions without a second try, transfers that "
        "forget busy, branches that claim the same words, words no ear can hear, unset variables, missing "
        "files, and paths without end.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
