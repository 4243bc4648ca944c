// The commands in the order of help.
#include "cmd/command.hpp"
#include "cmd/leaves.hpp"

namespace pbx::cmd {

namespace {
constexpr Noun noun_rows[] = {
    {"oksana", "a voice robot that talks to callers by a dialog file"},
    {"enum", "from telephone numbers to SIP addresses by ENUM"},
    {"devstate", "lamps: device, extension and presence states by AMI"},
    {"config", "the configuration: check it, show it"},
};

const Leaf* const leaf_rows[] = {
    &oksana_run,    &oksana_check,   &oksana_talk,    &oksana_test,       &oksana_draw,
    &oksana_report, &oksana_deliver, &oksana_forget,  &enum_lookup,       &enum_diff,
    &enum_publish,  &enum_lint,      &devstate_relay, &devstate_top,      &devstate_list,
    &devstate_get,  &devstate_set,   &devstate_watch, &devstate_dialplan, &config_check,
    &config_show,   &doctor,         &completion,     &version,           &help_command,
};

constexpr Option global_rows[] = {
    {.name = "config",
     .value = "FILE",
     .help = "use this pbxctl.conf and no other",
     .completes = Completes::file},
    {.name = "json", .help = "print results and errors as JSON"},
    {.name = "quiet", .help = "tell of errors only", .letter = 'q'},
    {.name = "verbose", .help = "tell more, -vv everything", .letter = 'v', .repeats = true},
    {.name = "log-level",
     .value = "LEVEL",
     .help = "the least that is told",
     .preset = "warning",
     .key = "log.level",
     .choices = "debug info warning error off"},
    {.name = "log-format",
     .value = "FORMAT",
     .help = "form of what is told",
     .preset = "text",
     .key = "log.format",
     .choices = "text json"},
    {.name = "color",
     .value = "WHEN",
     .help = "colours on stdout",
     .preset = "auto",
     .choices = "auto always never"},
    {.name = "help", .help = "show help", .letter = 'h'},
    {.name = "version", .help = "show the version"},
};
}  // namespace

std::span<const Option> global_options() {
    return global_rows;
}

std::span<const Leaf* const> commands() {
    return leaf_rows;
}

std::span<const Noun> nouns() {
    return noun_rows;
}

const Leaf* find_command(std::string_view noun, std::string_view verb) {
    for (const auto* leaf : leaf_rows)
        if (leaf->noun == noun && leaf->verb == verb) return leaf;
    return nullptr;
}

const Noun* find_noun(std::string_view name) {
    for (const auto& noun : noun_rows)
        if (noun.name == name) return &noun;
    return nullptr;
}

}  // namespace pbx::cmd
