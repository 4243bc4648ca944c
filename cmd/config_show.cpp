#include "cmd/command.hpp"
#include "cmd/leaves.hpp"
#include "cmd/output.hpp"
#include "config/settings.hpp"
#include "core/text.hpp"

#include <fmt/format.h>

namespace pbx::cmd {

namespace {
std::string origin_of(const config::Value& value) {
    return value.origin == config::Origin::preset ? "default" : value.from;
}

Error no_section(const std::string& wanted, const config::Settings& settings) {
    std::vector<std::string> known;
    for (const auto& value : settings.values())
        known.push_back(value.section);
    const auto near = text::suggestions(wanted, known);
    return {Code::no,
            fmt::format("no section [{}]", wanted),
            {},
            near.empty() ? std::string("see pbxctl config show")
                         : fmt::format("did you mean {}?", text::join(near, ", "))};
}

Result<int> run(Frame& frame) {
    const auto settings = frame.settings();
    if (!settings) return tl::unexpected(settings.error());
    const auto only = frame.given.value_or("SECTION", "");
    Table table{{"section", "key", "value", "origin"}, {}};
    for (const auto& value : (*settings)->values()) {
        if (!only.empty() && value.section != only) continue;
        const bool hide = value.key->hidden && !value.text.empty();
        table.rows.push_back(
            {value.section, std::string(value.key->name), hide ? "***" : value.text, origin_of(value)});
    }
    if (table.rows.empty()) return tl::unexpected(no_section(only, **settings));
    frame.output.table(table);
    return 0;
}

constexpr Argument arguments[] = {
    {.name = "SECTION",
     .help = "show this section only, as it is written: oksana, \"voice anna\"",
     .required = false},
};
constexpr Example examples[] = {
    {"pbxctl config show", "every setting, and where its value comes from"},
    {"PBXCTL_LOG_LEVEL=info pbxctl config show log", "the environment goes before the file"},
};
constexpr Exit exits[] = {{0, "shown"}, {1, "no such section"}, {78, "pbxctl.conf has faults"}};
}  // namespace

const Leaf config_show{
    .noun = "config",
    .verb = "show",
    .summary = "show every setting with its origin",
    .description =
        "Shows the settings as a command would use them: from an option, the environment, pbxctl.conf or the "
        "default. "
        "The origin is file:line:column, $VARIABLE, --option or default. Secrets are never shown.",
    .arguments = arguments,
    .examples = examples,
    .exits = exits,
    .run = run,
};

}  // namespace pbx::cmd
