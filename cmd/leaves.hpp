// The leaves by name. A new one is declared here, defined in a file of its own and listed in commands.cpp.
#pragma once

#include "cmd/command.hpp"

namespace pbx::cmd {

extern const Leaf oksana_run, oksana_check, oksana_talk, oksana_test, oksana_draw, oksana_report,
    oksana_deliver, oksana_forget;
extern const Leaf enum_lookup, enum_diff, enum_publish, enum_lint;
extern const Leaf devstate_relay, devstate_dialplan;
extern const Leaf devstate_list, devstate_get, devstate_set, devstate_watch, devstate_top;
extern const Leaf config_check, config_show;
extern const Leaf completion, doctor, help_command, version;

}  // namespace pbx::cmd
