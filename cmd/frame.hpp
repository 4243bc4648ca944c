// The run of one command line: which leaf, help or the leaf itself, and the exit status. main() only lends it
// the outside.
#pragma once

#include "cmd/parse.hpp"
#include "core/context.hpp"

namespace pbx::cmd {

// What main() knows of the descriptors beyond Context.
struct Terminal {
    bool in_is_tty = false;
    bool err_is_read = true;  // somebody reads stderr; else errors and the log go to syslog
};

[[nodiscard]] int run(const Words& words, Context& context, const Terminal& terminal);

// "pbxctl: where: what; hint", or one JSON object.
[[nodiscard]] std::string told(const Error& error, bool json);

}  // namespace pbx::cmd
