#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "config/settings.hpp"
#include "dialog/draw.hpp"
#include "dialog/load.hpp"
#include "net/program.hpp"
#include "oksana/robot.hpp"

#include <array>
#include <filesystem>
#include <ostream>
#include <utility>

namespace pbx::cmd {

namespace {
constexpr std::array graphviz_paths{"/usr/bin/dot", "/usr/local/bin/dot"};
constexpr std::size_t largest_picture = 32 * 1024 * 1024;

Result<std::string> svg(const dialog::Dialog& dialog) {
    std::error_code ignored;
    for (const char* path : graphviz_paths) {
        if (!std::filesystem::exists(path, ignored)) continue;
        auto ended = net::run_program({.argv = {path, "-Tsvg"},
                                       .input = dialog::draw(dialog, dialog::Form::dot),
                                       .most = std::chrono::seconds(60),
                                       .most_output = largest_picture});
        if (!ended) return within(path, ended.error());
        if (ended->status != 0) return fail(Code::unavailable, "it could not draw the dialog", path);
        return std::move(ended->output);
    }
    return fail(Code::unavailable, "Graphviz is not installed", "dot",
                "install package graphviz, or --form text");
}

Result<int> run(Frame& frame) {
    auto settings = frame.settings();
    if (!settings) return Unexpected(settings.error());
    auto path =
        oksana::find_dialog(frame.given.value_or("DIALOG", ""), (*settings)->text("oksana", "dialogs"));
    if (!path) return Unexpected(path.error());
    auto loaded = dialog::load(*path);
    if (!loaded) return Unexpected(loaded.error());
    auto dialog = std::move(*loaded).take();
    if (!dialog) return Unexpected(dialog.error());
    const auto wanted = frame.given.value_or("form", "text");
    Result<std::string> picture =
        wanted == "svg" ? svg(*dialog) : dialog::draw(*dialog, dialog::form_named(wanted).value());
    if (!picture) return Unexpected(picture.error());
    frame.context.out << *picture;
    return 0;
}

constexpr Argument arguments[] = {
    {.name = "DIALOG",
     .help = "a dialog file, or its name in [oksana] dialogs",
     .completes = Completes::dialog},
};
constexpr Option options[] = {
    {.name = "form",
     .value = "FORM",
     .help = "text, dot and svg (Graphviz), or mermaid",
     .preset = "text",
     .choices = "text dot svg mermaid"},
};
constexpr Example examples[] = {
    {"pbxctl oksana draw secretary", "the block diagram in the terminal"},
    {"pbxctl oksana draw secretary --form svg > secretary.svg", "for a browser; needs package graphviz"},
    {"pbxctl oksana draw secretary --form mermaid", "for a wiki"},
};
constexpr Exit exits[] = {
    {0, "drawn"}, {65, "the dialog file has a fault"}, {69, "Graphviz is missing (svg)"}};
}  // namespace

const Leaf oksana_draw{
    .noun = "oksana",
    .verb = "draw",
    .summary = "draw a dialog as a block diagram",
    .description = "Steps are boxes, `=>` are arrows with the words, keys or outcomes that take them.",
    .arguments = arguments,
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
