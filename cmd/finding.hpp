// What a check found: the common form of `config check` and `doctor`.
#pragma once

#include "cmd/output.hpp"
#include "core/result.hpp"

#include <string>
#include <vector>

namespace pbx::cmd {

enum class Verdict { pass, warn, fail };

struct Finding {
    Verdict verdict = Verdict::pass;
    std::string subject;  // what was looked at: "pbxctl.conf:12:3", "driver espeak"
    std::string what;     // what was found
    std::string mend{};   // the line that mends it
};

void print(Output& output, const std::vector<Finding>& findings);
[[nodiscard]] bool any_failed(const std::vector<Finding>& findings);
[[nodiscard]] Finding failed(const std::string& subject, const Error& error);

}  // namespace pbx::cmd
